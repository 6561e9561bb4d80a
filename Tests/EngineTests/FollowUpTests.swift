import Engine
import Payments
import Testing

@Suite struct FollowUpTests {
    /// A follow-up, what the journal holds (the original first) and what speaks against it.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let request: PaymentRequest
        let journal: @Sendable () throws -> [PaymentState]
        let expected: FollowUp.Objection?
        var testDescription: String { name }

        init(
            _ name: String, _ request: PaymentRequest, _ expected: FollowUp.Objection?,
            _ journal: @escaping @Sendable () throws -> [PaymentState]
        ) {
            self.name = name
            self.request = request
            self.expected = expected
            self.journal = journal
        }
    }

    private static func money(_ units: Int64) -> Money { Money(minorUnits: units, .cny) }

    /// The original `R0`, approved over 100.00.
    private static func original(_ kind: TransactionKind = .sale, batch: Int = 1) throws -> PaymentState {
        try Samples.payment(
            Samples.request(kind, "R0", 10_000), .approved(Samples.approval, nil), batch: batch)
    }

    /// Another payment after it, approved.
    private static func done(
        _ kind: TransactionKind, _ id: String, _ amount: Int64 = 10_000, of original: String = "R0"
    ) throws -> PaymentState {
        try Samples.payment(
            Samples.request(kind, id, amount, of: original), .approved(Samples.approval, nil), stan: 2)
    }

    private static func stored(
        _ kind: TransactionKind, _ id: String, _ amount: Int64 = 10_000, of original: String? = nil,
        why: Outcome.Stored = .advice, then records: Record...
    ) throws -> PaymentState {
        let request = Samples.request(kind, id, amount, of: original)
        let end = Record.finished(request.id, .stored(why, nil), reversal: nil, scriptNumber: nil)
        return try #require(
            PaymentState(
                Samples.entries(
                    [.accepted(request), .authorization(Samples.authorization(request)), end] + records)))
    }

    private static func accepted(_ id: String) -> Record {
        .storedAnswered(Samples.id(id), Samples.approval, accepted: true)
    }

    private static func ask(
        _ kind: TransactionKind, _ amount: Int64 = 10_000, tip: Int64? = nil, of original: String = "R0",
        _ currency: Currency = .cny
    ) -> PaymentRequest {
        Samples.request(kind, "R9", amount, tip: tip, of: original, currency)
    }

    static let voids = [
        Case("a sale is voided", ask(.void), nil) { [try original()] },
        Case("nothing is voided", ask(.void), .unknown) { [] },
        Case("no refund is voided", ask(.void), .wrongKind(.refund)) { [try original(.refund)] },
        Case("no pre-authorisation is voided", ask(.void), .wrongKind(.preauthorization)) {
            [try original(.preauthorization)]
        },
        Case("a declined sale", ask(.void), .notApproved) {
            [try Samples.payment(Samples.request(.sale, "R0", 10_000), .declined(Samples.refusal, nil))]
        },
        Case("a sale that runs", ask(.void), .notApproved) {
            [try Samples.payment(Samples.request(.sale, "R0", 10_000))]
        },
        Case("a reversed sale", ask(.void), .notApproved) {
            [
                try Samples.payment(
                    Samples.request(.sale, "R0", 10_000), .failed(Samples.failure), reversal: .noReply)
            ]
        },
        Case("another batch", ask(.void), .otherBatch(Samples.batch(7))) { [try original(batch: 7)] },
        Case("part of the amount", ask(.void, 9_999), .amountDiffers(money(10_000))) { [try original()] },
        Case("more than the amount", ask(.void, 10_001), .amountDiffers(money(10_000))) { [try original()] },
        Case("another currency", ask(.void, 10_000, .jpy), .amountDiffers(money(10_000))) { [try original()] },
        Case("the approved part is voided", ask(.void, 6_000), nil) {
            [
                try Samples.payment(
                    Samples.request(.sale, "R0", 10_000), .approved(Samples.reply("10", amount: 6_000), nil))
            ]
        },
        Case("the amount of a part that was approved", ask(.void), .amountDiffers(money(6_000))) {
            [
                try Samples.payment(
                    Samples.request(.sale, "R0", 10_000), .approved(Samples.reply("10", amount: 6_000), nil))
            ]
        },
        Case("twice", ask(.void), .alreadyDone(Samples.id("R1"))) { [try original(), try done(.void, "R1")] },
        Case("while another void runs", ask(.void), .alreadyDone(Samples.id("R1"))) {
            [try original(), try Samples.payment(Samples.request(.void, "R1", 10_000, of: "R0"))]
        },
        Case("after a declined void", ask(.void), nil) {
            [
                try original(),
                try Samples.payment(
                    Samples.request(.void, "R1", 10_000, of: "R0"), .declined(Samples.refusal, nil)),
            ]
        },
        Case("after a void that was reversed", ask(.void), nil) {
            [
                try original(),
                try Samples.payment(
                    Samples.request(.void, "R1", 10_000, of: "R0"), .failed(Samples.failure), reversal: .noReply,
                    then: .reversalAnswered(Samples.id("R1"), code: "00", settled: true)),
            ]
        },
        // The reversal goes out first (M4) and gives the sale back.
        Case("after a void whose reversal waits", ask(.void), nil) {
            [
                try original(),
                try Samples.payment(
                    Samples.request(.void, "R1", 10_000, of: "R0"), .failed(Samples.failure), reversal: .noReply),
            ]
        },
        Case("after a void whose reversal is refused", ask(.refund), .unsettled(Samples.id("R1"))) {
            [
                try original(),
                try Samples.payment(
                    Samples.request(.void, "R1", 10_000, of: "R0"), .failed(Samples.failure), reversal: .noReply,
                    then: .reversalAnswered(Samples.id("R1"), code: "96", settled: false)),
            ]
        },
        Case("after a refund of a part", ask(.void), .alreadyDone(Samples.id("R1"))) {
            [try original(), try done(.refund, "R1", 1)]
        },
        Case("after a tip", ask(.void), .alreadyDone(Samples.id("R1"))) {
            [try original(), try stored(.tip, "R1", 11_000, of: "R0")]
        },
        Case("the same void asked again", ask(.void), nil) {
            [try original(), try Samples.payment(ask(.void))]
        },
        Case("a sale that was stored to be asked about", ask(.void), .notDelivered) {
            [try stored(.sale, "R0", why: .deferred)]
        },
        Case("a sale that was asked about later", ask(.void), nil) {
            [try stored(.sale, "R0", why: .deferred, then: accepted("R0"))]
        },
        Case("a sale that the card approved", ask(.void), .wrongKind(.offlineSale)) {
            [try stored(.sale, "R0", why: .offline, then: accepted("R0"))]
        },
        Case("a stored sale that was refused", ask(.void), .notApproved) {
            [
                try stored(
                    .sale, "R0", why: .deferred,
                    then: .storedAnswered(Samples.id("R0"), Samples.refusal, accepted: false))
            ]
        },
        Case("a payment beside it", ask(.void), nil) {
            [try original(), try done(.void, "R1", of: "R5")]
        },
    ]

    static let refunds = [
        Case("whole", ask(.refund), nil) { [try original()] },
        Case("of another batch", ask(.refund), nil) { [try original(batch: 7)] },
        Case("a part", ask(.refund, 1), nil) { [try original()] },
        Case("above the amount", ask(.refund, 10_001), .aboveLimit(money(10_000))) { [try original()] },
        Case("up to what is left", ask(.refund, 2_500), nil) {
            [try original(), try done(.refund, "R1", 4_000), try done(.refund, "R2", 3_500)]
        },
        Case("above what is left", ask(.refund, 2_501), .aboveLimit(money(2_500))) {
            [try original(), try done(.refund, "R1", 4_000), try done(.refund, "R2", 3_500)]
        },
        Case("when nothing is left", ask(.refund, 1), .aboveLimit(money(0))) {
            [try original(), try done(.refund, "R1")]
        },
        Case("a declined refund takes nothing", ask(.refund), nil) {
            [
                try original(),
                try Samples.payment(
                    Samples.request(.refund, "R1", 10_000, of: "R0"), .declined(Samples.refusal, nil)),
            ]
        },
        Case("a refund that waits takes all", ask(.refund, 1), .aboveLimit(money(0))) {
            [try original(), try stored(.refund, "R1", of: "R0")]
        },
        Case("a refund that runs takes all", ask(.refund, 1), .aboveLimit(money(0))) {
            [try original(), try Samples.payment(Samples.request(.refund, "R1", 10_000, of: "R0"))]
        },
        Case("with the tip", ask(.refund, 11_500), nil) {
            [try original(), try stored(.tip, "R1", 11_500, of: "R0")]
        },
        Case("above the last tip", ask(.refund, 11_001), .aboveLimit(money(11_000))) {
            [try original(), try stored(.tip, "R1", 11_500, of: "R0"), try stored(.tip, "R2", 11_000, of: "R0")]
        },
        Case("up to an adjustment", ask(.refund, 9_001), .aboveLimit(money(9_000))) {
            [
                try stored(.offlineSettlement, "R0", then: accepted("R0")),
                try stored(.adjustment, "R1", 9_000, of: "R0"),
            ]
        },
        Case("after the void", ask(.refund), .alreadyDone(Samples.id("R1"))) {
            [try original(), try done(.void, "R1")]
        },
        Case("another currency", ask(.refund, 1, .jpy), .amountDiffers(money(10_000))) { [try original()] },
        Case("of a completion", ask(.refund), nil) { [try original(.completion)] },
        Case("of a voided completion", ask(.refund), .alreadyDone(Samples.id("R1"))) {
            [try original(.completion), try done(.completionVoid, "R1")]
        },
        Case("of an offline settlement", ask(.refund), nil) {
            [try stored(.offlineSettlement, "R0", then: accepted("R0"))]
        },
        Case("of what the acquirer has not heard of", ask(.refund), .notDelivered) {
            [try stored(.offlineSettlement, "R0")]
        },
        Case("of a pre-authorisation", ask(.refund), .wrongKind(.preauthorization)) {
            [try original(.preauthorization)]
        },
        Case("of a void", ask(.refund), .wrongKind(.void)) { [try original(.void)] },
        Case("of a refund", ask(.refund), .wrongKind(.refund)) { [try original(.refund)] },
    ]

    static let completions = [
        Case("whole", ask(.completion), nil) { [try original(.preauthorization)] },
        Case("of another batch", ask(.completion), nil) { [try original(.preauthorization, batch: 7)] },
        Case("less", ask(.completion, 1), nil) { [try original(.preauthorization)] },
        Case("115 percent", ask(.completion, 11_500), nil) { [try original(.preauthorization)] },
        Case("above 115 percent", ask(.completion, 11_501), .aboveLimit(money(11_500))) {
            [try original(.preauthorization)]
        },
        Case("above 115 percent by advice", ask(.completionAdvice, 11_501), .aboveLimit(money(11_500))) {
            [try original(.preauthorization)]
        },
        Case("of a sale", ask(.completion), .wrongKind(.sale)) { [try original()] },
        Case("twice", ask(.completion), .alreadyDone(Samples.id("R1"))) {
            [try original(.preauthorization), try done(.completion, "R1")]
        },
        Case("by request after advice", ask(.completion), .alreadyDone(Samples.id("R1"))) {
            [try original(.preauthorization), try stored(.completionAdvice, "R1", of: "R0")]
        },
        Case("by advice after request", ask(.completionAdvice), .alreadyDone(Samples.id("R1"))) {
            [try original(.preauthorization), try done(.completion, "R1")]
        },
        Case("by advice while a reversal waits", ask(.completionAdvice), .unsettled(Samples.id("R1"))) {
            [
                try original(.preauthorization),
                try Samples.payment(
                    Samples.request(.completion, "R1", 10_000, of: "R0"), .failed(Samples.failure),
                    reversal: .noReply),
            ]
        },
        Case("after the cancel", ask(.completion), .alreadyDone(Samples.id("R1"))) {
            [try original(.preauthorization), try done(.preauthorizationCancel, "R1")]
        },
        Case("anew after the void of the first", ask(.completion), nil) {
            [
                try original(.preauthorization), try done(.completion, "R1"),
                try done(.completionVoid, "R2", of: "R1"),
            ]
        },
        Case("anew after a declined void of the first", ask(.completion), .alreadyDone(Samples.id("R1"))) {
            [
                try original(.preauthorization), try done(.completion, "R1"),
                try Samples.payment(
                    Samples.request(.completionVoid, "R2", 10_000, of: "R1"), .declined(Samples.refusal, nil)),
            ]
        },
        Case("anew while the void of the first runs", ask(.completion), .alreadyDone(Samples.id("R1"))) {
            [
                try original(.preauthorization), try done(.completion, "R1"),
                try Samples.payment(Samples.request(.completionVoid, "R2", 10_000, of: "R1")),
            ]
        },
        Case("the third after one void", ask(.completion), .alreadyDone(Samples.id("R3"))) {
            [
                try original(.preauthorization), try done(.completion, "R1"),
                try done(.completionVoid, "R2", of: "R1"), try done(.completion, "R3"),
            ]
        },
        Case("its cancel", ask(.preauthorizationCancel), nil) { [try original(.preauthorization)] },
        Case("its cancel in part", ask(.preauthorizationCancel, 1), .amountDiffers(money(10_000))) {
            [try original(.preauthorization)]
        },
        Case("its cancel twice", ask(.preauthorizationCancel), .alreadyDone(Samples.id("R1"))) {
            [try original(.preauthorization), try done(.preauthorizationCancel, "R1")]
        },
        Case("its cancel after completion", ask(.preauthorizationCancel), .alreadyDone(Samples.id("R1"))) {
            [try original(.preauthorization), try done(.completion, "R1")]
        },
        Case("its cancel after the void of the completion", ask(.preauthorizationCancel), nil) {
            [
                try original(.preauthorization), try done(.completion, "R1"),
                try done(.completionVoid, "R2", of: "R1"),
            ]
        },
        Case("void of a completion", ask(.completionVoid), nil) { [try original(.completion)] },
        Case("void of a completion of another batch", ask(.completionVoid), .otherBatch(Samples.batch(7))) {
            [try original(.completion, batch: 7)]
        },
        Case("void of a completion in part", ask(.completionVoid, 1), .amountDiffers(money(10_000))) {
            [try original(.completion)]
        },
        Case("void of a completion twice", ask(.completionVoid), .alreadyDone(Samples.id("R1"))) {
            [try original(.completion), try done(.completionVoid, "R1")]
        },
        Case("void of a completion after a refund", ask(.completionVoid), .alreadyDone(Samples.id("R1"))) {
            [try original(.completion), try done(.refund, "R1", 1)]
        },
        Case("void of the pre-authorisation itself", ask(.completionVoid), .wrongKind(.preauthorization)) {
            [try original(.preauthorization)]
        },
        Case("void of an advice", ask(.completionVoid), .wrongKind(.completionAdvice)) {
            [try stored(.completionAdvice, "R0", then: accepted("R0"))]
        },
    ]

    static let corrections = [
        Case("a tip", ask(.tip, 11_000, tip: 1_000), nil) { [try original()] },
        Case("a tip instead of another", ask(.tip, 10_500, tip: 500), nil) {
            [try original(), try stored(.tip, "R1", 11_000, of: "R0")]
        },
        Case("a tip that does not add up", ask(.tip, 11_001, tip: 1_000), .amountDiffers(money(11_000))) {
            [try original()]
        },
        Case("a tip that is not named", ask(.tip, 11_000), .amountDiffers(money(10_000))) { [try original()] },
        Case("a tip of another batch", ask(.tip, 11_000, tip: 1_000), .otherBatch(Samples.batch(7))) {
            [try original(batch: 7)]
        },
        Case("a tip after the void", ask(.tip, 11_000, tip: 1_000), .alreadyDone(Samples.id("R1"))) {
            [try original(), try done(.void, "R1")]
        },
        Case("a tip after a refund", ask(.tip, 11_000, tip: 1_000), .alreadyDone(Samples.id("R1"))) {
            [try original(), try done(.refund, "R1", 1)]
        },
        Case("a tip while a void is being reversed", ask(.tip, 11_000, tip: 1_000), .unsettled(Samples.id("R1"))) {
            [
                try original(),
                try Samples.payment(
                    Samples.request(.void, "R1", 10_000, of: "R0"), .failed(Samples.failure), reversal: .noReply),
            ]
        },
        Case("a tip behind an offline sale in the queue", ask(.tip, 11_000, tip: 1_000), nil) {
            [try stored(.offlineSale, "R0", why: .offline)]
        },
        Case("a tip on a question that waits", ask(.tip, 11_000, tip: 1_000), .notDelivered) {
            [try stored(.sale, "R0", why: .deferred)]
        },
        Case("a tip on a refund", ask(.tip, 11_000, tip: 1_000), .wrongKind(.refund)) { [try original(.refund)] },
        Case("an adjustment", ask(.adjustment, 12_345), nil) { [try stored(.offlineSettlement, "R0")] },
        Case("an adjustment of a sale", ask(.adjustment), .wrongKind(.sale)) { [try original()] },
        Case("an adjustment of another batch", ask(.adjustment), .otherBatch(Samples.batch(7))) {
            [
                try Samples.payment(
                    Samples.request(.offlineSettlement, "R0", 10_000), .stored(.advice, nil), batch: 7)
            ]
        },
    ]

    @Test(arguments: [voids, refunds, completions, corrections].flatMap { $0 })
    func `a follow-up is allowed or refused`(_ sample: Case) throws {
        let journal = try sample.journal()
        let objection = FollowUp.objection(
            to: sample.request, original: journal.first, others: Array(journal.dropFirst()), batch: .first)
        #expect(objection == sample.expected)
    }

    @Test(arguments: TransactionKind.allCases.filter { !$0.followsUp })
    func `what follows nothing meets no objection`(kind: TransactionKind) {
        #expect(FollowUp.objection(to: Samples.request(kind), original: nil, others: [], batch: .first) == nil)
    }

    @Test(arguments: TransactionKind.allCases.filter(\.followsUp))
    func `an original that the journal lacks is named by its receipt`(kind: TransactionKind) {
        func objection(_ numbers: Original?) -> FollowUp.Objection? {
            let request = PaymentRequest(
                id: Samples.id("R9"), kind: kind, amount: Self.money(1), original: numbers)
            return FollowUp.objection(to: request, original: nil, others: [], batch: .first)
        }
        #expect(objection(nil) == .unknown)
        #expect(objection(Original(id: Samples.id("R0"), date: "1122", rrn: "1", authorizationCode: "A")) == .unknown)
        #expect(objection(Original(date: "1122")) == .unknown)
        #expect(objection(Original(date: "1122", rrn: "1")) == (kind == .refund ? nil : .unknown))
        let byCode: [TransactionKind] = [.completion, .completionAdvice, .preauthorizationCancel]
        #expect(objection(Original(date: "1122", authorizationCode: "A")) == (byCode.contains(kind) ? nil : .unknown))
    }
}
