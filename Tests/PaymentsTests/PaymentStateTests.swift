import Payments
import Testing

@Suite struct PaymentStateTests {
    /// Every record that a payment can have, by a name.
    static func records() throws -> [(name: String, record: Record)] {
        let id = try Sample.id()
        let script = try #require(STAN(77))
        func end(_ outcome: Outcome, _ reversal: ReversalReason? = nil, script: STAN? = nil) -> Record {
            .finished(id, outcome, reversal: reversal, scriptNumber: script)
        }
        return [
            ("taken", .accepted(try Sample.request())),
            ("asked", .authorization(try Sample.authorization())),
            ("asked again", .authorization(try Sample.authorization(2))),
            ("asked a third time", .authorization(try Sample.authorization(3))),
            ("approved", end(.approved(Sample.approval, Sample.chip))),
            ("approved with scripts", end(.approved(Sample.approval, Sample.chip), script: script)),
            ("approved and reversed", end(.approved(Sample.approval, nil), .notCompleted)),
            ("declined", end(.declined(Sample.refusal, nil))),
            ("declined by the card", end(.declinedByCard(Sample.approval, nil), .notCompleted)),
            ("cancelled", end(.cancelled(by: .cashier))),
            ("failed", end(.failed(Sample.failure))),
            ("lost", end(.failed(Sample.failure), .noReply)),
            ("stored", end(.stored(.offline, Sample.chip))),
            ("deferred", end(.stored(.deferred, nil))),
            ("stored and reversed", end(.stored(.advice, nil), .noReply)),
            ("reversal settled", .reversalAnswered(id, code: "25", settled: true)),
            ("reversal refused", .reversalAnswered(id, code: "96", settled: false)),
            ("stored accepted", .storedAnswered(id, Sample.approval, accepted: true)),
            ("stored refused", .storedAnswered(id, Sample.refusal, accepted: false)),
            ("stored lost", .storedLost(id, .noReply)),
            ("scripts told", .scriptAnswered(id, code: "00")),
            ("reversal resolved", .resolved(id, .reversal, supervisor: "00")),
            ("stored resolved", .resolved(id, .stored, supervisor: "00")),
            ("scripts resolved", .resolved(id, .scriptResult, supervisor: "00")),
            (
                "another's end",
                .finished(try Sample.id("R2"), .cancelled(by: .cashier), reversal: nil, scriptNumber: nil)
            ),
            ("another's request", .authorization(try Sample.authorization(of: Sample.request("R2")))),
            ("no payment's", .signedOff),
        ]
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let history: [String]
        /// What may follow.
        let next: Set<String>
        /// What is owed, in order.
        var owed: [Delivery] = []
        /// Whether money moved, or will.
        var moves = false
        var testDescription: String { history.joined(separator: ", ") }
    }

