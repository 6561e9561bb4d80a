/// Why a payment could not be carried through, with the detail a technician needs. The detail never names card data.
public struct PaymentFailure: Error, Hashable, Codable, Sendable {
    /// The reasons a register can branch on.
    public enum Reason: String, Codable, Sendable, CaseIterable {
        /// No connection, or its identity could not be proved; no request has left.
        case acquirerUnreachable
        /// No reply before the deadline.
        case noReply
        /// A reply that could not be read or whose MAC was wrong.
        case badReply
        /// No card before the deadline.
        case noCard
        /// The card was pulled out too early.
        case cardRemoved
        /// The card does not answer, or not as a card must.
        case cardUnreadable
        /// No application that both sides know.
        case cardNotSupported
        /// Blocked card or application.
        case cardBlocked
        /// No card reader.
        case readerUnavailable
        /// No PIN before the deadline.
        case noPIN
        /// The journal could not be written; no request has left.
        case journalUnavailable
        /// The terminal stopped in the middle.
        case interrupted
        /// A reversal waits for its answer; nothing new may go out before it.
        case reversalPending
        /// The acquirer cannot be reached, and the queue of stored payments, or what the card may owe it, is full.
        case queueFull
    }

    /// The reason to branch on.
    public let reason: Reason
    /// What happened and where, in English, for the log and the technician.
    public let detail: String

    /// A failure for `reason`; `detail` without card data.
    public init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
