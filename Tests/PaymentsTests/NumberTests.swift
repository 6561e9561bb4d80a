import Payments
import Testing

@Suite struct NumberTests {
    @Test func traceNumbersWrapToOne() {
        #expect(STAN(999_999)?.next == STAN.first)
        #expect(STAN.first.next.description == "000002")
        #expect(STAN(0) == nil)
        #expect(STAN(1_000_000) == nil)
        #expect(STAN(-1) == nil)
    }

    @Test func batchNumbersWrapToOne() {
        #expect(BatchNumber(999_999)?.next == BatchNumber.first)
        #expect(BatchNumber(726)?.description == "000726")
        #expect(BatchNumber(0) == nil)
    }

    @Test(arguments: [
        ("3012", true), ("0001", true), ("3000", false), ("3013", false), ("301", false), ("3O12", false),
    ])
    func expiryDates(text: String, isValid: Bool) {
        #expect((ExpiryDate(yearMonth: text) != nil) == isValid)
        if isValid { #expect(ExpiryDate(yearMonth: text)?.description == text) }
    }

    @Test func timesPrintAsTheFieldsNeedThem() {
        let time = LocalDateTime(year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5)
        #expect(time.iso8601 == "2026-01-02T03:04:05")
        #expect(time.receiptText == "2026/01/02 03:04:05")
        #expect(time.yymmdd == "260102")
        #expect(time.mmdd == "0102")
        #expect(time.hhmmss == "030405")
        #expect(time < LocalDateTime(year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 6))
        #expect(time < LocalDateTime(year: 2026, month: 2, day: 1, hour: 0, minute: 0, second: 0))
    }

    @Test(arguments: [("r-1", true), ("", false), ("a b", false), ("ä", false)])
    func requestIdentifiers(text: String, isValid: Bool) {
        #expect((RequestID(rawValue: text) != nil) == isValid)
        #expect(RequestID(rawValue: String(repeating: "x", count: 65)) == nil)
    }
}
