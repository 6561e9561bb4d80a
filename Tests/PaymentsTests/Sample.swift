import Payments
import Testing

/// Values that the tests of the journal's vocabulary share.
enum Sample {
    static let time = LocalDateTime(year: 2026, month: 11, day: 22, hour: 9, minute: 30, second: 0)
    static let approval = Reply(verdict: .approved, code: "00", text: BilingualText("交易成功", "Approved"))
    static let refusal = Reply(verdict: .declined, code: "51", text: BilingualText("余额不足", "Insufficient funds"))
    static let failure = PaymentFailure(.noReply, "no reply in 60 s")

    static func id(_ text: String = "R1") throws -> RequestID { try #require(RequestID(rawValue: text)) }

    static func request(_ id: String = "R1", _ kind: TransactionKind = .sale) throws -> PaymentRequest {
        PaymentRequest(id: try Sample.id(id), kind: kind, amount: Money(minorUnits: 8880, .cny))
    }

    static func authorization(_ attempt: Int = 1, of request: PaymentRequest? = nil) throws -> Authorization {
        Authorization(
            request: try request ?? Sample.request(), stan: try #require(STAN(40 + attempt)), batch: .first, time: time,
            card: CardSummary(
                maskedPAN: "621700******0001", expiry: ExpiryDate(yearMonth: "3012"), sequenceNumber: 1,
                entryMode: .contactChip, pinEntry: .online, application: nil),
            chipData: [0x9F, 0x36, 0x02, 0x00, 0x01], attempt: attempt)
    }

    static let chip = ChipResult(
        application: CardApplication(aid: "A000000333010101", label: "PBOC DEBIT", preferredName: "银联"),
        cryptogramType: .tc, cryptogram: "0123456789ABCDEF", tvr: "0000000000", tsi: "F800", atc: "001C",
        cvmResults: "020300", issuerApplicationData: "0701", unpredictableNumber: "89ABCDEF", aip: "7C00",
        sequenceNumber: 1, terminalCapabilities: "E0E9C8", signatureRequired: false, scriptResults: "20")

    static func entries(_ records: [Record]) -> [Entry] {
        records.enumerated().map { Entry(sequence: $0 + 1, time: time, record: $1, hash: []) }
    }
}
