import FoundationEssentials
import Payments
import Testing

@Suite struct CalendarTests {
    /// A time, seconds, and the time so much later.
    static let steps: [(String, Int, String)] = [
        ("2026-11-22T13:14:15", 0, "2026-11-22T13:14:15"),
        ("2026-11-22T23:59:59", 1, "2026-11-23T00:00:00"),
        ("2026-12-31T23:59:59", 1, "2027-01-01T00:00:00"),
        ("2027-01-01T00:00:00", -1, "2026-12-31T23:59:59"),
        ("2028-02-28T23:59:59", 1, "2028-02-29T00:00:00"),
        ("2028-03-01T00:00:00", -86_400, "2028-02-29T00:00:00"),
        ("2026-02-28T12:00:00", 86_400, "2026-03-01T12:00:00"),
        ("2100-02-28T00:00:00", 86_400, "2100-03-01T00:00:00"),
        ("2000-02-28T00:00:00", 86_400, "2000-02-29T00:00:00"),
        ("2000-12-31T00:00:00", 86_400, "2001-01-01T00:00:00"),
        ("1970-01-01T00:00:00", 2_147_483_647, "2038-01-19T03:14:07"),
        ("1970-01-01T00:00:00", -2_147_483_648, "1901-12-13T20:45:52"),
        ("1600-03-01T00:00:00", 146_097 * 86_400, "2000-03-01T00:00:00"),
        ("9999-12-31T23:59:58", 1, "9999-12-31T23:59:59"),
        ("0001-01-01T00:00:01", -1, "0001-01-01T00:00:00"),
    ]

    @Test(arguments: steps.indices) func secondsLater(index: Int) throws {
        let (start, seconds, end) = Self.steps[index]
        let from = try #require(LocalDateTime(iso8601: start))
        let to = try #require(LocalDateTime(iso8601: end))
        #expect(from.advanced(seconds: seconds) == to)
        #expect(to.advanced(seconds: -seconds) == from)
        #expect(to.seconds(since: from) == seconds)
        #expect(from.seconds(since: to) == -seconds)
    }

    /// Every day of 800 years follows the one before it, and a count leads back to it.
    @Test func everyDayIsThere() throws {
        let first = LocalDateTime(year: 1600, month: 1, day: 1, hour: 12, minute: 34, second: 56)
        var day = first
        for number in 1...292_194 {
            let next = day.advanced(seconds: 86_400)
            let follows =
                next.day == day.day + 1 && next.month == day.month
                || next.day == 1 && (next.month == day.month + 1 || next.month == 1 && next.year == day.year + 1)
            guard follows, next.isValid, next.days(since: first) == number, next.hhmmss == "123456" else {
                Issue.record("after \(day.iso8601) comes \(next.iso8601)")
                return
            }
            day = next
        }
        #expect(day.iso8601 == "2400-01-01T12:34:56")
    }

    @Test(arguments: [
        ("2026-11-22T23:59:59", "2026-11-23T00:00:00", 1), ("2026-11-22T00:00:00", "2026-11-22T23:59:59", 0),
        ("2028-01-01T00:00:00", "2029-01-01T00:00:00", 366), ("2026-03-01T00:00:00", "2026-02-28T00:00:00", -1),
        ("2026-01-01T00:00:00", "2027-06-25T00:00:00", 540),
    ])
    func daysBetween(from: String, to: String, days: Int) throws {
        let earlier = try #require(LocalDateTime(iso8601: from))
        #expect(try #require(LocalDateTime(iso8601: to)).days(since: earlier) == days)
    }

    @Test func theCalendarEndsWhereYearsHaveFourDigits() {
        let now = LocalDateTime(year: 2026, month: 11, day: 22, hour: 1, minute: 2, second: 3)
        for seconds in [Int.max, Int.max - 1, 1 << 50] {
            #expect(now.advanced(seconds: seconds) == .latest)
            #expect(now.advanced(seconds: -seconds) == .earliest)
        }
        #expect(now.advanced(seconds: .min) == .earliest)
    }

    /// Absurd parts, as a machine without a battery or a damaged file may have them, are no reason to end.
    @Test(arguments: [Int.min, -1, 0, 13, 60, Int.max])
    func absurdPartsDoNotTrap(part: Int) {
        let absurd = LocalDateTime(year: part, month: part, day: part, hour: part, minute: part, second: part)
        #expect(!absurd.isValid)
        _ = absurd.advanced(seconds: part)
        _ = absurd.seconds(since: .latest)
        _ = LocalDateTime.earliest.days(since: absurd)
    }

    @Test(arguments: [
        ("2028-02-29T00:00:00", true), ("2027-02-29T00:00:00", false), ("2100-02-29T00:00:00", false),
        ("2000-02-29T00:00:00", true), ("2026-04-31T00:00:00", false), ("2026-13-01T00:00:00", false),
        ("2026-00-01T00:00:00", false), ("2026-01-00T00:00:00", false), ("2026-01-01T24:00:00", false),
        ("2026-01-01T23:60:00", false), ("2026-01-01T23:59:60", false), ("0000-01-01T00:00:00", false),
        ("2026-1-01T00:00:00", false), ("2026-01-01 00:00:00", false), ("2026-01-01T00:00:00Z", false), ("", false),
    ])
    func onlyRealTimesAreRead(text: String, isReal: Bool) throws {
        #expect((LocalDateTime(iso8601: text) != nil) == isReal)
        let json = Data("[\"\(text)\"]".utf8)
        if isReal {
            #expect(try JSONDecoder().decode([LocalDateTime].self, from: json).first?.iso8601 == text)
        } else {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode([LocalDateTime].self, from: json) }
        }
    }
}
