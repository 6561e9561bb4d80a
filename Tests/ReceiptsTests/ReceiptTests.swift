import HAL
import Payments
import Receipts
import Testing
import Wire

struct ReceiptTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let make: @Sendable () throws -> Receipt
        var testDescription: String { name }

        init(_ name: String, _ make: @escaping @Sendable () throws -> ReceiptData) {
            self.name = name
            self.make = { Receipt(try make()) }
        }

        init(slip name: String, _ make: @escaping @Sendable () throws -> Receipt) {
            self.name = name
            self.make = make
        }
    }

    /// Sales, and how they can end.
    static let sales: [Case] = [
        Case("approved-merchant") { try Sample.data(.approved(Sample.approved, Sample.chip())) },
        Case("approved-customer") { try Sample.data(.approved(Sample.approved, Sample.chip()), copy: .customer) },
        Case("signature-merchant") {
            try Sample.data(.approved(Sample.approved, Sample.chip(signature: true)), pin: .none)
        },
        Case("signature-customer") {
            try Sample.data(.approved(Sample.approved, Sample.chip(signature: true)), copy: .customer, pin: .none)
        },
        Case("declined-duplicate") { try Sample.data(.declined(Sample.declined, Sample.chip()), reprint: true) },
        Case("failed") { try Sample.data(.failed(PaymentFailure(.noReply, "no reply in 60 s")), copy: .customer) },
        Case("partial-customer") {
            try Sample.data(.approved(Sample.reply("10", amount: 5_000, balance: 0), nil), copy: .customer)
        },
        Case("offline-merchant") { try Sample.data(.stored(.offline, Sample.chip()), pin: .none) },
        Case("deferred-merchant") { try Sample.data(.stored(.deferred, nil)) },
        Case("signature-bank") {
            try Sample.data(.approved(Sample.approved, Sample.chip(signature: true)), copy: .bank, pin: .none)
        },
        Case("e-receipt-customer") {
            try Sample.data(
                .approved(Sample.approved, Sample.chip()), copy: .customer,
                electronicReceipt: "https://receipts.example/r/7Q2M9X4K?t=12345678&v=000123")
        },
        Case("mail-order-merchant") {
            try Sample.data(
                Sample.request(.sale, channel: .mailOrder), .approved(Sample.reply(), nil), pin: .none, mode: .manual)
        },
    ]

    /// Taps, by what stands in the place of a signature.
    static let taps: [Case] = [
        Case("tap-small-amount-merchant") {
            try tap(.smallAmount(limit: Money(minorUnits: 100_000, .cny)))
        },
        Case("tap-small-amount-customer") {
            try tap(.smallAmount(limit: Money(minorUnits: 29_950, .cny)), copy: .customer)
        },
        Case("tap-on-device-merchant") { try tap(.onDevice) },
        Case("tap-pin-merchant") { try tap(nil, pin: .online) },
        Case("tap-signature-merchant") { try tap(nil, signature: true) },
    ]

    private static func tap(
        _ waiver: VerificationWaiver?, copy: ReceiptData.Copy = .merchant, pin: PINEntry = .none,
        signature: Bool = false
    ) throws -> ReceiptData {
        try Sample.data(
            Sample.request(.sale), .approved(Sample.approved, Sample.chip(signature: signature)), copy: copy, pin: pin,
            mode: .contactlessChip, waiver: waiver)
    }

    /// What card and terminal declined, each with its reason in both languages.
    @Test(arguments: CardDecline.allCases) func declinedByTheCard(_ reason: CardDecline) throws {
        let tvr: [CardDecline: String] = [
            .onExceptionFile: "1000000000", .expired: "0040000000", .notYetEffective: "0020000000",
            .serviceNotAllowed: "0010000000", .pinTriesExceeded: "0000A00000", .notVerified: "0000800000",
            .notGenuine: "0400000000",
        ]
        let chip = Sample.chip(
            tvr: tvr[reason] ?? "0000008000", responseCode: reason == .issuerUnreachable ? "Z3" : "Z1")
        let outcome = Outcome.declinedByCard(reason == .afterApproval ? Sample.approved : nil, chip)
        #expect(outcome.text == reason.text)
        let receipt = Receipt(try Sample.data(outcome, pin: .none))
        #expect(receipt.lines.contains(.note(reason.text)))
        #expect(receipt.lines.contains(.emphasis(BilingualText("结果", "RESULT"), BilingualText("已拒绝", "DECLINED"))))
        #expect(!receipt.lines.contains { if case .signature = $0 { true } else { false } })
    }

    /// What could not be carried through says why, and that no money is taken.
    @Test(arguments: PaymentFailure.Reason.allCases) func notCompleted(_ reason: PaymentFailure.Reason) throws {
        let receipt = Receipt(try Sample.data(.failed(PaymentFailure(reason, "a detail"))))
        #expect(receipt.lines.contains(.note(reason.text)))
        #expect(!"\(receipt)".contains("a detail"))
    }

    /// Every other kind, as it ends when all is well; and what came to nothing.
    static let kinds: [Case] = [
        Case("void-merchant") {
            try Sample.data(Sample.request(.void), .approved(Sample.reply(), nil), pin: .none, mode: .manual)
        },
        Case("refund-merchant") {
            try Sample.data(Sample.request(.refund, 1_000), .approved(Sample.reply(), nil), mode: .stripe)
        },
        Case("refund-stored-customer") {
            try Sample.data(Sample.request(.refund, 1_000), .stored(.advice, nil), copy: .customer, mode: .stripe)
        },
        Case("balance-customer") {
            try Sample.data(
                Sample.request(.balance, 0), .approved(Sample.reply(balance: 123_456), Sample.chip()), copy: .customer)
        },
        Case("preauthorization-merchant") {
            try Sample.data(Sample.request(.preauthorization), .approved(Sample.reply(), Sample.chip()))
        },
        Case("preauthorization-cancel-merchant") {
            try Sample.data(
                Sample.request(.preauthorizationCancel), .approved(Sample.reply(), nil), pin: .none, mode: .manual)
        },
        Case("completion-merchant") {
            try Sample.data(Sample.request(.completion), .approved(Sample.reply(), nil), pin: .none, mode: .manual)
        },
        Case("completion-advice-merchant") {
            try Sample.data(Sample.request(.completionAdvice), .stored(.advice, nil), pin: .none, mode: .manual)
        },
        Case("completion-void-merchant") {
            try Sample.data(Sample.request(.completionVoid), .approved(Sample.reply(), nil), pin: .none, mode: .manual)
        },
        Case("offline-sale-customer") {
            try Sample.data(Sample.request(.offlineSale), .stored(.offline, Sample.chip()), copy: .customer, pin: .none)
        },
        Case("offline-settlement-merchant") {
            try Sample.data(Sample.request(.offlineSettlement), .stored(.advice, nil), pin: .none, mode: .manual)
        },
        Case("adjustment-merchant") {
            try Sample.data(Sample.request(.adjustment, 7_000), .stored(.advice, nil), pin: .none, mode: .manual)
        },
        Case("tip-merchant") {
            try Sample.data(
                Sample.request(.tip, 9_880, tip: 1_000), .stored(.advice, nil), pin: .none, mode: .manual)
        },
        Case("void-failed") {
            try Sample.data(
                Sample.request(.void), .failed(PaymentFailure(.noReply, "no reply")), pin: .none, mode: .manual)
        },
    ]

    /// What the shop alone gets.
    static let slips: [Case] = [
        Case(slip: "settlement-agreed") {
            try settlement([
                .settlementCompared(.init(domesticAgrees: true, foreignAgrees: true)), .settled(batch),
            ])
        },
        Case(slip: "settlement-differing") {
            try settlement([
                .settlementCompared(.init(domesticAgrees: false, foreignAgrees: true)),
                .uploading(index: 0, .first), .uploadRefused(index: 0, code: "30"), .uploading(index: 1, .first.next),
                .settled(batch),
            ])
        },
        Case(slip: "settlement-not-completed") { try settlement([], reprint: true) },
        Case(slip: "totals") { try totals() },
        Case(slip: "parameters") { Sample.parameters },
        Case(slip: "test-page") {
            Receipt(testPageFor: .chinese80, printer: "Xprinter XP-80", merchant: Sample.merchant, time: Sample.time)
        },
        Case(slip: "reversal-refused") {
            try slip(
                .sale, .failed(PaymentFailure(.noReply, "no reply")), .noReply,
                try ["96", "91", "96"].map { .reversalAnswered(try id, code: $0, settled: false) })
        },
        Case(slip: "reversal-resolved") {
            try slip(
                .void, .failed(PaymentFailure(.noReply, "no reply")), .badMAC,
                [
                    .reversalAnswered(id, code: "12", settled: false),
                    .resolved(id, .reversal, supervisor: "00"),
                ])
        },
        Case(slip: "stored-refused") {
            try slip(
                .sale, .stored(.offline, Sample.chip()), nil, [.storedAnswered(id, Sample.declined, accepted: false)])
        },
    ]

    private static var batch: BatchNumber { get throws { try #require(BatchNumber(7)) } }
    private static var id: RequestID { get throws { try Sample.request().id } }

    private static func settlement(_ records: [Record], reprint: Bool = false) throws -> Receipt {
        Receipt(
            try Sample.settlement(records), records: 17, currency: .cny, merchant: Sample.merchant, isReprint: reprint)
    }

    private static func totals() throws -> Receipt {
        Receipt(
            totals: try Sample.settlement([]).begun.totals, of: try batch, currency: .cny, merchant: Sample.merchant,
            time: Sample.time)
    }

    private static func slip(
        _ kind: TransactionKind, _ outcome: Outcome, _ reversal: ReversalReason?, _ records: [Record]
    ) throws -> Receipt {
        try #require(
            Receipt(
                refused: try Sample.payment(kind, outcome, reversal, records), merchant: Sample.merchant,
                time: Sample.time.advanced(seconds: 3_600)))
    }

    static let cases = sales + taps + kinds + slips

    @Test(arguments: cases) func `golden text`(_ item: Case) throws {
        let receipt = try item.make()
        try Fixture.expect(TextRenderer(width: 48).render(receipt), equals: "\(item.name).48.txt")
        try Fixture.expect(TextRenderer(width: 32).render(receipt), equals: "\(item.name).32.txt")
    }

    @Test(arguments: ReceiptLanguage.allCases) func `golden page`(language: ReceiptLanguage) throws {
        let receipt = try #require(Self.cases.first { $0.name == "e-receipt-customer" }).make()
        try Fixture.expect(
            HTMLRenderer(language: language).render(receipt, title: "R-2041 <1>"),
            equals: "e-receipt-customer.\(language).html")
    }

    @Test(arguments: cases) func `golden print job`(_ item: Case) throws {
        let job = ESCPOSRenderer(profile: .chinese80).render(try item.make())
        let rows = job.split(separator: 0x0A, omittingEmptySubsequences: false).map { Hex.encode($0) }
        try Fixture.expect(rows.joined(separator: "\n") + "\n", equals: "\(item.name).48.escpos.hex")
    }

    /// What a printer does not know goes out as a question mark (A3 BF).
    @Test(arguments: cases) func `the printer knows every character`(_ item: Case) throws {
        let job = ESCPOSRenderer(profile: .chinese80).render(try item.make())
        #expect(!zip(job, job.dropFirst()).contains { $0 == (0xA3, 0xBF) })
    }

    @Test(arguments: cases, [24, 32, 42, 48, 64]) func `no line is wider than the paper`(_ item: Case, width: Int)
        throws
    {
        for row in TextRenderer(width: width).render(try item.make()).split(separator: "\n") {
            #expect(Printed.width(row) <= width, "\(row)")
        }
    }

    @Test(arguments: TransactionKind.allCases) func `every kind is named on its receipt`(kind: TransactionKind) throws {
        let text = TextRenderer(width: 64).render(
            Receipt(try Sample.data(Sample.request(kind), .approved(Sample.reply(), nil))))
        #expect(text.contains("\(kind.chinese) \(kind.english.uppercased())\n"))
        #expect(text.contains("ORIG. VOUCHER NO.") == kind.followsUp)
        #expect(text.contains("SUPERVISOR") == kind.needsSupervisor)
        #expect(text.contains("AMOUNT") == (kind != .balance))
    }

    @Test func `what an account holds is on the customer's copy alone`() throws {
        for kind in [TransactionKind.sale, .balance] {
            let request = try Sample.request(kind, 0)
            for copy in ReceiptData.Copy.allCases {
                let data = try Sample.data(request, .approved(Sample.reply(balance: 98_765), nil), copy: copy)
                #expect(TextRenderer().render(Receipt(data)).contains("987.65") == (copy == .customer))
            }
        }
        #expect(ReceiptData.Copy.copies(of: .balance) == [.customer])
        #expect(ReceiptData.Copy.copies(of: .sale) == [.merchant, .customer])
        #expect(ReceiptData.Copy.copies(of: .sale, withBank: true) == ReceiptData.Copy.allCases)
        #expect(ReceiptData.Copy.copies(of: .balance, withBank: true) == [.customer])
    }

    @Test func `a payment of which nothing was refused has no slip`() throws {
        let approved = try Sample.payment(.sale, .approved(Sample.reply(), nil), nil, [])
        let waiting = try Sample.payment(.sale, .failed(PaymentFailure(.noReply, "no reply")), .noReply, [])
        for payment in [approved, waiting] {
            #expect(Receipt(refused: payment, merchant: Sample.merchant, time: Sample.time) == nil)
        }
    }

    @Test func `a long name wraps and stays whole`() throws {
        let name = "北京市朝阳区三里屯街道工人体育场北路天意餐饮管理有限公司第一分公司 TIANYI RESTAURANT BEIJING"
        let merchant = ReceiptData.Merchant(name: name, number: "1", terminal: "2")
        let receipt = Receipt(try Sample.data(.approved(Sample.approved, Sample.chip()), merchant: merchant))
        let text = TextRenderer(width: 32).render(receipt).filter { !$0.isWhitespace }
        #expect(text.contains(name.filter { !$0.isWhitespace }))
    }

    @Test(arguments: [
        (8880, Currency.cny, "RMB 88.80"), (1, .cny, "RMB 0.01"), (100_000_000, .cny, "RMB 1000000.00"),
        (500, .jpy, "JPY 500"), (12345, .kwd, "KWD 12.345"),
    ])
    func `the amount ends at the right edge`(units: Int64, currency: Currency, text: String) throws {
        let receipt = Receipt(
            try Sample.data(.approved(Sample.approved, nil), amount: units, currency: currency))
        let row = TextRenderer(width: 32).render(receipt).split(separator: "\n").first { $0.hasPrefix("金额") }
        let found = try #require(row)
        #expect(found.hasSuffix(" \(text)"))
        #expect(Printed.width(found) == 32)
    }

    @Test func `nothing but the masked number and no detail of a failure is on paper`() throws {
        let receipt = Receipt(try Sample.data(.failed(PaymentFailure(.noReply, "address 10.1.2.3"))))
        let text = TextRenderer().render(receipt)
        #expect(text.contains("622848*********4567 /I"))
        #expect(!text.contains("10.1.2.3"))
    }

    @Test func `a payment that never had a card has a receipt`() throws {
        let data = ReceiptData(
            merchant: Sample.merchant, request: try Sample.request(), time: Sample.time, authorization: nil,
            outcome: .cancelled(by: .customer), copy: .customer)
        let text = TextRenderer().render(Receipt(data))
        #expect(text.contains("CANCELLED"))
        #expect(text.contains("2026/03/09 08:05:07"))
        #expect(!text.contains("CARD NO."))
    }
}
