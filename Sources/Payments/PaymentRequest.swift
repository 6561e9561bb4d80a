/// What a register asks for, with what it follows up.
public struct PaymentRequest: Hashable, Sendable {
    /// The register's own id of the request: asked twice, answered alike (M9).
    public let id: RequestID
    /// What is to be done.
    public let kind: TransactionKind
    /// How much: above zero, but for a balance, which has zero. With a tip or an adjustment the new total.
    public let amount: Money
    /// The tip in `amount`, for `tip`.
    public let tip: Money?
    /// The earlier payment that this one follows up.
    public let original: Original?
    /// Whether customer and card are at the counter.
    public let channel: Channel
    /// Two digits that name the cashier, `01`.
    public let cashier: String
    /// Two digits of the supervisor who allowed it, where one had to.
    public let supervisor: String?

    /// A request of the register.
    public init(
        id: RequestID, kind: TransactionKind = .sale, amount: Money, tip: Money? = nil, original: Original? = nil,
        channel: Channel = .counter, cashier: String = "01", supervisor: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.amount = amount
        self.tip = tip
        self.original = original
        self.channel = channel
        self.cashier = cashier
        self.supervisor = supervisor
    }

    /// Where the customer is.
    public enum Channel: String, Codable, Sendable {
        /// At the counter, with the card.
        case counter
        /// Not there: the card's data came by mail or phone, and were typed.
        case mailOrder
    }
}

extension PaymentRequest: Codable {
    private enum CodingKeys: String, CodingKey {
        case id, kind, amount, tip, original, channel, cashier, supervisor
    }

    /// Reads a request; the first journals knew sales at the counter only and did not name them so.
    public init(from decoder: any Decoder) throws {
        let parts = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try parts.decode(RequestID.self, forKey: .id),
            kind: try parts.decodeIfPresent(TransactionKind.self, forKey: .kind) ?? .sale,
            amount: try parts.decode(Money.self, forKey: .amount),
            tip: try parts.decodeIfPresent(Money.self, forKey: .tip),
            original: try parts.decodeIfPresent(Original.self, forKey: .original),
            channel: try parts.decodeIfPresent(Channel.self, forKey: .channel) ?? .counter,
            cashier: try parts.decode(String.self, forKey: .cashier),
            supervisor: try parts.decodeIfPresent(String.self, forKey: .supervisor))
    }

    /// Writes a request; a sale at the counter, the most frequent one, goes without its kind.
    public func encode(to encoder: any Encoder) throws {
        var parts = encoder.container(keyedBy: CodingKeys.self)
        try parts.encode(id, forKey: .id)
        if kind != .sale { try parts.encode(kind, forKey: .kind) }
        try parts.encode(amount, forKey: .amount)
        try parts.encodeIfPresent(tip, forKey: .tip)
        try parts.encodeIfPresent(original, forKey: .original)
        if channel != .counter { try parts.encode(channel, forKey: .channel) }
        try parts.encode(cashier, forKey: .cashier)
        try parts.encodeIfPresent(supervisor, forKey: .supervisor)
    }
}
