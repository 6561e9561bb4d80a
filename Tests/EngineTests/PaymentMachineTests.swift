import Payments
import Testing

@testable import Engine

@Suite struct PaymentMachineTests {
    typealias Machine = PaymentMachine

    /// One state of each sort, with the request it is about.
    static let states: [(name: String, request: PaymentRequest, state: Machine.State)] = {
        let sale = Samples.request()
        let balance = Samples.request(.balance)
        let refund = Samples.request(.refund)
        let offlineSale = Samples.request(.offlineSale)
        let tip = Samples.request(.tip)
        let first = Samples.authorization(sale)
        let second = Samples.authorization(sale, attempt: 2)
        let third = Samples.authorization(sale, attempt: 3)
        let approved = Outcome.approved(Samples.approval, nil)
        let wrongPIN = Samples.reply("55")
        func reading(_ request: PaymentRequest, attempt: Int = 1, _ failure: PaymentFailure? = nil) -> Machine.State {
            .readingCard(request, attempt: attempt, failure)
        }
        func completing(
            _ authorization: Authorization, _ reply: Reply = Samples.approval, _ reversal: ReversalReason? = nil
        ) -> Machine.State {
            .completingCard(authorization, reply, reversal)
        }
        return [
            ("idle", sale, .idle),
            ("saving request", sale, .savingRequest(sale, cancelled: nil)),
            ("saving request, advice", tip, .savingRequest(tip, cancelled: nil)),
            ("saving request, cancelled", sale, .savingRequest(sale, cancelled: .cashier)),
            ("preparing link", sale, .preparingLink(sale)),
            ("preparing link, no sale", refund, .preparingLink(refund)),
            ("reading card", sale, reading(sale)),
            ("reading card again", sale, reading(sale, attempt: 2)),
            ("reading card, acquirer unreachable", sale, reading(sale, Samples.unreachable)),
            ("reading card, inquiry", balance, reading(balance)),
            ("reading card, repeated request", refund, reading(refund)),
            ("reading card, advice", tip, reading(tip)),
            ("reading card, offline sale", offlineSale, reading(offlineSale)),
            ("stopping card", sale, .stoppingCard(sale, .cashier)),
            ("saving authorization", sale, .savingAuthorization(first, cancelled: nil)),
            ("saving authorization, cancelled", sale, .savingAuthorization(first, cancelled: .cashier)),
            ("awaiting reply", sale, .awaitingReply(first)),
            ("awaiting reply again", sale, .awaitingReply(second)),
            ("awaiting reply, inquiry", balance, .awaitingReply(Samples.authorization(balance))),
            ("awaiting reply, repeated request", refund, .awaitingReply(Samples.authorization(refund))),
            ("completing card, approved", sale, completing(first)),
            ("completing card, approved but rejected", sale, completing(first, Samples.approval, .badMAC)),
            ("completing card, approved inquiry", balance, completing(Samples.authorization(balance))),
            ("completing card, approved repeated request", refund, completing(Samples.authorization(refund))),
            ("completing card, declined", sale, completing(first, Samples.refusal)),
            ("completing card, rejected", sale, completing(first, Samples.reply("A0"), .badMAC)),
            ("completing card, wrong PIN", sale, completing(first, wrongPIN)),
            ("completing card, wrong PIN for the last time", sale, completing(third, wrongPIN)),
            (
                "completing card, wrong PIN, but none was sent", sale,
                completing(Samples.authorization(sale, pin: .none), wrongPIN)
            ),
            ("completing card offline", sale, .completingCardOffline(first, Samples.unreachable)),
            ("saving outcome", sale, .savingOutcome(approved, repeats: false)),
            ("finished", sale, .finished(approved)),
        ]
    }()

