import Foundation
import Payments
import Testing

@testable import Engine

@Suite struct PaymentMachineTests {
    /// Every state × every event: a changed case is a reviewed difference of the fixture.
    /// After a wanted change run the test once with RECORD=1 in the environment and read the difference.
    @Test func everyStateAndEvent() throws {
        var table = ""
        for (stateName, state) in Samples.saleStates {
            for (eventName, event) in Samples.saleEvents {
                let (next, actions) = PaymentMachine.step(state, event)
                let isIgnored = next == state && actions == [.ignore(event)]
                let what = isIgnored ? "ignored" : "\(brief(next)) : \(actions.map(brief).joined(separator: " "))"
                table += "\(stateName) + \(eventName) -> \(what)\n"
            }
        }
        let fixture = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/payment-machine.txt")
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try table.write(to: fixture, atomically: true, encoding: .utf8)
        }
        #expect(table == (try String(contentsOf: fixture, encoding: .utf8)))
    }

    @Test func everyEventButTheExpectedOneLeavesAFinishedSaleAlone() {
        for (_, event) in Samples.saleEvents {
            let (next, actions) = PaymentMachine.step(.finished(.cancelled(by: .cashier)), event)
            #expect(next == .finished(.cancelled(by: .cashier)))
            #expect(actions == [.ignore(event)])
        }
    }

    /// M1: from no state does anything leave in the same step that asks for it to be kept.
    @Test func persistIsAlwaysTheOnlyAction() {
        for (_, state) in Samples.saleStates {
            for (_, event) in Samples.saleEvents {
                let (_, actions) = PaymentMachine.step(state, event)
                let persists = actions.contains { if case .persist = $0 { true } else { false } }
                if persists { #expect(actions.count == 1) }
            }
        }
    }

    @Test func anApprovedSaleTakesItsCourse() {
        var sale = PaymentMachine()
        let outcome = Outcome.approved(Samples.approval, nil)
        #expect(sale.handle(.start(Samples.request)) == [.persist(.accepted(Samples.request))])
        #expect(sale.handle(.persisted) == [.prepareLink])
        #expect(sale.handle(.linkReady) == [.readCard(Samples.request)])
        #expect(sale.handle(.cardRead(Samples.authorization)) == [.persist(.authorization(Samples.authorization))])
        #expect(sale.handle(.persisted) == [.send(Samples.authorization)])
        #expect(sale.handle(.replied(Samples.approval)) == [.completeCard(Samples.approval)])
        #expect(
            sale.handle(.cardCompleted(agreed: true, nil))
                == [.persist(.finished(Samples.request.id, outcome, reversal: nil))])
        #expect(sale.handle(.persisted) == [.finish(outcome)])
        #expect(sale.state == .finished(outcome))
    }

    @Test func aCancelAfterTheRequestHasLeftChangesNothing() {
        var sale = PaymentMachine()
        for event: PaymentMachine.Event in [
            .start(Samples.request), .persisted, .linkReady, .cardRead(Samples.authorization), .persisted,
        ] {
            _ = sale.handle(event)
        }
        #expect(sale.handle(.cancel(.cashier)) == [.ignore(.cancel(.cashier))])
        #expect(sale.state == .awaitingReply(Samples.authorization))
    }

    private func brief(_ state: PaymentMachine.State) -> String {
        switch state {
        case .idle: "idle"
        case .savingRequest(_, let canceller): "savingRequest(\(brief(canceller)))"
        case .preparingLink: "preparingLink"
        case .readingCard: "readingCard"
        case .stoppingCard(_, let canceller): "stoppingCard(\(canceller))"
        case .savingAuthorization(_, let canceller): "savingAuthorization(\(brief(canceller)))"
        case .awaitingReply: "awaitingReply"
        case .completingCard(_, let reply): "completingCard(\(reply.verdict))"
        case .savingOutcome(let outcome): "savingOutcome(\(brief(outcome)))"
        case .finished(let outcome): "finished(\(brief(outcome)))"
        }
    }

    private func brief(_ action: PaymentMachine.Action) -> String {
        switch action {
        case .persist(.finished(_, let outcome, let reversal)):
            "persist(finished \(brief(outcome)), reversal \(reversal.map { "\($0)" } ?? "none"))"
        case .persist(.accepted): "persist(accepted)"
        case .persist(.authorization): "persist(authorization)"
        case .persist(let record): "persist(\(record))"
        case .prepareLink: "prepareLink"
        case .readCard: "readCard"
        case .stopCard: "stopCard"
        case .send: "send"
        case .completeCard(let reply): "completeCard(\(reply.verdict))"
        case .finish(let outcome): "finish(\(brief(outcome)))"
        case .ignore: "ignore"
        }
    }

    private func brief(_ outcome: Outcome) -> String {
        switch outcome {
        case .approved: "approved"
        case .declined: "declined"
        case .declinedByCard: "declinedByCard"
        case .cancelled(let canceller): "cancelled by \(canceller)"
        case .failed(let failure): "failed \(failure.reason)"
        }
    }

    private func brief(_ canceller: Outcome.Canceller?) -> String { canceller.map { "cancelled by \($0)" } ?? "" }
}
