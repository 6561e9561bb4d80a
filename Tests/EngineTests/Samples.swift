import Payments

@testable import Engine

/// One of each value that the machines' tables need.
enum Samples {
    static let request = PaymentRequest(id: requestID("R1"), amount: Money(minorUnits: 8880, .cny))
    static let authorization = Authorization(
        request: request, stan: .first, batch: .first,
        time: LocalDateTime(year: 2026, month: 11, day: 22, hour: 9, minute: 30, second: 0),
        card: CardSummary(
            maskedPAN: "621700******0001", expiry: ExpiryDate(yearMonth: "3012"), sequenceNumber: 1,
            entryMode: .contactChip, pinEntry: .online, application: nil),
        chipData: [0x9F, 0x36, 0x02, 0x00, 0x01])
    static let approval = Reply(verdict: .approved, code: "00", text: BilingualText("交易成功", "Approved"))
    static let refusal = Reply(verdict: .declined, code: "51", text: BilingualText("余额不足", "Insufficient funds"))
    static let failure = PaymentFailure(.noReply, "no reply")

    static func requestID(_ text: String) -> RequestID {
        guard let id = RequestID(rawValue: text) else { preconditionFailure("\(text) is no id") }
        return id
    }

    static let saleStates: [(String, PaymentMachine.State)] = [
        ("idle", .idle),
        ("savingRequest", .savingRequest(request, cancelled: nil)),
        ("savingRequest, cancelled", .savingRequest(request, cancelled: .cashier)),
        ("preparingLink", .preparingLink(request)),
        ("readingCard", .readingCard(request)),
        ("stoppingCard", .stoppingCard(request, .cashier)),
        ("savingAuthorization", .savingAuthorization(authorization, cancelled: nil)),
        ("savingAuthorization, cancelled", .savingAuthorization(authorization, cancelled: .cashier)),
        ("awaitingReply", .awaitingReply(authorization)),
        ("completingCard, approved", .completingCard(authorization, approval)),
        ("completingCard, declined", .completingCard(authorization, refusal)),
        ("savingOutcome", .savingOutcome(.approved(approval, nil))),
        ("finished", .finished(.approved(approval, nil))),
    ]

    static let saleEvents: [(String, PaymentMachine.Event)] = [
        ("start", .start(request)),
        ("persisted", .persisted),
        ("persistFailed", .persistFailed(failure)),
        ("linkReady", .linkReady),
        ("linkFailed", .linkFailed(failure)),
        ("cardRead", .cardRead(authorization)),
        ("cardEnded", .cardEnded(.declinedByCard(nil, nil))),
        ("notSent", .notSent(failure)),
        ("replied, approved", .replied(approval)),
        ("replied, declined", .replied(refusal)),
        ("replyLost", .replyLost(failure, .noReply)),
        ("cardCompleted, agreed", .cardCompleted(agreed: true, nil)),
        ("cardCompleted, refused", .cardCompleted(agreed: false, nil)),
        ("cardLost", .cardLost(PaymentFailure(.cardRemoved, "pulled"))),
        ("cancel", .cancel(.customer)),
    ]
}
