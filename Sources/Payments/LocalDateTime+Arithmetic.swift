/// Counting on the proleptic Gregorian calendar. No zone and no leap seconds: every day has 86,400 seconds.
extension LocalDateTime {
    /// The first second of the year 1.
    public static let earliest = LocalDateTime(year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0)
    /// The last second of the year 9999.
    public static let latest = LocalDateTime(year: 9999, month: 12, day: 31, hour: 23, minute: 59, second: 59)

    /// A date and time of these parts, if there is one, in the years 1–9999.
    public init?(validYear year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.daysInMonth(month, of: year)).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
        else { return nil }
        self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    /// Whether the calendar has this date and the clock this time, in the years 1–9999.
    public var isValid: Bool {
        LocalDateTime(validYear: year, month: month, day: day, hour: hour, minute: minute, second: second) != nil
    }

    /// The time so many seconds later, or earlier for a negative number; at most `latest`, at least `earliest`.
    public func advanced(seconds: Int) -> LocalDateTime {
        let (sum, overflowed) = secondsSinceEpoch.addingReportingOverflow(seconds)
        let bound = overflowed ? (seconds < 0 ? Int.min : Int.max) : sum
        let total = min(max(bound, Self.earliest.secondsSinceEpoch), Self.latest.secondsSinceEpoch)
        return LocalDateTime(day: total / 86_400, secondOfDay: total % 86_400)
    }

    /// Seconds from `earlier` to here; negative if this is the earlier one.
    public func seconds(since earlier: LocalDateTime) -> Int { secondsSinceEpoch &- earlier.secondsSinceEpoch }

    /// Midnights from `earlier` to here, whatever the time of day; negative if this is the earlier one.
    public func days(since earlier: LocalDateTime) -> Int { daysSinceEpoch &- earlier.daysSinceEpoch }

    /// Days of the month, 0 for one that does not exist.
    static func daysInMonth(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        case 1...12: 31
        default: 0
        }
    }

    private static let daysIn400Years = 146_097

    /// Days since 1 March of the year 0. A year that begins in March has its leap day last, so the months count alike.
    /// Wraps where a part is absurd, and never traps.
    private var daysSinceEpoch: Int {
        let year = month > 2 ? self.year : self.year &- 1
        let monthFromMarch = (month &+ 9) % 12
        let cycle = year >= 0 ? year / 400 : (year &- 399) / 400
        let yearOfCycle = year &- cycle &* 400
        let dayOfYear = (153 &* monthFromMarch &+ 2) / 5 &+ day &- 1
        let dayOfCycle = yearOfCycle &* 365 &+ yearOfCycle / 4 &- yearOfCycle / 100 &+ dayOfYear
        return cycle &* Self.daysIn400Years &+ dayOfCycle
    }

    private var secondsSinceEpoch: Int {
        daysSinceEpoch &* 86_400 &+ hour &* 3600 &+ minute &* 60 &+ second
    }

    /// The reverse of the above; `day` is at least that of 1 January of the year 1.
    private init(day: Int, secondOfDay: Int) {
        let cycle = day / Self.daysIn400Years
        let dayOfCycle = day % Self.daysIn400Years
        let yearOfCycle =
            (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / (Self.daysIn400Years - 1)) / 365
        let dayOfYear = dayOfCycle - (yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        self.init(
            year: cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1,
            hour: secondOfDay / 3600, minute: secondOfDay / 60 % 60, second: secondOfDay % 60)
    }
}