    /// One event of each sort, about `request`.
    static func events(_ request: PaymentRequest, attempt: Int = 1) -> [(name: String, event: Machine.Event)] {
        let authorization = Samples.authorization(request, attempt: attempt)
        let chip = Samples.chip()
        return [
            ("start", .start(request)),
            ("persisted", .persisted),
            ("persist failed", .persistFailed(PaymentFailure(.journalUnavailable, "full"))),
            ("link ready", .linkReady),
            ("link failed", .linkFailed(Samples.unreachable, canStore: false)),
            ("link failed, can store", .linkFailed(Samples.unreachable, canStore: true)),
            ("card read", .cardRead(authorization)),
            ("card approved offline", .cardApprovedOffline(authorization, chip)),
            ("card deferred", .cardDeferred(authorization)),
            ("card declined", .cardEnded(.declinedByCard(nil, nil))),
            ("card failed", .cardEnded(.failed(PaymentFailure(.noCard, "no card")))),
            ("not sent", .notSent(Samples.unreachable, canStore: false)),
            ("not sent, can store", .notSent(Samples.unreachable, canStore: true)),
            ("replied 00", .replied(Samples.approval)),
            ("replied 51", .replied(Samples.refusal)),
            ("replied 55", .replied(Samples.reply("55"))),
            ("rejected", .rejected(Samples.reply("A0"), .badMAC)),
            ("reply lost", .replyLost(Samples.failure, .noReply)),
            ("card agreed", .cardCompleted(agreed: true, chip, scriptNumber: nil)),
            ("card agreed after scripts", .cardCompleted(agreed: true, chip, scriptNumber: Samples.stan(77))),
            ("card disagreed", .cardCompleted(agreed: false, chip, scriptNumber: nil)),
            ("card lost", .cardLost(PaymentFailure(.cardRemoved, "pulled"))),
            ("cancel", .cancel(.customer)),
        ]
    }

    @Test func `every state and event`() throws {
        let table = Golden.table(
            Self.states.map { name, request, state in
                (
                    name,
                    { event in
                        let (next, actions) = Machine.step(state, event)
                        if next == state && actions == [.ignore(event)] { return nil }
                        return "\(brief(next)) : \(actions.map { brief($0) }.joined(separator: " "))"
                    },
                    Self.events(request)
                )
            })
        try Golden.expect(table, equals: "payment-machine")
    }

    /// M1: from no state does anything leave in the same step that asks for it to be kept.
    @Test func `persist is always the only action`() {
        for (_, request, state) in Self.states {
            for (_, event) in Self.events(request) {
                let (_, actions) = Machine.step(state, event)
                let persists = actions.contains { if case .persist = $0 { true } else { false } }
                if persists { #expect(actions.count == 1) }
            }
        }
    }

    @Test func `an approved sale takes its course`() {
        let request = Samples.request()
        let authorization = Samples.authorization(request)
        let outcome = Outcome.approved(Samples.approval, nil)
        var sale = Machine()
        #expect(sale.handle(.start(request)) == [.persist([.accepted(request)])])
        #expect(sale.handle(.persisted) == [.prepareLink])
        #expect(sale.handle(.linkReady) == [.readCard(request, attempt: 1, online: true)])
        #expect(sale.handle(.cardRead(authorization)) == [.persist([.authorization(authorization)])])
        #expect(sale.handle(.persisted) == [.send(authorization)])
        #expect(sale.handle(.replied(Samples.approval)) == [.completeCard(Samples.approval)])
        #expect(
            sale.handle(.cardCompleted(agreed: true, nil, scriptNumber: nil))
                == [.persist([.finished(request.id, outcome, reversal: nil, scriptNumber: nil)])])
        #expect(sale.handle(.persisted) == [.finish(outcome)])
        #expect(sale.state == .finished(outcome))
    }

    /// Every answer that the terminal can give to an action takes the payment on, with a cancel at any moment: nothing
    /// that can happen leaves a payment waiting for ever.
    @Test(arguments: TransactionKind.allCases) func `no answer is a dead end`(kind: TransactionKind) {
        let request = Samples.request(kind)
        let known = (1...Machine.greatestAttempts).map { Self.events(request, attempt: $0) }
        let lengths = Self.explore(Machine(), [.start(request)], known, depth: 0)
        #expect(lengths.longest < 30)
        #expect(lengths.courses > 5)
    }

