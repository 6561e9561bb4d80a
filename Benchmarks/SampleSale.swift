import Payments

/// The records that one approved chip sale leaves in the journal.
enum SampleSale {
    static let time = LocalDateTime(year: 2026, month: 11, day: 22, hour: 13, minute: 15, second: 0)
    static let pan = PAN("6200000000000013")

    static func records(_ name: String, stan: Int) throws -> [Record] {
        guard let id = RequestID(rawValue: name), let stan = STAN(stan) else { throw BenchmarkFailure(name) }
        let request = PaymentRequest(id: id, amount: Money(minorUnits: 8880, .cny))
        let application = CardApplication(aid: "A000000333010101", label: "UnionPay Debit")
        let authorization = Authorization(
            request: request, stan: stan, batch: .first, time: time,
            card: CardSummary(
                maskedPAN: "620000******0013", expiry: ExpiryDate(yearMonth: "3012"), sequenceNumber: 1,
                entryMode: .contactChip, pinEntry: .online, application: application),
            chipData: [UInt8](repeating: 0x9F, count: 145))
        let reply = Reply(
            verdict: .approved, code: "00", text: BilingualText("交易成功", "Approved"),
            rrn: "\(Digits.padded(stan.value, 12))", authorizationCode: "T12345", settlementDate: "1122",
            acquirerTime: AcquirerTime(date: "1122", time: "131500"), issuer: "01020000", acquirer: "48021000",
            scheme: "CUP", remark: "模拟交易 SIMULATION", chipData: [UInt8](repeating: 0x91, count: 12))
        let chip = ChipResult(
            application: application, cryptogramType: .tc, cryptogram: "A1B2C3D4E5F60718", tvr: "0000008000",
            tsi: "E800", atc: "0042", cvmResults: "420300", issuerApplicationData: "07010103A0B802010A0100000000001234",
            unpredictableNumber: "11223344", aip: "7C00", sequenceNumber: 1, terminalCapabilities: "E0F0C8",
            signatureRequired: false, scriptResults: "")
        return [
            .accepted(request), .authorization(authorization),
            .finished(id, .approved(reply, chip), reversal: nil, scriptNumber: nil),
        ]
    }
}
