public import Payments

/// Why a message that is no payment did not succeed: a sign-in, a download, a settlement.
public struct AcquiringError: Error, Equatable, Sendable {
    /// What to branch on.
    public enum Reason: String, Sendable {
        /// No connection, or the acquirer's identity could not be proved; nothing has left.
        case unreachable
        /// No matching reply before the deadline.
        case noReply
        /// The acquirer said no; `code` is its field 39.
        case declined
        /// Working keys that cannot be read, or whose check values are wrong.
        case badKeyBlock
        /// A reply without what it must have.
        case badReply
        /// The working keys could not be kept.
        case keyStore
    }

    /// What to branch on.
    public let reason: Reason
    /// What happened, in English, for log and technician. Never holds keys or card data.
    public let detail: String
    /// Field 39, where the acquirer said no.
    public let code: String?

    /// An error for `reason`.
    public init(_ reason: Reason, _ detail: String, code: String? = nil) {
        self.reason = reason
        self.detail = detail
        self.code = code
    }

    /// As the machines hear of it.
    public var failure: PaymentFailure {
        switch reason {
        case .unreachable, .keyStore: PaymentFailure(.acquirerUnreachable, detail)
        case .noReply: PaymentFailure(.noReply, detail)
        case .declined, .badKeyBlock, .badReply: PaymentFailure(.badReply, detail)
        }
    }

    /// Whether only a new sign-in helps.
    public var demandsSignIn: Bool { code.map { ResponseCode($0).demandsSignIn } ?? false }
}