    private static func explore(
        _ machine: Machine, _ answers: [Machine.Event], _ known: [[(name: String, event: Machine.Event)]], depth: Int
    ) -> (courses: Int, longest: Int) {
        if case .finished = machine.state { return (1, depth) }
        guard depth < 30, !answers.isEmpty else { return (0, 30) }
        var courses = 0
        var longest = depth
        for event in answers + [.cancel(.cashier)] {
            var next = machine
            let actions = next.handle(event)
            if actions == [.ignore(event)] {
                if case .cancel = event { continue }
                Issue.record("\(brief(machine.state)) ignores \(brief(event))")
            }
            let further = actions.isEmpty ? answers : actions.flatMap { Self.answers(to: $0, known) ?? answers }
            let found = explore(next, further, known, depth: depth + 1)
            courses += found.courses
            longest = max(longest, found.longest)
        }
        return (courses, longest)
    }

    /// What the terminal can say to an action, out of what is `known` of each attempt; nil if what it was asked before is
    /// still to be answered.
    private static func answers(
        to action: Machine.Action, _ known: [[(name: String, event: Machine.Event)]]
    ) -> [Machine.Event]? {
        func named(_ names: Set<String>, attempt: Int = 1) -> [Machine.Event] {
            known[attempt - 1].filter { names.contains($0.name) }.map(\.event)
        }
        switch action {
        case .persist: return named(["persisted", "persist failed"])
        case .prepareLink: return named(["link ready", "link failed", "link failed, can store"])
        case .readCard(let request, let attempt, let online):
            let always: Set = ["card read", "card approved offline", "card declined", "card failed"]
            let mayDefer = !online && request.kind == .sale
            return named(mayDefer ? always.union(["card deferred"]) : always, attempt: attempt)
        case .stopCard: return nil
        case .send:
            return named([
                "not sent", "not sent, can store", "replied 00", "replied 51", "replied 55", "rejected", "reply lost",
            ])
        case .completeCard:
            return named(["card agreed", "card agreed after scripts", "card disagreed", "card lost"])
        case .completeCardOffline:
            return named(["card approved offline", "card deferred", "card declined", "card failed"])
        case .finish, .ignore: return []
        }
    }

    /// Whatever comes in whatever order: a payment ends, its records follow from each other, nothing leaves before it is
    /// durable or twice, the register hears what the journal holds, and what the acquirer may hold ends approved, marked
    /// for reversal or stored (M1, M2, M9).
    @Test(arguments: TransactionKind.allCases)
    func `a random walk ends and keeps the promises`(kind: TransactionKind) throws {
        for seed in UInt64(0)..<400 {
            var walk = Walk(kind, seed: seed)
            let broken = walk.run()
            #expect(broken == nil, "seed \(seed) of \(kind)")
            if broken != nil { return }
        }
    }
}

/// One payment that is told whatever a seed brings, beside a journal and an acquirer that remember.
private struct Walk {
    let request: PaymentRequest
    /// What can happen, of the attempt that runs.
    var events: [(name: String, event: PaymentMachine.Event)]
    var random: SeededGenerator
    var machine = PaymentMachine()
    var records: [Record] = []
    var unsaved: [Record]?
    var sent: [Authorization] = []
    /// Whether the acquirer may hold the last authorization that was sent.
    var mayHold = false
    var finished: [Outcome] = []
    var lastSaveFailed = false

    init(_ kind: TransactionKind, seed: UInt64) {
        request = Samples.request(kind, of: kind.followsUp ? "R0" : nil)
        events = PaymentMachineTests.events(request)
        random = SeededGenerator(seed: seed)
    }

