/// A date and time of the shop's wall clock, to the second. Order of events is kept by sequence, never by this.
public struct LocalDateTime: Hashable, Codable, Sendable, Comparable {
    /// Year, 2026.
    public var year: Int { Int(storedYear) }
    /// Month, 1–12.
    public var month: Int { Int(storedMonth) }
    /// Day of the month, 1–31.
    public var day: Int { Int(storedDay) }
    /// Hour, 0–23.
    public var hour: Int { Int(storedHour) }
    /// Minute, 0–59.
    public var minute: Int { Int(storedMinute) }
    /// Second, 0–59.
    public var second: Int { Int(storedSecond) }

    // Every record and every payment holds some of these: small, they are copied the faster.
    private let storedYear: Int16
    private let storedMonth: Int8
    private let storedDay: Int8
    private let storedHour: Int8
    private let storedMinute: Int8
    private let storedSecond: Int8

    /// A date and time of these parts. One that no calendar has stays without meaning (`isValid`).
    public init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        storedYear = Int16(clamping: year)
        storedMonth = Int8(clamping: month)
        storedDay = Int8(clamping: day)
        storedHour = Int8(clamping: hour)
        storedMinute = Int8(clamping: minute)
        storedSecond = Int8(clamping: second)
    }

    /// `YYYY-MM-DDThh:mm:ss`.
    public var iso8601: String {
        "\(Digits.padded(year, 4))-\(Digits.padded(month, 2))-\(Digits.padded(day, 2))T\(timeWithColons)"
    }
    /// `YYYY/MM/DD hh:mm:ss`, as receipts print it.
    public var receiptText: String {
        "\(Digits.padded(year, 4))/\(Digits.padded(month, 2))/\(Digits.padded(day, 2)) \(timeWithColons)"
    }
    /// `YYMMDD`, as tag 9A carries it.
    public var yymmdd: String { Digits.padded(year % 100, 2) + mmdd }
    /// `MMDD`, as field 13 carries it.
    public var mmdd: String { Digits.padded(month, 2) + Digits.padded(day, 2) }
    /// `hhmmss`, as field 12 and tag 9F21 carry it.
    public var hhmmss: String { Digits.padded(hour, 2) + Digits.padded(minute, 2) + Digits.padded(second, 2) }

    private var timeWithColons: String {
        "\(Digits.padded(hour, 2)):\(Digits.padded(minute, 2)):\(Digits.padded(second, 2))"
    }

    /// Earlier is less.
    public static func < (left: LocalDateTime, right: LocalDateTime) -> Bool {
        (left.year, left.month, left.day, left.hour * 3600 + left.minute * 60 + left.second)
            < (right.year, right.month, right.day, right.hour * 3600 + right.minute * 60 + right.second)
    }

    /// The time that `iso8601` writes, if there is one.
    public init?(iso8601 text: String) {
        let parts = text.split { "-T:".contains($0) }.compactMap { Int($0) }
        guard parts.count == 6,
            let time = LocalDateTime(
                validYear: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4],
                second: parts[5]),
            time.iso8601 == text
        else { return nil }
        self = time
    }

    /// Reads `YYYY-MM-DDThh:mm:ss`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = LocalDateTime(iso8601: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not YYYY-MM-DDThh:mm:ss")
        }
        self = time
    }

    /// Writes `YYYY-MM-DDThh:mm:ss`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(iso8601)
    }
}
