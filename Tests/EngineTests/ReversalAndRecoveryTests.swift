import Payments
import Testing

@testable import Engine

@Suite struct ReversalMachineTests {
    private let id = Samples.request.id

    @Test(arguments: [
        (ReversalMachine.Event.answered(code: "00", settled: true), ReversalMachine.Result.settled),
        (.answered(code: "96", settled: false), .refused(code: "96")),
    ])
    func anAnswerIsKeptBeforeTheAttemptEnds(answer: ReversalMachine.Event, result: ReversalMachine.Result) {
        var machine = ReversalMachine(id)
        #expect(machine.handle(.start) == .send)
        guard case .answered(let code, let settled) = answer else { return }
        #expect(machine.handle(answer) == .persist(.reversalAnswered(id, code: code, settled: settled)))
        #expect(machine.handle(.persisted) == .finish(result))
        #expect(machine.state == .finished(result))
    }

    @Test func withoutAnAnswerNothingIsKept() {
        var machine = ReversalMachine(id)
        _ = machine.handle(.start)
        #expect(machine.handle(.unanswered(Samples.failure)) == .finish(.unanswered(Samples.failure)))
    }

    @Test func anAnswerThatCannotBeKeptLeavesTheReversalPending() {
        var machine = ReversalMachine(id)
        _ = machine.handle(.start)
        _ = machine.handle(.answered(code: "00", settled: true))
        #expect(machine.handle(.persistFailed(Samples.failure)) == .finish(.unanswered(Samples.failure)))
    }

    @Test func whatDoesNotBelongIsIgnored() {
        var machine = ReversalMachine(id)
        #expect(machine.handle(.persisted) == .ignore(.persisted))
        #expect(machine.state == .idle)
    }
}

@Suite struct RecoveryTests {
    @Test func aRequestThatMayHaveLeftIsReversed() {
        let plan = Recovery.plan([.init(request: Samples.request, authorization: Samples.authorization)])
        guard case .finished(let id, .failed(let failure), let reversal) = plan.first else {
            Issue.record("no closing record")
            return
        }
        #expect(plan.count == 1)
        #expect(id == Samples.request.id)
        #expect(failure.reason == .interrupted)
        #expect(reversal == .noReply)
    }

    @Test func aRequestThatWasNeverMadeIsNotReversed() {
        let plan = Recovery.plan([.init(request: Samples.request, authorization: nil)])
        guard case .finished(_, .failed, let reversal) = plan.first else {
            Issue.record("no closing record")
            return
        }
        #expect(reversal == nil)
    }

    @Test func nothingOpenNeedsNothing() {
        #expect(Recovery.plan([]).isEmpty)
    }
}
