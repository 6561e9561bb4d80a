import Payments
import Testing

@testable import Engine

@Suite struct SettlementMachineTests {
    typealias Machine = SettlementMachine

    static let settlement = Settlement(
        batch: .first, stan: Samples.stan(500), totals: Totals(), supervisor: "00")
    static let differing = Settlement.Comparison(domesticAgrees: false, foreignAgrees: true)

    @Test func `every state and event`() throws {
        let payments = Array(try MixedBatch.payments().prefix(1))
        let begun: [Record] = [.settlementBegun(Self.settlement)]
        let compared = begun + [.settlementCompared(Self.differing)]
        let uploading = compared + [.uploading(index: 0, Samples.stan(501))]
        let refused = uploading + [.uploadRefused(index: 0, code: "30")]
        func resumed(_ records: [Record]) -> Machine.Event {
            .start(resuming: SettlementState(Samples.entries(records)), payments: payments)
        }
        let toUpload: [Machine.Event] = [
            resumed(begun), .linkReady, .compared(Self.differing), .persisted, .numbered(Samples.stan(501)), .persisted,
        ]
        let next: [Machine.Event] = [
            .answered(code: "00", accepted: true), .numbered(Samples.stan(502)), .persisted,
        ]
        let ways: [(name: String, events: [Machine.Event])] = [
            ("idle", []),
            ("preparing", [.start(resuming: nil, payments: [])]),
            ("preparing to go on", [resumed(begun)]),
            ("preparing to go on after the comparison", [resumed(compared)]),
            ("preparing to go on with a message", [resumed(uploading)]),
            ("preparing to go on after a refused message", [resumed(refused)]),
            (
                "preparing to go on beyond the plan",
                [.start(resuming: SettlementState(Samples.entries(Self.beyond)), payments: [])]
            ),
            ("counting", [.start(resuming: nil, payments: []), .linkReady]),
            (
                "saving begin",
                [.start(resuming: nil, payments: []), .linkReady, .counted(Self.settlement, payments: payments)]
            ),
            ("comparing", Array(toUpload.prefix(2))),
            ("saving comparison", Array(toUpload.prefix(3))),
            ("numbering", Array(toUpload.prefix(4))),
            ("saving number", Array(toUpload.prefix(5))),
            ("uploading", toUpload),
            ("saving refusal", toUpload + [.answered(code: "30", accepted: false)]),
            ("uploading the end", toUpload + next + next),
            ("saving end", toUpload + next + next + [.answered(code: "00", accepted: true)]),
            ("finished", [.start(resuming: nil, payments: []), .linkFailed(Samples.failure)]),
        ]
        let events: [(name: String, event: Machine.Event)] = [
            ("start", .start(resuming: nil, payments: [])),
            ("link ready", .linkReady),
            ("link failed", .linkFailed(Samples.unreachable)),
            ("counted", .counted(Self.settlement, payments: payments)),
            ("not counted", .notCounted(Samples.failure)),
            ("compared", .compared(Self.differing)),
            ("numbered", .numbered(Samples.stan(600))),
            ("accepted", .answered(code: "00", accepted: true)),
            ("refused", .answered(code: "30", accepted: false)),
            ("unanswered", .unanswered(Samples.failure)),
            ("persisted", .persisted),
            ("persist failed", .persistFailed(PaymentFailure(.journalUnavailable, "full"))),
        ]
        let table = Golden.table(
            ways.map { name, way in
                var machine = Machine()
                for event in way { _ = machine.handle(event) }
                let state = machine.state
                return (
                    name,
                    { event in
                        let (next, action) = Machine.step(state, event)
                        if action == .ignore(event) && next == state { return nil }
                        return "\(Self.name(next)) : \(brief(action))"
                    },
                    events
                )
            })
        try Golden.expect(table, equals: "settlement-machine")
    }

    /// A journal that tells of more messages than the batch has.
    private static let beyond: [Record] = [
        .settlementBegun(settlement), .settlementCompared(differing), .uploading(index: 0, Samples.stan(501)),
        .uploading(index: 1, Samples.stan(502)),
    ]

    private static func name(_ state: Machine.State) -> String {
        switch state {
        case .numbering(let upload): "numbering(\(upload.index))"
        case .savingNumber(let upload, let stan): "savingNumber(\(upload.index), \(stan.value))"
        case .uploading(let upload, let stan): "uploading(\(upload.index), \(stan.value))"
        case .savingRefusal(let upload): "savingRefusal(\(upload.index))"
        case .savingComparison, .savingEnd: brief(state).prefix { $0 != "(" } + ""
        default: brief(state)
        }
    }

    // MARK: Cut off and resumed

    struct Course: Sendable, CustomTestStringConvertible {
        let comparison: Settlement.Comparison
        /// Places in the upload of messages that the acquirer refuses.
        let refused: Set<Int>
        var testDescription: String { "\(brief(comparison)), refused \(refused.sorted())" }
    }

    static let courses = zip(UploadPlanTests.comparisons, [[], [0, 3], [], [0, 3]]).map {
        Course(comparison: $0, refused: $1)
    }

