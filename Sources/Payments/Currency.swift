/// A currency of ISO 4217.
public struct Currency: Hashable, Sendable {
    /// The three-letter code, `CNY`.
    public let code: String
    /// The three-digit code, 156.
    public let number: Int
    /// Digits after the decimal point: 2 for CNY, 0 for JPY, 3 for KWD.
    public let exponent: Int

    private init(_ code: String, _ number: Int, _ exponent: Int) {
        self.code = code
        self.number = number
        self.exponent = exponent
    }

    /// The currencies the terminal knows.
    public static let all: [Currency] = [
        Currency("AED", 784, 2), Currency("AUD", 36, 2), Currency("BHD", 48, 3), Currency("CAD", 124, 2),
        Currency("CHF", 756, 2), cny, Currency("EUR", 978, 2), Currency("GBP", 826, 2), Currency("HKD", 344, 2),
        Currency("IDR", 360, 2), Currency("INR", 356, 2), jpy, Currency("KRW", 410, 0), kwd, Currency("MOP", 446, 2),
        Currency("MYR", 458, 2), Currency("NZD", 554, 2), Currency("OMR", 512, 3), Currency("PHP", 608, 2),
        Currency("RUB", 643, 2), Currency("SAR", 682, 2), Currency("SGD", 702, 2), Currency("THB", 764, 2),
        Currency("TND", 788, 3), Currency("TWD", 901, 2), Currency("USD", 840, 2), Currency("VND", 704, 0),
    ]
    /// Renminbi.
    public static let cny = Currency("CNY", 156, 2)
    /// Yen, without decimals.
    public static let jpy = Currency("JPY", 392, 0)
    /// Kuwaiti dinar, with three decimals.
    public static let kwd = Currency("KWD", 414, 3)

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
