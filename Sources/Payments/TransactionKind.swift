/// What a payment does with money. One name for register, journal, receipt and acquirer.
public enum TransactionKind: String, Codable, CaseIterable, Sendable {
    /// Takes money from a card.
    case sale
    /// Takes back a sale of the running batch, whole.
    case void
    /// Gives money of an earlier sale back, whole or in parts.
    case refund
    /// Asks what the account holds.
    case balance
    /// Holds money for later.
    case preauthorization
    /// Lets a pre-authorisation go.
    case preauthorizationCancel
    /// Takes money that was held; the acquirer is asked.
    case completion
    /// Takes money that was held; the acquirer is told.
    case completionAdvice
    /// Takes back a completion; the money is held again.
    case completionVoid
    /// A chip sale that card and terminal decide between themselves.
    case offlineSale
    /// A sale that was agreed without the terminal, by voice for instance.
    case offlineSettlement
    /// Corrects the amount of an offline settlement.
    case adjustment
    /// Adds a tip to a sale of the running batch.
    case tip
}

extension TransactionKind {
    /// How the acquirer comes to hear of it.
    public enum Manner: Sendable {
        /// It is asked; what it may have approved without an answer is reversed.
        case request
        /// It is asked; without an answer there is nothing to take back.
        case inquiry
        /// It is asked; without an answer the same message goes out until it is answered, never a reversal.
        case repeatedRequest
        /// The terminal decides; the acquirer is told later, until it answers.
        case advice
    }

    /// On which side of a settlement an amount counts.
    public enum Side: String, Codable, Sendable {
        /// The shop gets it.
        case debit
        /// The shop gives it.
        case credit
    }

    /// How the acquirer comes to hear of it.
    public var manner: Manner {
        switch self {
        case .sale, .void, .preauthorization, .preauthorizationCancel, .completion, .completionVoid: .request
        case .balance: .inquiry
        case .refund: .repeatedRequest
        case .completionAdvice, .offlineSale, .offlineSettlement, .adjustment, .tip: .advice
        }
    }

    /// Where it counts in the totals; nil for what moves no money, and for what changes another's amount.
    public var side: Side? {
        switch self {
        case .sale, .completion, .completionAdvice, .offlineSale, .offlineSettlement: .debit
        case .void, .refund, .completionVoid: .credit
        case .balance, .preauthorization, .preauthorizationCancel, .adjustment, .tip: nil
        }
    }

    /// Whether it follows up an earlier payment.
    public var followsUp: Bool {
        switch self {
        case .sale, .balance, .preauthorization, .offlineSale, .offlineSettlement: false
        case .void, .refund, .preauthorizationCancel, .completion, .completionAdvice, .completionVoid, .adjustment,
            .tip:
            true
        }
    }

    /// Whether a supervisor must allow it: it gives money back, or takes it without the acquirer's word.
    public var needsSupervisor: Bool {
        switch self {
        case .void, .refund, .completionVoid, .offlineSettlement, .adjustment: true
        case .sale, .balance, .preauthorization, .preauthorizationCancel, .completion, .completionAdvice, .offlineSale,
            .tip:
            false
        }
    }
}
