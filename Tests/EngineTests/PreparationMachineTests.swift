import Payments
import Testing

@testable import Engine

@Suite struct PreparationMachineTests {
    private let first = Samples.requestID("R1")
    private let second = Samples.requestID("R2")

    @Test func withKeysAndNothingInTheWayItOnlyConnects() {
        var machine = PreparationMachine()
        #expect(machine.handle(.start(isSignedIn: true, reversals: [])) == .connect)
        #expect(machine.handle(.connected) == .finish(nil))
        #expect(machine.state == .finished(nil))
    }

    /// M4: nothing but the sign-in goes before the reversals, and they go in order.
    @Test func reversalsGoFirstAndInOrder() {
        var machine = PreparationMachine()
        #expect(machine.handle(.start(isSignedIn: false, reversals: [first, second])) == .signIn)
        #expect(machine.handle(.signedIn) == .reverse(first))
        #expect(machine.handle(.reversalEnded(.settled)) == .reverse(second))
        #expect(machine.handle(.reversalEnded(.settled)) == .connect)
    }

    @Test(arguments: [
        ReversalMachine.Result.refused(code: "96"), .unanswered(Samples.failure),
    ])
    func aReversalThatIsNotSettledKeepsPaymentsAway(result: ReversalMachine.Result) {
        var machine = PreparationMachine()
        _ = machine.handle(.start(isSignedIn: true, reversals: [first, second]))
        guard case .finish(let failure?) = machine.handle(.reversalEnded(result)) else {
            Issue.record("the way is not free")
            return
        }
        #expect(failure.reason == .reversalPending)
        #expect(failure.detail.contains("R1"))
    }

    @Test func newKeysAreFetchedOnceForAReversal() {
        var machine = PreparationMachine()
        #expect(machine.handle(.start(isSignedIn: true, reversals: [first])) == .reverse(first))
        #expect(machine.handle(.reversalEnded(.signInDemanded(code: "A0"))) == .signIn)
        #expect(machine.handle(.signedIn) == .reverse(first))
        guard case .finish(let failure?) = machine.handle(.reversalEnded(.signInDemanded(code: "A0"))) else {
            Issue.record("it must not sign in for ever")
            return
        }
        #expect(failure.reason == .reversalPending)
    }

    @Test func whatFailsIsTold() {
        var signingIn = PreparationMachine()
        _ = signingIn.handle(.start(isSignedIn: false, reversals: []))
        #expect(signingIn.handle(.signInFailed(Samples.failure)) == .finish(Samples.failure))
        var connecting = PreparationMachine()
        _ = connecting.handle(.start(isSignedIn: true, reversals: []))
        #expect(connecting.handle(.connectFailed(Samples.failure)) == .finish(Samples.failure))
    }

    @Test func whatDoesNotBelongChangesNothing() {
        var machine = PreparationMachine()
        #expect(machine.handle(.connected) == .ignore(.connected))
        #expect(machine.state == .idle)
        _ = machine.handle(.start(isSignedIn: true, reversals: [first]))
        #expect(machine.handle(.signedIn) == .ignore(.signedIn))
        #expect(machine.state == .reversing([first], hasNewKeys: false))
    }
}
