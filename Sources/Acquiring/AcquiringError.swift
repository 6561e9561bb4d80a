/// Why a sign-in or an echo did not succeed.
public struct AcquiringError: Error, Equatable, Sendable {
    /// What to branch on.
    public enum Reason: String, Sendable {
        /// No connection, or the acquirer's identity could not be proved; nothing has left.
        case unreachable
        /// No matching reply before the deadline.
        case noReply
        /// The acquirer said no; the detail has its code.
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

    /// An error for `reason`.
    public init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
