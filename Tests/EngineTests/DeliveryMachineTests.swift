import Payments
import Testing

@testable import Engine

@Suite struct DeliveryMachineTests {
    typealias Machine = DeliveryMachine

    static let request = Samples.request()
    static let authorization = Samples.authorization(request, attempt: 2)

    /// Ways into every state, by the events that lead there.
    static let ways: [(name: String, events: [Machine.Event])] = [
        ("idle", []),
        ("saving authorization", [.start(anew: authorization)]),
        ("awaiting answer", [.start(anew: nil)]),
        ("saving answer", [.start(anew: nil), .answered(Samples.approval, accepted: true)]),
        ("finished", [.start(anew: nil), .unanswered(Samples.failure)]),
    ]

    static let events: [(name: String, event: Machine.Event)] = [
        ("start", .start(anew: nil)),
        ("start anew", .start(anew: authorization)),
        ("accepted", .answered(Samples.approval, accepted: true)),
        ("refused", .answered(Samples.refusal, accepted: false)),
        ("sign-in demanded", .signInDemanded(code: "A0")),
        ("unanswered", .unanswered(Samples.failure)),
        ("lost", .lost(Samples.failure, .noReply)),
        ("persisted", .persisted),
        ("persist failed", .persistFailed(PaymentFailure(.journalUnavailable, "full"))),
    ]

    static func machine(_ delivery: Delivery, after events: [Machine.Event]) -> Machine {
        var machine = Machine(delivery, of: request.id)
        for event in events { _ = machine.handle(event) }
        return machine
    }

    @Test(arguments: Delivery.allCases) func `every state and event`(delivery: Delivery) throws {
        let table = Golden.table(
            Self.ways.map { name, way in
                let machine = Self.machine(delivery, after: way)
                return (
                    name,
                    { event in
                        let (next, action) = machine.step(event)
                        if action == .ignore(event) && next == machine.state { return nil }
                        return "\(brief(next)) : \(brief(action))"
                    },
                    Self.events
                )
            })
        try Golden.expect(table, equals: "delivery-machine.\(delivery)")
    }

    /// M2, M5: whatever comes, an attempt sends once, after its authorization is durable, and says that the acquirer has
    /// it only after that is durable.
    @Test(arguments: Delivery.allCases) func `a random walk ends and keeps the promises`(delivery: Delivery) {
        for seed in UInt64(0)..<2_000 {
            var random = SeededGenerator(seed: seed)
            var machine = Machine(delivery, of: Self.request.id)
            var durable: [Record] = []
            var unsaved: Record?
            var sent = 0
            var result: Machine.Result?
            for _ in 0..<1_000 where result == nil {
                let event = Self.events[Int.random(in: Self.events.indices, using: &random)].event
                let action = machine.handle(event)
                if action == .ignore(event) { continue }
                if event == .persisted, let record = unsaved { durable.append(record) }
                unsaved = nil
                switch action {
                case .send(let anew):
                    sent += 1
                    #expect(anew.map { durable == [.authorization($0)] } ?? durable.isEmpty)
                case .persist(let record): unsaved = record
                case .finish(let end): result = end
                case .ignore: Issue.record("the state changed without an action")
                }
            }
            #expect(sent <= 1)
            switch result {
            case .accepted, .refused: #expect(durable.last?.id == Self.request.id && sent == 1)
            case .signInDemanded, .unanswered: break
            case nil: Issue.record("seed \(seed): no end")
            }
        }
    }
}
