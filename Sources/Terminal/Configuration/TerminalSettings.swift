public import Payments

/// Who this terminal is to the acquirer and on receipts.
public struct TerminalSettings: Equatable, Sendable, Decodable {
    /// Field 41: eight characters.
    public let number: String
    /// Field 42: fifteen characters.
    public let merchant: String
    /// The merchant's name on receipts, in both languages.
    public let name: BilingualText
    /// The currency of all amounts.
    public let currency: Currency
    /// The largest amount of one payment.
    public let limit: Money

    private enum CodingKeys: String, CodingKey {
        case number, merchant, name, nameInEnglish, currency, limit
    }

    /// Reads the section `terminal`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        number = try container.lettersAndDigits(.number, count: 8)
        merchant = try container.lettersAndDigits(.merchant, count: 15)
        let isName: (String) -> Bool = { (1...40).contains($0.count) }
        let chinese = try container.text(.name, "1 to 40 characters", where: isName)
        let english =
            container.contains(.nameInEnglish)
            ? try container.text(.nameInEnglish, "1 to 40 characters", where: isName) : chinese
        name = BilingualText(chinese, english)
        currency = try container.value(.currency, or: Currency.cny)
        limit = Money(
            minorUnits: try container.contains(.limit)
                ? container.amount(.limit, in: decoder, atLeast: 1) : Money("50000", currency).minorUnits, currency)
    }
}
