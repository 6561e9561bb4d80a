/// An amount of one currency in its minor unit (fen, yen, fils). Arithmetic is checked: it throws, it never traps.
public struct Money: Hashable, Codable, Sendable {
    /// The amount in minor units; may be negative.
    public let minorUnits: Int64
    /// The currency.
    public let currency: Currency

    /// `minorUnits` of `currency`.
    public init(minorUnits: Int64, _ currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// Reads an amount in major units, `88.80`: digits, at most one point, no more decimals than the currency has.
    public init(_ text: String, _ currency: Currency) throws(MoneyError) {
        let negative = text.hasPrefix("-")
        let parts = text.dropFirst(negative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = parts.first, !whole.isEmpty,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { throw .notANumber }
        let decimals = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || !decimals.isEmpty else { throw .notANumber }
        guard decimals.count <= currency.exponent else { throw .tooManyDecimals }
        let padded = decimals + String(repeating: "0", count: currency.exponent - decimals.count)
        guard let units = Int64(whole + padded) else { throw .overflow }
        self.init(minorUnits: negative ? -units : units, currency)
    }

    /// The sum of two amounts of the same currency.
    public func adding(_ other: Money) throws(MoneyError) -> Money {
        guard currency == other.currency else { throw .differentCurrencies }
        let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
        guard !overflow else { throw .overflow }
        return Money(minorUnits: sum, currency)
    }

    /// The difference of two amounts of the same currency.
    public func subtracting(_ other: Money) throws(MoneyError) -> Money {
        guard currency == other.currency else { throw .differentCurrencies }
        let (difference, overflow) = minorUnits.subtractingReportingOverflow(other.minorUnits)
        guard !overflow else { throw .overflow }
        return Money(minorUnits: difference, currency)
    }
}

extension Money: CustomStringConvertible {
    /// The amount in major units without the currency, `88.80`.
    public var description: String {
        let digits = String(minorUnits.magnitude)
        let padded = String(repeating: "0", count: max(0, currency.exponent + 1 - digits.count)) + digits
        let sign = minorUnits < 0 ? "-" : ""
        guard currency.exponent > 0 else { return sign + padded }
        return "\(sign)\(padded.dropLast(currency.exponent)).\(padded.suffix(currency.exponent))"
    }
}

/// Why an amount could not be read or calculated.
public enum MoneyError: String, Error, Codable, Sendable {
    /// Not digits with at most one point.
    case notANumber
    /// More decimals than the currency has.
    case tooManyDecimals
    /// Larger than 64 bits hold.
    case overflow
    /// Amounts of two currencies were combined.
    case differentCurrencies

    /// What was wrong, for people.
    public var words: String {
        switch self {
        case .notANumber: "it is no number"
        case .tooManyDecimals: "too many decimals"
        case .overflow: "too large"
        case .differentCurrencies: "two currencies"
        }
    }
}
