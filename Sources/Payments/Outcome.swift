/// How a payment ended. It stands once it is in the journal; nothing later changes it (M10).
public enum Outcome: Hashable, Sendable {
    /// The acquirer approved and the card agreed.
    indirect case approved(Reply, ChipResult?)
    /// The terminal stands for it; the acquirer is told, or asked, later (store-and-forward). What it says then is kept
    /// beside the outcome and does not change it.
    indirect case stored(Stored, ChipResult?)
    /// The acquirer declined.
    indirect case declined(Reply, ChipResult?)
    /// The card declined: before anybody was asked, or against the acquirer's approval, which is then reversed.
    indirect case declinedByCard(Reply?, ChipResult?)
    /// Somebody stopped it before a request had left.
    case cancelled(by: Canceller)
    /// It could not be carried through. No money is taken: where a request had left, it is reversed.
    case failed(PaymentFailure)

    /// Why a payment stands without the acquirer's word.
    public enum Stored: String, Codable, Sendable {
        /// Card and terminal approved it between themselves.
        case offline
        /// The acquirer could not be reached, and the shop takes the risk: it is asked later.
        case deferred
        /// It needs nobody's approval, or none came in time: the acquirer is told until it answers.
        case advice
    }

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
        case .stored, .cancelled, .failed: nil
        }
    }

    /// The chip's result, where one is kept.
    public var chip: ChipResult? {
        switch self {
        case .approved(_, let chip), .stored(_, let chip), .declined(_, let chip), .declinedByCard(_, let chip): chip
        case .cancelled, .failed: nil
        }
    }
}
