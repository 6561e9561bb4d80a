import Payments
import Receipts
import Testing
import Wire

struct ReceiptTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let make: @Sendable () throws -> ReceiptData
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "approved-merchant") { try Sample.data(.approved(Sample.approved, Sample.chip())) },
        Case(name: "approved-customer") {
            try Sample.data(.approved(Sample.approved, Sample.chip()), copy: .customer)
        },
        Case(name: "signature-merchant") {
            try Sample.data(.approved(Sample.approved, Sample.chip(signature: true)), pin: .none)
        },
        Case(name: "signature-customer") {
            try Sample.data(.approved(Sample.approved, Sample.chip(signature: true)), copy: .customer, pin: .none)
        },
        Case(name: "declined-duplicate") {
            try Sample.data(.declined(Sample.declined, Sample.chip()), reprint: true)
        },
        Case(name: "failed") {
            try Sample.data(.failed(PaymentFailure(.noReply, "no reply in 60 s")), copy: .customer)
        },
    ]

    @Test(arguments: cases) func `golden text`(_ item: Case) throws {
        let receipt = Receipt(try item.make())
        try Fixture.expect(TextRenderer(width: 48).render(receipt), equals: "\(item.name).48.txt")
        try Fixture.expect(TextRenderer(width: 32).render(receipt), equals: "\(item.name).32.txt")
    }

    @Test(arguments: cases) func `golden print job`(_ item: Case) throws {
        let job = ESCPOSRenderer(width: 48).render(Receipt(try item.make()))
        let rows = job.split(separator: 0x0A, omittingEmptySubsequences: false).map { Hex.encode($0) }
        try Fixture.expect(rows.joined(separator: "\n") + "\n", equals: "\(item.name).48.escpos.hex")
    }

    @Test(arguments: cases, [24, 32, 42, 48, 64]) func `no line is wider than the paper`(_ item: Case, width: Int)
        throws
    {
        for row in TextRenderer(width: width).render(Receipt(try item.make())).split(separator: "\n") {
            #expect(Printed.width(row) <= width, "\(row)")
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
