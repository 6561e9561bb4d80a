/// What a register asks for: take `amount` from a card.
public struct SaleRequest: Hashable, Codable, Sendable {
    /// The register's own id of the request: asked twice, answered alike (M9).
    public let id: RequestID
    /// How much; above zero.
    public let amount: Money
    /// Two digits that name the cashier, `01`.
    public let cashier: String

    /// A request of the register.
    public init(id: RequestID, amount: Money, cashier: String = "01") {
        self.id = id
        self.amount = amount
        self.cashier = cashier
    }
}

/// The register's own id of a request: 1–64 visible ASCII characters.
public struct RequestID: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
    /// The id as the register wrote it.
    public let rawValue: String
    /// The id, if its characters are allowed.
    public init?(rawValue: String) {
        guard (1...64).contains(rawValue.utf8.count), rawValue.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        self.rawValue = rawValue
    }
    /// The id as the register wrote it.
    public var description: String { rawValue }
}
