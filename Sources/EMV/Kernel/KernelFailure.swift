public import Payments

/// Why the kernel could not come to a decision. Holds no card data.
public struct KernelFailure: Error, Equatable, Sendable {
    /// The reasons to branch on.
    public enum Reason: String, Sendable {
        /// The card is blocked.
        case cardBlocked
        /// Every application that both sides know is blocked.
        case applicationBlocked
        /// No application that both sides know.
        case noApplication
        /// Data that are missing, of a wrong form or against the rules.
        case badData
        /// Status bytes that end the transaction.
        case badStatus
        /// A cryptogram that the terminal did not allow.
        case forbiddenCryptogram
        /// More commands than a transaction may take.
        case tooManyCommands
        /// The customer cancelled.
        case cancelled
        /// The card left.
        case cardRemoved
        /// The card does not answer, or the reader failed.
        case cardMute
    }

    /// The reason to branch on.
    public let reason: Reason
    /// What was wrong, in English, without card data.
    public let detail: String
    /// Where the standard says so: `Book 3, 10.2`.
    public let clause: String

    /// The reason in the payment's words; nil if the customer cancelled, which is no failure.
    public var paymentFailure: PaymentFailure? {
        let paymentReason: PaymentFailure.Reason =
            switch reason {
            case .cardBlocked, .applicationBlocked: .cardBlocked
            case .noApplication: .cardNotSupported
            case .badData, .badStatus, .forbiddenCryptogram, .tooManyCommands, .cardMute: .cardUnreadable
            case .cardRemoved: .cardRemoved
            case .cancelled: .noPIN
            }
        guard reason != .cancelled else { return nil }
        return PaymentFailure(paymentReason, "\(detail) (EMV \(clause))")
    }

    /// Whether the stripe may be used instead. Only a chip that cannot be used lets it: a card that is blocked, left the slot or
    /// broke the rules of its cryptogram has no second way in, nor has a payment whose request already left for the issuer, which
    /// the caller knows.
    public var permitsFallback: Bool {
        switch reason {
        case .badData, .badStatus, .tooManyCommands, .cardMute, .noApplication: true
        case .cardBlocked, .applicationBlocked, .forbiddenCryptogram, .cancelled, .cardRemoved: false
        }
    }

    init(_ reason: Reason, _ detail: String, _ clause: String) {
        self.reason = reason
        self.detail = detail
        self.clause = clause
    }
}
