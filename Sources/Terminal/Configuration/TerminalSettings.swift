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
        let visible: (String) -> Bool = { $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } }
        number = try container.text(.number, "8 ASCII characters") { $0.utf8.count == 8 && visible($0) }
        merchant = try container.text(.merchant, "15 ASCII characters") { $0.utf8.count == 15 && visible($0) }
        let chinese = try container.text(.name, "1 to 40 characters") { (1...40).contains($0.count) }
        name = BilingualText(chinese, try container.value(.nameInEnglish, or: chinese))
        let currency = try container.value(.currency, or: Currency.cny)
        self.currency = currency
        do {
            limit = try Money(try container.value(.limit, or: "50000"), currency)
        } catch let error as MoneyError {
            throw container.invalid(.limit, "must be an amount of \(currency.code): \(error.rawValue)")
        }
    }
}
