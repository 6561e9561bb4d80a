/// What the control API takes to start a sale. A key it does not know is refused: a misspelt currency is not passed over.
public struct PaymentOrder: Codable, Sendable, Equatable {
    /// The register's own id; 1–64 visible ASCII characters.
    public var id: String
    /// Major units, `88.80`.
    public var amount: String
    /// Three letters; the terminal's own currency where absent.
    public var currency: String?
    /// Two digits; `01` where absent.
    public var cashier: String?

    private enum CodingKeys: String, CodingKey {
        case id, amount, currency, cashier
    }

    /// Reads an order strictly.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        amount = try container.decode(String.self, forKey: .amount)
        currency = try container.decodeIfPresent(String.self, forKey: .currency)
        cashier = try container.decodeIfPresent(String.self, forKey: .cashier)
    }

    /// An order of these parts.
    public init(id: String, amount: String, currency: String? = nil, cashier: String? = nil) {
        self.id = id
        self.amount = amount
        self.currency = currency
        self.cashier = cashier
    }
}

/// Why the control API did not do what was asked.
public struct Refusal: Error, Codable, Sendable, Equatable, CustomStringConvertible {
    /// What a program branches on.
    public enum Kind: String, Codable, Sendable {
        /// A field of the request is wrong.
        case invalid
        /// There is no such thing.
        case notFound
        /// The id belongs to another request.
        case conflict
        /// Another payment runs.
        case busy
        /// It cannot be done now.
        case unavailable
    }

    /// What a program branches on.
    public let kind: Kind
    /// The field that is wrong, where one is.
    public let field: String?
    /// What is wrong and what to do.
    public let message: String

    /// A refusal of these parts.
    public init(_ kind: Kind, field: String? = nil, _ message: String) {
        self.kind = kind
        self.field = field
        self.message = message
    }

    /// The message, with the field it is about.
    public var description: String { field.map { "\($0): \(message)" } ?? message }
}

/// One record of the journal, for people.
public struct JournalRow: Codable, Sendable, Equatable {
    /// Place in the journal, from 1.
    public let sequence: Int
    /// The shop's time.
    public let time: String
    /// The kind of record.
    public let kind: String
    /// The register's request, if the record belongs to one.
    public let id: String?
    /// What it says, in a line.
    public let summary: String
    /// The hash that chains it, in hexadecimal.
    public let hash: String
}
