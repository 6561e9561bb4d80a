import Payments
import Testing

@testable import Engine

@Suite struct PreparationMachineTests {
    typealias Machine = PreparationMachine

    static let script = Machine.Errand(.scriptResult, of: Samples.id("R1"))
    static let otherScript = Machine.Errand(.scriptResult, of: Samples.id("R2"))
    static let reversal = Machine.Errand(.reversal, of: Samples.id("R3"))
    static let otherReversal = Machine.Errand(.reversal, of: Samples.id("R4"))
    static let all = [script, otherScript, reversal, otherReversal]

    static let states: [(name: String, state: Machine.State)] = [
        ("idle", .idle),
        ("signing in", .signingIn(then: all)),
        ("telling a script result", .delivering(all, hasNewKeys: false)),
        ("telling a script result with new keys", .delivering(all, hasNewKeys: true)),
        ("reversing", .delivering([reversal, otherReversal], hasNewKeys: false)),
        ("reversing with new keys", .delivering([reversal, otherReversal], hasNewKeys: true)),
        ("reversing the last", .delivering([otherReversal], hasNewKeys: false)),
        ("connecting", .connecting),
        ("finished", .finished(nil)),
    ]

    static let events: [(name: String, event: Machine.Event)] = [
        ("start", .start(isSignedIn: true, deliveries: [])),
        ("start with errands", .start(isSignedIn: true, deliveries: all)),
        ("start without keys", .start(isSignedIn: false, deliveries: all)),
        ("signed in", .signedIn),
        ("sign-in failed", .signInFailed(Samples.failure)),
        ("delivered", .delivered(.accepted)),
        ("refused", .delivered(.refused(code: "96"))),
        ("sign-in demanded", .delivered(.signInDemanded(code: "A0"))),
        ("unanswered", .delivered(.unanswered(Samples.failure))),
        ("connected", .connected),
        ("connect failed", .connectFailed(Samples.unreachable)),
    ]

    @Test func `every state and event`() throws {
        let table = Golden.table(
            Self.states.map { name, state in
                (
                    name,
                    { event in
                        let (next, action) = Machine.step(state, event)
                        if action == .ignore(event) && next == state { return nil }
                        return "\(brief(next)) : \(brief(action))"
                    },
                    Self.events
                )
            })
        try Golden.expect(table, equals: "preparation-machine")
    }

    /// M4: whatever comes, the way is free only after every reversal was accepted, in order; and it ends.
    @Test func `a random walk ends and keeps the promises`() {
        for seed in UInt64(0)..<2_000 {
            var random = SeededGenerator(seed: seed)
            var machine = Machine()
            var accepted: [Machine.Errand] = []
            var delivering: Machine.Errand?
            var errands: [Machine.Errand] = []
            var end: PaymentFailure??
            for _ in 0..<1_000 where end == nil {
                let event = Self.events[Int.random(in: Self.events.indices, using: &random)].event
                let action = machine.handle(event)
                if action == .ignore(event) { continue }
                switch event {
                case .start(_, let deliveries): errands = deliveries
                case .delivered(.accepted): accepted += delivering.map { [$0] } ?? []
                default: break
                }
                delivering = nil
                switch action {
                case .deliver(let errand): delivering = errand
                case .finish(let failure): end = .some(failure)
                case .signIn, .connect: break
                case .ignore: Issue.record("the state changed without an action")
                }
            }
            #expect(end != nil, "seed \(seed): no end")
            if case .some(.none) = end {
                #expect(accepted.filter { $0.delivery == .reversal } == errands.filter { $0.delivery == .reversal })
            }
        }
    }

    @Test func `the failure names the payment and the reason`() {
        var machine = Machine()
        _ = machine.handle(.start(isSignedIn: true, deliveries: [Self.reversal]))
        guard case .finish(let failure?) = machine.handle(.delivered(.refused(code: "96"))) else {
            Issue.record("the way is not free")
            return
        }
        #expect(failure.reason == .reversalPending)
        #expect(failure.detail.contains("R3") && failure.detail.contains("96"))
    }
}
