public import Payments

/// What is stored for the acquirer, and what it refused.
public struct QueueReport: Codable, Sendable, Equatable {
    /// One payment that the acquirer has not taken.
    public struct Item: Codable, Sendable, Equatable {
        /// The register's id.
        public let id: RequestID
        /// What was asked for.
        public let kind: TransactionKind
        /// Major units.
        public let amount: String
        /// Field 11, six digits.
        public let stan: String
        /// The batch, six digits.
        public let batch: String
        /// What is to be delivered.
        public let delivery: Delivery
        /// When it was made.
        public let time: String
        /// Why the acquirer refused it: field 39 and what it says; nil while it waits.
        public let refusal: String?

        init(_ delivery: PendingDelivery) {
            var refusal: String?
            if case .pending(_, let codes) = delivery.payment.reversal, let last = codes.last { refusal = last }
            self.init(delivery.payment, delivery.delivery, refusal)
        }

        init(_ refused: PaymentState) {
            self.init(refused, .stored, refused.reply.map { "\($0.code) \($0.text.english)" })
        }

        private init(_ payment: PaymentState, _ delivery: Delivery, _ refusal: String?) {
            id = payment.request.id
            kind = payment.request.kind
            amount = "\(payment.request.amount)"
            stan = payment.authorization.map { "\($0.stan)" } ?? ""
            batch = payment.authorization.map { "\($0.batch)" } ?? ""
            self.delivery = delivery
            time = (payment.authorization?.time ?? payment.acceptedAt).iso8601
            self.refusal = refusal
        }
    }

    /// Payments that wait, of all.
    public let count: Int
    /// What they come to, major units.
    public let amount: String
    /// Three letters, of all amounts here.
    public let currency: String
    /// When the oldest was stored.
    public let oldest: String?
    /// Whether the oldest waits longer than it should.
    public let isOverdue: Bool
    /// Whether the operator holds them back.
    public let isPaused: Bool
    /// The oldest that wait, at most `mostItems`.
    public let waiting: [Item]
    /// What the acquirer refused and nobody has settled.
    public let refused: [Item]

    /// Most items that are listed.
    public static let mostItems = 100

    init(
        load: QueueLoad, isPaused: Bool, waiting: [Item], refused: [Item], currency: Currency, isOverdue: Bool
    ) {
        count = load.total.count
        amount = "\(Money(minorUnits: load.total.amount, currency))"
        self.currency = currency.code
        oldest = load.oldest?.iso8601
        self.isOverdue = isOverdue
        self.isPaused = isPaused
        self.waiting = waiting
        self.refused = refused
    }
}
