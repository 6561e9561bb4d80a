import Engine
import Payments
import Testing

@Suite struct RecoveryTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let kind: TransactionKind
        let isAuthorized: Bool
        let owed: [Delivery]
        var testDescription: String { "\(kind), authorized: \(isAuthorized)" }
    }

    static let cases =
        TransactionKind.allCases.map { Case(kind: $0, isAuthorized: false, owed: []) }
        + TransactionKind.allCases.map { kind in
            switch kind.manner {
            case .request: Case(kind: kind, isAuthorized: true, owed: [.reversal])
            case .inquiry: Case(kind: kind, isAuthorized: true, owed: [])
            case .repeatedRequest, .advice: Case(kind: kind, isAuthorized: true, owed: [.stored])
            }
        }

    /// M2: what may have left is owed; what cannot have left is not. A second start finds nothing to do.
    @Test(arguments: cases) func `a payment that was cut off is closed`(_ sample: Case) throws {
        let request = Samples.request(sample.kind)
        var records: [Record] = [.accepted(request)]
        if sample.isAuthorized { records.append(.authorization(Samples.authorization(request))) }
        var payment = try #require(PaymentState(Samples.entries(records)))
        let plan = Recovery.plan([payment])
        #expect(plan.count == 1)
        for record in plan {
            let follows = payment.follow(Entry(sequence: 9, time: Samples.time, record: record, hash: []))
            #expect(follows)
        }
        #expect(payment.outcome != nil)
        #expect(payment.pendingDeliveries == sample.owed)
        // The journal gives back as unfinished what has no outcome: there is no such payment any more.
        let unfinished = [payment].filter { $0.outcome == nil }
        #expect(Recovery.plan(unfinished).isEmpty)
    }

    @Test func `several are closed in their order`() throws {
        let payments = try ["R1", "R2", "R3"].map { try Samples.payment(Samples.request(.sale, $0)) }
        #expect(Recovery.plan(payments).map(\.id) == payments.map(\.request.id))
    }
}
