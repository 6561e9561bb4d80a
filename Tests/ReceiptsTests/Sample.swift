import Payments
import Receipts
import Testing

/// Payments to print.
enum Sample {
    static let merchant = ReceiptData.Merchant(
        name: "天意小馆（三里屯店）", number: "123456789012345", terminal: "12345678")
    static let application = CardApplication(aid: "A000000333010101", label: "PBOC DEBIT", preferredName: "银联借记")

    static func request(_ amount: Int64 = 8880, _ currency: Currency = .cny) throws -> PaymentRequest {
        PaymentRequest(
            id: try #require(RequestID(rawValue: "order-1")), amount: Money(minorUnits: amount, currency))
    }

    static func authorization(
        _ request: PaymentRequest, pin: PINEntry = .online, mode: EntryMode = .contactChip,
        waiver: VerificationWaiver? = nil
    ) throws -> Authorization {
        Authorization(
            request: request, stan: try #require(STAN(123)), batch: try #require(BatchNumber(7)), time: time,
            card: CardSummary(
                maskedPAN: "622848*********4567", expiry: ExpiryDate(yearMonth: "3012"), sequenceNumber: 1,
                entryMode: mode, pinEntry: pin, application: application, waiver: waiver),
            chipData: [])
    }

    static let time = LocalDateTime(year: 2026, month: 3, day: 9, hour: 8, minute: 5, second: 7)

    static func chip(
        signature: Bool = false, tvr: String = "0000048000", responseCode: String? = nil
    ) -> ChipResult {
        ChipResult(
            application: application, cryptogramType: .tc, cryptogram: "0123456789ABCDEF", tvr: tvr,
            tsi: "F800", atc: "001C", cvmResults: "020300", issuerApplicationData: "07010103A00000010A0100000000001234",
            unpredictableNumber: "89ABCDEF", aip: "7C00", sequenceNumber: 1, terminalCapabilities: "E0E9C8",
            signatureRequired: signature, scriptResults: "", responseCode: responseCode)
    }

    static let approved = Reply(
        verdict: .approved, code: "00", text: BilingualText("交易成功", "Approved"), rrn: "091234567890",
        authorizationCode: "T12345", settlementDate: "0309", acquirerTime: AcquirerTime(date: "0309", time: "080509"),
        issuer: "01030000", acquirer: "48021000", scheme: "CUP", remark: "欢迎再次光临 ¥5券 SEE YOU")
    static let declined = Reply(
        verdict: .declined, code: "51", text: BilingualText("可用余额不足", "Insufficient funds"), rrn: "091234567891")

    static func data(
        _ outcome: Outcome, copy: ReceiptData.Copy = .merchant, pin: PINEntry = .online, reprint: Bool = false,
        merchant: ReceiptData.Merchant = Sample.merchant, amount: Int64 = 8880, currency: Currency = .cny,
        electronicReceipt: String? = nil
    ) throws -> ReceiptData {
        try data(
            try request(amount, currency), outcome, copy: copy, pin: pin, reprint: reprint, merchant: merchant,
            electronicReceipt: electronicReceipt)
    }

    static func data(
        _ request: PaymentRequest, _ outcome: Outcome, copy: ReceiptData.Copy = .merchant, pin: PINEntry = .online,
        mode: EntryMode = .contactChip, waiver: VerificationWaiver? = nil, reprint: Bool = false,
        merchant: ReceiptData.Merchant = Sample.merchant, electronicReceipt: String? = nil
    ) throws -> ReceiptData {
        ReceiptData(
            merchant: merchant, request: request, time: time,
            authorization: try authorization(request, pin: pin, mode: mode, waiver: waiver), outcome: outcome,
            copy: copy, isReprint: reprint, electronicReceipt: electronicReceipt)
    }

    static let parameters = Receipt(
        parameters: [
            .init(
                BilingualText("应用 A000000333010101", "APPLICATION A000000333010101"),
                [
                    .init(BilingualText("版本", "VERSION"), "0030"),
                    .init(BilingualText("联机限额", "FLOOR LIMIT"), "RMB 0.00"),
                    .init(BilingualText("免密限额", "NO PIN UP TO"), "RMB 1000.00"),
                ]),
            .init(
                BilingualText("公钥 A000000333 08", "CA KEY A000000333 08"),
                [
                    .init(BilingualText("长度", "BITS"), "1152"),
                    .init(BilingualText("有效期", "LAST DAY"), "20301231"),
                ]),
        ], merchant: merchant, time: time)

    /// A request of any kind; one that follows up names an earlier payment, and a supervisor where one is needed.
    static func request(
        _ kind: TransactionKind, _ amount: Int64 = 8880, tip: Int64? = nil, channel: PaymentRequest.Channel = .counter
    ) throws -> PaymentRequest {
        let original = Original(
            id: RequestID(rawValue: "order-0"), batch: BatchNumber(6), stan: STAN(98), date: "0308",
            rrn: "090987654321", authorizationCode: "A98765")
        return PaymentRequest(
            id: try #require(RequestID(rawValue: "order-1")), kind: kind, amount: Money(minorUnits: amount, .cny),
            tip: tip.map { Money(minorUnits: $0, .cny) }, original: kind.followsUp ? original : nil, channel: channel,
            supervisor: kind.needsSupervisor ? "00" : nil)
    }

    static func reply(_ code: String = "00", amount: Int64? = nil, balance: Int64? = nil) -> Reply {
        Reply(
            verdict: .approved, code: code, text: BilingualText("交易成功", "Approved"),
            amount: amount.map { Money(minorUnits: $0, .cny) }, balance: balance.map { Money(minorUnits: $0, .cny) },
            rrn: "091234567890", authorizationCode: "T12345", issuer: "01030000", acquirer: "48021000")
    }

    /// A payment of the journal after these records.
    static func payment(_ kind: TransactionKind, _ outcome: Outcome, _ reversal: ReversalReason?, _ rest: [Record])
        throws -> PaymentState
    {
        let request = try request(kind)
        let records: [Record] = [
            .accepted(request), .authorization(try authorization(request)),
            .finished(request.id, outcome, reversal: reversal, scriptNumber: nil),
        ]
        return try #require(PaymentState(entries(records + rest)))
    }

    static func settlement(_ records: [Record]) throws -> SettlementState {
        let totals = Totals(
            domestic: .init(debit: Tally(count: 41, amount: 1_234_567), credit: Tally(count: 2, amount: 8_880)),
            foreign: .init(debit: Tally(count: 1, amount: 50)))
        let begun = Settlement(
            batch: try #require(BatchNumber(7)), stan: try #require(STAN(321)), totals: totals,
            supervisor: records.count > 3 ? "00" : nil)
        return try #require(SettlementState(entries([.settlementBegun(begun)] + records)))
    }

    private static func entries(_ records: [Record]) -> [Entry] {
        records.enumerated().map { Entry(sequence: $0 + 1, time: time, record: $1, hash: []) }
    }
}