    static let ends: Set = ["declined", "cancelled", "failed"]
    static let endsOfRequest: Set = [
        "approved", "approved with scripts", "declined by the card", "lost", "stored", "deferred",
    ]
    static let cases = [
        Case(history: ["taken"], next: ends.union(["asked"])),
        Case(history: ["taken", "asked"], next: ends.union(endsOfRequest).union(["asked again"])),
        Case(
            history: ["taken", "asked", "asked again"], next: ends.union(endsOfRequest).union(["asked a third time"])),
        Case(history: ["taken", "cancelled"], next: []),
        Case(history: ["taken", "asked", "declined"], next: []),
        Case(history: ["taken", "asked", "approved"], next: [], moves: true),
        Case(
            history: ["taken", "asked", "approved with scripts"], next: ["scripts told"], owed: [.scriptResult],
            moves: true),
        Case(history: ["taken", "asked", "approved with scripts", "scripts told"], next: [], moves: true),
        Case(
            history: ["taken", "asked", "lost"], next: ["reversal settled", "reversal refused"], owed: [.reversal]),
        Case(
            history: ["taken", "asked", "declined by the card"], next: ["reversal settled", "reversal refused"],
            owed: [.reversal]),
        Case(history: ["taken", "asked", "lost", "reversal settled"], next: []),
        Case(
            history: ["taken", "asked", "lost", "reversal refused"],
            next: ["reversal settled", "reversal refused", "reversal resolved"], owed: [.reversal]),
        Case(
            history: ["taken", "asked", "lost", "reversal refused", "reversal refused"],
            next: ["reversal settled", "reversal refused", "reversal resolved"], owed: [.reversal]),
        Case(history: ["taken", "asked", "lost", "reversal refused", "reversal settled"], next: []),
        Case(history: ["taken", "asked", "lost", "reversal refused", "reversal resolved"], next: []),
        Case(
            history: ["taken", "asked", "stored"], next: ["stored accepted", "stored refused"], owed: [.stored],
            moves: true),
        Case(history: ["taken", "asked", "stored", "stored accepted"], next: [], moves: true),
        Case(history: ["taken", "asked", "stored", "stored refused"], next: ["stored resolved"]),
        Case(history: ["taken", "asked", "stored", "stored refused", "stored resolved"], next: []),
        Case(
            history: ["taken", "asked", "deferred"], next: ["stored accepted", "stored refused", "stored lost"],
            owed: [.stored], moves: true),
        Case(
            history: ["taken", "asked", "deferred", "stored lost"], next: ["reversal settled", "reversal refused"],
            owed: [.reversal], moves: true),
        Case(
            history: ["taken", "asked", "deferred", "stored lost", "reversal refused"],
            next: ["reversal settled", "reversal refused", "reversal resolved"], owed: [.reversal], moves: true),
        // The acquirer may hold it: it is not asked for anew, and nothing is owed any more.
        Case(
            history: ["taken", "asked", "deferred", "stored lost", "reversal refused", "reversal resolved"], next: []),
        Case(
            history: ["taken", "asked", "deferred", "stored lost", "reversal settled"], next: ["asked again"],
            owed: [.stored], moves: true),
        Case(
            history: ["taken", "asked", "deferred", "stored lost", "reversal settled", "asked again"],
            next: ["stored accepted", "stored refused", "stored lost"], owed: [.stored], moves: true),
        Case(
            history: [
                "taken", "asked", "deferred", "stored lost", "reversal settled", "asked again", "stored lost",
                "reversal settled",
            ],
            next: ["asked a third time"], owed: [.stored], moves: true),
    ]

    @Test(arguments: cases) func `a record follows or does not`(_ sample: Case) throws {
        let records = try Self.records()
        let history = try sample.history.map { name in try #require(records.first { $0.name == name }?.record) }
        let state = try #require(PaymentState(Sample.entries(history)))
        #expect(state.pendingDeliveries == sample.owed)
        #expect(state.movedAmount == (sample.moves ? state.request.amount : nil))
        for (name, record) in records {
            var next = state
            let follows = next.follow(Entry(sequence: 9, time: Sample.time, record: record, hash: []))
            #expect(follows == sample.next.contains(name), "\(name)")
            if !follows { #expect(next == state, "\(name)") }
            // The journal's reading of the whole is the same as record by record.
            #expect(PaymentState(Sample.entries(history + [record])) == (follows ? next : nil), "\(name)")
        }
    }

    @Test func `what a payment was asked for cannot change`() throws {
        var state = try #require(PaymentState(Sample.entries([.accepted(Sample.request())])))
        let other = PaymentRequest(id: try Sample.id(), amount: Money(minorUnits: 1, .cny))
        let entry = Entry(
            sequence: 2, time: Sample.time, record: .authorization(try Sample.authorization(of: other)), hash: [])
        let follows = state.follow(entry)
        #expect(!follows)
    }

    @Test func `the amount is what the acquirer approved`() throws {
        let part = Reply(
            verdict: .approved, code: "10", text: Sample.approval.text, amount: Money(minorUnits: 5_000, .cny))
        let start: [Record] = [.accepted(try Sample.request()), .authorization(try Sample.authorization())]
        let id = try Sample.id()
        let histories: [[Record]] = [
            [.finished(id, .approved(part, nil), reversal: nil, scriptNumber: nil)],
            [
                .finished(id, .stored(.deferred, nil), reversal: nil, scriptNumber: nil),
                .storedAnswered(id, part, accepted: true),
            ],
        ]
        for history in histories {
            let state = try #require(PaymentState(Sample.entries(start + history)))
            #expect(state.movedAmount == part.amount)
            #expect(state.reply == part)
        }
    }
}
