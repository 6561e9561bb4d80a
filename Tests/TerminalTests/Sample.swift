import Payments

/// A sale and all the ways it can end.
enum Sample {
    /// The account number in clear: nothing that is reported may hold it.
    static let digits = "6228480402564890018"
    static let time = LocalDateTime(year: 2026, month: 11, day: 22, hour: 13, minute: 14, second: 15)
    static let request = PaymentRequest(id: id("R-1"), amount: Money(minorUnits: 8880, .cny), cashier: "07")
    static let application = CardApplication(aid: "A000000333010101", label: "UnionPay Debit")
    static let authorization = Authorization(
        request: request, stan: STAN.first.next, batch: BatchNumber.first.next.next, time: time,
        card: CardSummary(
            maskedPAN: PAN(digits)?.masked ?? "", expiry: ExpiryDate(yearMonth: "3012"), sequenceNumber: 1,
            entryMode: .contactChip, pinEntry: .online, application: application),
        chipData: [0x9F, 0x36, 0x02, 0x00, 0x01])
    static let approval = Reply(
        verdict: .approved, code: "00", text: BilingualText("交易成功", "Approved"), rrn: "123456789012",
        authorizationCode: "654321")
    static let refusal = Reply(
        verdict: .declined, code: "51", text: BilingualText("可用余额不足", "Insufficient funds"), rrn: "123456789013")
    static let chip = ChipResult(
        application: CardApplication(aid: "A00000033301010101", label: "UnionPay Debit"), cryptogramType: .tc,
        cryptogram: "0102030405060708", tvr: "0000048000", tsi: "E800", atc: "0001", cvmResults: "420300",
        issuerApplicationData: "07010103A0B000010A01", unpredictableNumber: "11223344", aip: "7C00", sequenceNumber: 1,
        terminalCapabilities: "E0E8C8", signatureRequired: false, scriptResults: "")

    static func id(_ text: String) -> RequestID {
        guard let id = RequestID(rawValue: text) else { preconditionFailure("\(text) is no id") }
        return id
    }
}
