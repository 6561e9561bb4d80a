/// How a payment ended. It stands once it is in the journal; nothing later changes it (M10).
public enum Outcome: Hashable, Sendable {
    /// The acquirer approved and the card agreed.
    case approved(Reply, ChipResult?)
    /// The acquirer declined.
    case declined(Reply, ChipResult?)
    /// The card declined: before anybody was asked, or against the acquirer's approval, which is then reversed.
    case declinedByCard(Reply?, ChipResult?)
    /// Somebody stopped it before a request had left.
    case cancelled(by: Canceller)
    /// It could not be carried through. No money is taken: where a request had left, it is reversed.
    case failed(PaymentFailure)

    /// Who can stop a payment.
    public enum Canceller: String, Codable, Sendable {
        /// The cashier, through the register or `tenderctl`.
        case cashier
        /// The customer, on the PIN pad.
        case customer
        /// The terminal, told to stop (SIGTERM).
        case shutdown
    }
}

extension Outcome {
    /// The acquirer's reply, where one is kept.
    public var reply: Reply? {
        switch self {
        case .approved(let reply, _), .declined(let reply, _): reply
        case .declinedByCard(let reply, _): reply
        case .cancelled, .failed: nil
        }
    }

    /// The chip's result, where one is kept.
    public var chip: ChipResult? {
        switch self {
        case .approved(_, let chip), .declined(_, let chip), .declinedByCard(_, let chip): chip
        case .cancelled, .failed: nil
        }
    }
}

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

/// Why an authorization is reversed (field 39 of the 0400).
public enum ReversalReason: String, Codable, Sendable {
    /// No reply, a late or an unreadable one: 98.
    case noReply
    /// The reply's MAC was wrong: A0.
    case badMAC
    /// The terminal or the card could not complete: 96.
    case notCompleted
}