    /// What was broken; nil for nothing.
    mutating func run() -> String? {
        for _ in 0..<5_000 where finished.isEmpty {
            if let broken = step() { return broken }
        }
        guard finished.count == 1 else { return "it did not end" }
        for _ in 0..<50 {
            let event = anyEvent()
            guard machine.handle(event) == [.ignore(event)] else { return "it acts after its end" }
        }
        return checkEnd()
    }

    private mutating func anyEvent() -> PaymentMachine.Event {
        // A failing disk would end nearly every walk at once.
        let event = events[Int.random(in: events.indices, using: &random)].event
        if case .persistFailed = event, Int.random(in: 0..<8, using: &random) > 0 { return .persisted }
        return event
    }

    private mutating func step() -> String? {
        let event = anyEvent()
        if case .start = event, !records.isEmpty || unsaved != nil, machine.state == .idle { return "back to idle" }
        let saved = unsaved
        let isAwaiting = { if case .awaitingReply = $0 { true } else { false } }(machine.state)
        let actions = machine.handle(event)
        guard actions.count <= 1 else { return "\(actions.count) actions" }
        if actions == [.ignore(event)] { return nil }
        switch event {
        case .persisted:
            guard let saved else { return "persisted, but nothing was asked for" }
            records += saved
            guard PaymentState(Samples.entries(records)) != nil else { return "\(saved) does not follow" }
            unsaved = nil
        case .persistFailed:
            unsaved = nil
            lastSaveFailed = true
        case .replied(let reply) where isAwaiting: mayHold = reply.verdict == .approved
        case .notSent where isAwaiting: mayHold = false
        // What is never taken back was not looked at, says the acquirer.
        case .rejected where isAwaiting && request.kind.manner != .request: mayHold = false
        default: break
        }
        return actions.first.flatMap { perform($0) }
    }

    private mutating func perform(_ action: PaymentMachine.Action) -> String? {
        switch action {
        case .persist(let records):
            guard unsaved == nil else { return "asked to save while saving" }
            unsaved = records
        case .send(let authorization):
            guard records.contains(.authorization(authorization)) else { return "sent before it was durable" }
            guard !sent.contains(where: { $0.stan == authorization.stan }) else { return "sent twice" }
            guard request.kind.manner != .advice else { return "an advice was asked about" }
            sent.append(authorization)
            mayHold = true
        case .readCard(_, let attempt, _): events = PaymentMachineTests.events(request, attempt: attempt)
        case .finish(let outcome): finished.append(outcome)
        case .prepareLink, .stopCard, .completeCard, .completeCardOffline: break
        case .ignore: return "ignored, but the state changed"
        }
        return nil
    }

    private func checkEnd() -> String? {
        guard var state = PaymentState(Samples.entries(records)) else { return records.isEmpty ? nil : "no state" }
        if let outcome = state.outcome {
            guard finished == [outcome] else { return "told \(finished), kept \(outcome)" }
        } else {
            guard lastSaveFailed else { return "nothing kept, told \(finished)" }
            // The terminal starts anew.
            for record in Recovery.plan([state]) {
                guard state.follow(Entry(sequence: 9, time: Samples.time, record: record, hash: [])) else {
                    return "\(record) does not follow"
                }
            }
            // Told is what the start makes of it, or that it failed.
            guard let told = finished.first, told.isFailure || told == state.outcome else {
                return "told \(finished), closed as \(state)"
            }
        }
        guard mayHold else { return nil }
        let isOwed = state.pendingDeliveries.contains { $0 != .scriptResult }
        return switch request.kind.manner {
        case .request: state.movedAmount != nil || isOwed ? nil : "the acquirer may hold it: \(state)"
        case .repeatedRequest: state.movedAmount != nil || isOwed ? nil : "nobody repeats it: \(state)"
        case .inquiry: isOwed ? "an inquiry is taken back" : nil
        case .advice: "an advice was sent"
        }
    }
}

extension Outcome {
    fileprivate var isFailure: Bool { if case .failed = self { true } else { false } }
}