    /// M6, M7: wherever it is cut off, and however, the settlement goes on with the same messages under the same numbers,
    /// and leaves the same records.
    @Test(arguments: courses) func `a settlement goes on where it was cut off`(_ course: Course) throws {
        let payments = try MixedBatch.payments()
        var whole = Day(course, payments)
        #expect(whole.run() == .settled)
        #expect(whole.steps > 20)
        for step in 1...whole.steps {
            for how in Cut.How.allCases {
                var day = Day(course, payments)
                let first = day.run(cut: Cut(step: step, how: how))
                #expect(first != .settled || how == .powerLater && step == whole.steps)
                if first != .settled { #expect(day.run() == .settled, "\(how) at \(step)") }
                try expect(day, sameAs: whole, "\(how) at \(step)")
            }
        }
    }

    @Test(arguments: courses) func `a settlement survives being cut off again and again`(_ course: Course) throws {
        let payments = try MixedBatch.payments()
        var whole = Day(course, payments)
        _ = whole.run()
        for seed in UInt64(0)..<20 {
            var random = SeededGenerator(seed: seed)
            var day = Day(course, payments)
            var attempts = 0
            while attempts < 1_000 {
                attempts += 1
                let how = Cut.How.allCases[Int.random(in: 0..<Cut.How.allCases.count, using: &random)]
                if day.run(cut: Cut(step: Int.random(in: 1...12, using: &random), how: how)) == .settled { break }
            }
            #expect(attempts < 1_000, "seed \(seed)")
            try expect(day, sameAs: whole, "seed \(seed)")
        }
    }

    private func expect(_ day: Day, sameAs whole: Day, _ what: String) throws {
        #expect(day.wire == whole.wire, "\(what)")
        #expect(day.records == whole.records, "\(what)")
        #expect(SettlementState(Samples.entries(day.records))?.settledAt != nil, "\(what)")
        // One number, one message.
        #expect(Set(day.wire.map(\.stan)).count == day.wire.count, "\(what)")
    }
}

/// Where a settlement stops short.
private struct Cut {
    enum How: CaseIterable {
        /// The power goes before the action is done.
        case power
        /// The power goes when it is done, before that is heard.
        case powerLater
        /// It fails.
        case failure
    }

    let step: Int
    let how: How
}

/// A terminal that settles, with what a power failure leaves: the journal and what has left.
private struct Day {
    enum End { case settled, suspended, cut }

    /// A message of the upload, or the totals, under its number.
    struct Sent: Equatable {
        let message: UploadMessage?
        let stan: STAN
    }

    let course: SettlementMachineTests.Course
    let payments: [PaymentState]
    private(set) var records: [Record] = []
    /// What has left, without the repeats of the last one.
    private(set) var wire: [Sent] = []
    private(set) var steps = 0

    init(_ course: SettlementMachineTests.Course, _ payments: [PaymentState]) {
        self.course = course
        self.payments = payments
    }

    mutating func run(cut: Cut? = nil) -> End {
        steps = 0
        var machine = SettlementMachine()
        var event = SettlementMachine.Event.start(
            resuming: SettlementState(Samples.entries(records)), payments: records.isEmpty ? [] : payments)
        while true {
            let action = machine.handle(event)
            if case .finish(let result) = action {
                if case .settled = result { return .settled }
                return .suspended
            }
            steps += 1
            let how = cut?.step == steps ? cut?.how : nil
            if how == .power { return .cut }
            guard let next = perform(action, fails: how == .failure) else { return .cut }
            if how == .powerLater { return isSettled ? .settled : .cut }
            event = next
        }
    }

    private var isSettled: Bool { SettlementState(Samples.entries(records))?.settledAt != nil }

    private mutating func perform(
        _ action: SettlementMachine.Action, fails: Bool
    ) -> SettlementMachine.Event? {
        switch action {
        case .prepareLink: return fails ? .linkFailed(Samples.unreachable) : .linkReady
        case .emptyQueueAndCount:
            let settlement = Settlement(
                batch: .first, stan: nextNumber, totals: Totals(of: payments), supervisor: nil)
            return fails ? .notCounted(Samples.failure) : .counted(settlement, payments: payments)
        case .persist(let record):
            if fails { return .persistFailed(PaymentFailure(.journalUnavailable, "full")) }
            records.append(record)
            return .persisted
        case .sendTotals(let settlement):
            // A failure: the message may have arrived all the same.
            send(nil, settlement.stan)
            return fails ? .unanswered(Samples.failure) : .compared(course.comparison)
        case .takeNumber: return fails ? .notCounted(Samples.failure) : .numbered(nextNumber)
        case .upload(let message, let stan):
            send(message, stan)
            if fails { return .unanswered(Samples.failure) }
            let isEnd = if case .end = message { true } else { false }
            let isRefused = course.refused.contains(wire.count - 2) && !isEnd
            return .answered(code: isRefused ? "30" : "00", accepted: !isRefused)
        case .finish, .ignore:
            Issue.record("\(action) leads nowhere")
            return nil
        }
    }

    private mutating func send(_ message: UploadMessage?, _ stan: STAN) {
        let sent = Sent(message: message, stan: stan)
        if wire.last != sent { wire.append(sent) }
    }

    /// The number after the last one that the journal knows.
    private var nextNumber: STAN {
        let used = records.compactMap { record -> STAN? in
            switch record {
            case .settlementBegun(let settlement): settlement.stan
            case .uploading(_, let stan): stan
            default: nil
            }
        }
        return used.last?.next ?? Samples.stan(500)
    }
}
