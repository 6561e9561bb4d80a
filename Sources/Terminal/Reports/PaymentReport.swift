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
        /// The acquirer refused; a supervisor has settled it by other means.
        case resolved
    }

    /// How far a stored payment is on its way to the acquirer.
    public enum Stored: String, Codable, Sendable {
        /// It waits in the queue.
        case waiting
        /// The acquirer has it.
        case accepted
        /// The acquirer refused it.
        case refused
        /// It was refused; a supervisor has settled it by other means.
        case resolved
    }

    /// What a register branches on.
    public enum Result: String, Codable, Sendable {
        /// The money is taken, or moved as the kind of payment says.
        case approved
        /// It stands, and the acquirer hears of it later.
        case stored
        /// The acquirer or the card said no.
        case declined
        /// Stopped before a request had left.
        case cancelled
        /// Not carried through; no money is taken.
        case failed
    }

    /// The register's request.
    public var id: RequestID
    /// What was asked for.
    public var kind: TransactionKind
    /// The payment that it followed up, by its id.
    public var original: String?
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
    /// What was approved, where it is less than was asked for; major units.
    public var approvedAmount: String?
    /// What the account holds, of a balance enquiry; major units.
    public var balance: String?
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
    /// How far a stored payment is on its way; nil for others.
    public var stored: Stored?
    /// Whether its receipts are on paper; nil where none are printed by themselves. Known of the last hundred payments until
    /// the terminal stops.
    public var receipt: ReceiptState?
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
    /// A report of what the journal holds of a payment.
    init(_ payment: PaymentState, milliseconds: Milliseconds? = nil) {
        let reversal: Reversal =
            switch payment.reversal {
            case .none: .none
            case .pending: .pending
            case .settled: .settled
            case .resolved: .resolved
            }
        self.init(
            payment.request, authorization: payment.authorization, outcome: payment.outcome, reversal: reversal,
            milliseconds: milliseconds)
        switch payment.stored {
        case .none: break
        case .waiting, .waitingAnew: stored = .waiting
        case .accepted(let reply): hear(reply, .accepted)
        case .refused(let reply): hear(reply, .refused)
        case .resolved(let reply, _): hear(reply, .resolved)
        }
    }

    private mutating func hear(_ later: Reply, _ stage: Stored) {
        stored = stage
        rrn = later.rrn
        authCode = later.authorizationCode
        if stage != .accepted { detail = "the acquirer refused it with \(later.code): \(later.text.english)" }
    }

    /// A report of these parts; without an outcome it is `running`.
    init(
        _ request: PaymentRequest, authorization: Authorization?, outcome: Outcome?, reversal: Reversal,
        milliseconds: Milliseconds? = nil
    ) {
        self.init(
            id: request.id, kind: request.kind, original: request.original?.id?.rawValue,
            state: outcome == nil ? .running : .finished, amount: "\(request.amount)",
            currency: request.amount.currency.code, stan: authorization.map { "\($0.stan)" },
            batch: authorization.map { "\($0.batch)" }, pan: authorization?.card.maskedPAN,
            aid: authorization?.card.application?.aid, reversal: reversal, milliseconds: milliseconds)
        if let outcome { tell(outcome) }
    }

    private mutating func tell(_ end: Outcome) {
        text = end.text
        switch end {
        case .approved(let reply, let chip): tell(.approved, reply, chip)
        case .stored(let why, let chip):
            outcome = .stored
            reason = why.rawValue
            aid = chip?.application.aid ?? aid
            tvr = chip?.tvr
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
        approvedAmount = reply.amount.map { "\($0)" }
        balance = reply.balance.map { "\($0)" }
        aid = chip?.application.aid ?? aid
        tvr = chip?.tvr
    }
}
