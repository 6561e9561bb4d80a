public import Payments

/// What is known of one payment, for registers and technicians. Holds nothing secret; account numbers are masked.
public struct PaymentReport: Codable, Sendable, Equatable {
    /// Where a payment stands.
    public enum State: String, Codable, Sendable {
        /// It runs.
        case running
        /// Its outcome stands.
        case finished
    }

    /// Whether an authorization is being taken back.
    public enum Reversal: String, Codable, Sendable {
        /// Nothing to take back.
        case none
        /// The acquirer has not answered yet.
        case pending
        /// The acquirer holds nothing any more.
        case settled
    }

    /// What a register branches on.
    public enum Result: String, Codable, Sendable {
        /// The money is taken.
        case approved
        /// The acquirer or the card said no.
        case declined
        /// Stopped before a request had left.
        case cancelled
        /// Not carried through; no money is taken.
        case failed
    }

    /// The register's request.
    public var id: RequestID
    /// Where it stands.
    public var state: State
    /// How it ended; nil while it runs.
    public var outcome: Result?
    /// Why, for programs: a `PaymentFailure.Reason`, field 39, who cancelled, or `card`.
    public var reason: String?
    /// Why, for cashier and customer.
    public var text: BilingualText?
    /// Why, for the technician.
    public var detail: String?
    /// Major units, `88.80`.
    public var amount: String
    /// Three letters.
    public var currency: String
    /// Field 11, six digits, if a request was made.
    public var stan: String?
    /// The batch, six digits, if a request was made.
    public var batch: String?
    /// Field 37.
    public var rrn: String?
    /// Field 38.
    public var authCode: String?
    /// First six and last four digits.
    public var pan: String?
    /// Application identifier.
    public var aid: String?
    /// Terminal verification results.
    public var tvr: String?
    /// Whether an authorization is being taken back.
    public var reversal: Reversal
    /// Where the time went; known until the terminal stops.
    public var milliseconds: Milliseconds?

    /// Where the time of a payment went, in milliseconds.
    public struct Milliseconds: Codable, Sendable, Equatable {
        /// Waiting for card, customer and display.
        public var card: Double
        /// Waiting for the acquirer.
        public var acquirer: Double
        /// The terminal's own.
        public var terminal: Double

        /// Times of a payment that took `total`, to the microsecond.
        init(total: Double, card: Double, acquirer: Double) {
            func rounded(_ time: Double) -> Double { (max(0, time) * 1000).rounded() / 1000 }
            self.card = rounded(card)
            self.acquirer = rounded(acquirer)
            terminal = rounded(total - card - acquirer)
        }
    }
}

extension PaymentReport {
    /// A report read from what the journal holds of a payment; without an outcome it is `running`.
    init(
        _ request: PaymentRequest, authorization: Authorization?, outcome: Outcome?, reversal: Reversal,
        milliseconds: Milliseconds? = nil
    ) {
        self.init(
            id: request.id, state: outcome == nil ? .running : .finished, amount: "\(request.amount)",
            currency: request.amount.currency.code, stan: authorization.map { "\($0.stan)" },
            batch: authorization.map { "\($0.batch)" }, pan: authorization?.card.maskedPAN,
            aid: authorization?.card.application?.aid, reversal: reversal, milliseconds: milliseconds)
        if let outcome { tell(outcome) }
    }

    private mutating func tell(_ end: Outcome) {
        text = end.text
        switch end {
        case .approved(let reply, let chip): tell(.approved, reply, chip)
        case .declined(let reply, let chip): tell(.declined, reply, chip)
        case .declinedByCard(_, let chip):
            outcome = .declined
            reason = "card"
            tvr = chip?.tvr
        case .cancelled(let canceller):
            outcome = .cancelled
            reason = canceller.rawValue
        case .failed(let failure):
            outcome = .failed
            reason = failure.reason.rawValue
            detail = failure.detail
        }
    }

    private mutating func tell(_ result: Result, _ reply: Reply, _ chip: ChipResult?) {
        outcome = result
        reason = reply.code
        rrn = reply.rrn
        authCode = reply.authorizationCode
        aid = chip?.application.aid ?? aid
        tvr = chip?.tvr
    }
}
