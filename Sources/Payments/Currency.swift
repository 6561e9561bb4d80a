/// A currency of ISO 4217.
public struct Currency: Hashable, Sendable {
    /// Its place in the table: amounts stand in every record, and are copied the faster.
    private let place: UInt8

    private static let table: [(code: String, number: Int, exponent: Int)] = [
        ("CNY", 156, 2), ("JPY", 392, 0), ("KWD", 414, 3),
        ("AED", 784, 2), ("AUD", 36, 2), ("BHD", 48, 3), ("CAD", 124, 2), ("CHF", 756, 2), ("EUR", 978, 2),
        ("GBP", 826, 2), ("HKD", 344, 2), ("IDR", 360, 2), ("INR", 356, 2), ("KRW", 410, 0), ("MOP", 446, 2),
        ("MYR", 458, 2), ("NZD", 554, 2), ("OMR", 512, 3), ("PHP", 608, 2), ("RUB", 643, 2), ("SAR", 682, 2),
        ("SGD", 702, 2), ("THB", 764, 2), ("TND", 788, 3), ("TWD", 901, 2), ("USD", 840, 2), ("VND", 704, 0),
    ]

    /// The three-letter code, `CNY`.
    public var code: String { Self.table[Int(place)].code }
    /// The three-digit code, 156.
    public var number: Int { Self.table[Int(place)].number }
    /// Digits after the decimal point: 2 for CNY, 0 for JPY, 3 for KWD.
    public var exponent: Int { Self.table[Int(place)].exponent }

    /// The currencies the terminal knows.
    public static let all = table.indices.map { Currency(place: UInt8($0)) }
    /// Renminbi.
    public static let cny = Currency(place: 0)
    /// Yen, without decimals.
    public static let jpy = Currency(place: 1)
    /// Kuwaiti dinar, with three decimals.
    public static let kwd = Currency(place: 2)

    private init(place: UInt8) { self.place = place }

    /// The currency with this three-letter code, if known.
    public init?(code: String) {
        guard let known = Currency.all.first(where: { $0.code == code }) else { return nil }
        self = known
    }

    /// The currency with this three-digit code, if known.
    public init?(number: Int) {
        guard let known = Currency.all.first(where: { $0.number == number }) else { return nil }
        self = known
    }
}

extension Currency: Codable {
    /// Reads the three-letter code.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let code = try container.decode(String.self)
        guard let currency = Currency(code: code) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(code) is no currency known here")
        }
        self = currency
    }

    /// Writes the three-letter code.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(code)
    }
}
