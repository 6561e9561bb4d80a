import Engine
import Payments
import Testing

@Suite struct ClockTests {
    /// The shop's time, fields 13 and 12, and the offset; nil for a time that is none.
    static let offsets: [(String, String, String, Int?)] = [
        ("2026-11-22T13:14:15", "1122", "131415", 0),
        ("2026-11-22T13:14:15", "1122", "131515", 60),
        ("2026-11-22T13:14:15", "1122", "121415", -3600),
        ("2026-12-31T23:59:30", "0101", "000030", 60),
        ("2027-01-01T00:00:30", "1231", "235930", -60),
        ("2028-02-29T12:00:00", "0229", "120001", 1),
        ("2027-03-01T00:00:10", "0228", "235959", -11),
        ("2028-03-01T00:00:10", "0229", "235959", -11),
        ("1970-01-01T00:00:10", "1122", "131415", -3_408_355),
        ("2026-06-15T12:00:00", "0615", "120000", 0),
        ("2027-02-28T12:00:00", "0229", "120000", nil),
        ("2026-11-22T13:14:15", "1131", "131415", nil),
        ("2026-11-22T13:14:15", "1122", "241415", nil),
        ("2026-11-22T13:14:15", "0000", "000000", nil),
        ("2026-11-22T13:14:15", "112", "131415", nil),
        ("2026-11-22T13:14:15", "1122", "13141", nil),
        ("2026-11-22T13:14:15", "11 2", "131415", nil),
        ("2026-11-22T13:14:15", "-122", "131415", nil),
        ("2026-11-22T13:14:15", "", "", nil),
    ]

    @Test(arguments: offsets.indices) func theYearIsTheNearest(index: Int) throws {
        let (shop, date, time, offset) = Self.offsets[index]
        let now = try #require(LocalDateTime(iso8601: shop))
        var clock = AcquirerClock(offsetSeconds: 7)
        _ = clock.hear(AcquirerTime(date: date, time: time), at: now)
        #expect(clock.offsetSeconds == offset ?? 7)
        guard offset != nil else { return }
        #expect(clock.time(at: now).mmdd == date && clock.time(at: now).hhmmss == time)
    }

    /// Offsets as they come one after the other, and whether each is reported.
    @Test(arguments: [
        ([0, 60, -60, 59], [false, false, false, false]),
        ([61, 61, 91, 92, 122], [true, false, false, true, false]),
        ([100, 131, 100, 69, 68], [true, true, true, true, false]),
        ([-61, 61], [true, true]),
        ([100, 0, 100], [true, false, true]),
        ([3600, 3601, 3599, 0, 3600], [true, false, false, false, true]),
    ])
    func aSkewIsReportedOnceUntilItChanges(seconds: [Int], reported: [Bool]) throws {
        var clock = AcquirerClock()
        let shop = LocalDateTime(year: 2026, month: 11, day: 22, hour: 12, minute: 0, second: 0)
        for (offset, isReported) in zip(seconds, reported) {
            let told = shop.advanced(seconds: offset)
            let skew = clock.hear(AcquirerTime(date: told.mmdd, time: told.hhmmss), at: shop)
            #expect(skew == (isReported ? offset : nil), "\(offset) of \(seconds)")
            #expect(clock.offsetSeconds == offset)
        }
    }

    @Test func anImpossibleTimeChangesNothing() throws {
        var clock = AcquirerClock()
        let shop = LocalDateTime(year: 2026, month: 11, day: 22, hour: 12, minute: 0, second: 0)
        #expect(clock.hear(AcquirerTime(date: "1122", time: "130000"), at: shop) == 3600)
        let before = clock
        #expect(clock.hear(AcquirerTime(date: "9999", time: "130000"), at: shop) == nil)
        #expect(clock == before)
        #expect(clock.time(at: shop).hhmmss == "130000")
    }

    struct Look: Sendable {
        let seconds: Int
        let uptime: Int
        let moved: Int?
    }

    /// What the clocks say, in seconds after the last record and after the start, and what is found.
    @Test(arguments: [
        [Look(seconds: 0, uptime: 100, moved: nil), Look(seconds: 10, uptime: 110, moved: nil)],
        // Switched off for a month, which nothing can tell from a clock set forward.
        [Look(seconds: 2_592_000, uptime: 3, moved: nil)],
        // The battery is empty.
        [Look(seconds: -86_400, uptime: 3, moved: -86_400), Look(seconds: -86_390, uptime: 13, moved: nil)],
        [Look(seconds: -5, uptime: 3, moved: nil)], [Look(seconds: -6, uptime: 3, moved: -6)],
        [Look(seconds: 0, uptime: 3, moved: nil), Look(seconds: 3660, uptime: 63, moved: 3600)],
        [
            Look(seconds: 0, uptime: 3, moved: nil), Look(seconds: -3540, uptime: 63, moved: -3600),
            Look(seconds: 60, uptime: 63, moved: 3600), Look(seconds: 65, uptime: 63, moved: nil),
        ],
        [Look(seconds: 0, uptime: 0, moved: nil), Look(seconds: 86_400, uptime: 86_397, moved: nil)],
    ])
    func aClockThatWasSetIsFound(looks: [Look]) {
        let last = LocalDateTime(year: 2026, month: 11, day: 22, hour: 12, minute: 0, second: 0)
        var watch = ClockWatch(lastRecord: last)
        for look in looks {
            let moved = watch.look(last.advanced(seconds: look.seconds), uptimeSeconds: look.uptime)
            #expect(moved == look.moved, "\(look)")
        }
    }

    @Test func anEmptyJournalHasNoTimeToCompareWith() {
        var watch = ClockWatch(lastRecord: nil)
        #expect(watch.look(.earliest, uptimeSeconds: 1) == nil)
        #expect(watch.look(.earliest.advanced(seconds: 100), uptimeSeconds: 1) == 100)
    }
}
