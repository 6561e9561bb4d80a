public import Payments

/// What the journal knows of one payment, read from its records in order (M9).
public struct PaymentState: Hashable, Sendable {
    /// What the register asked for.
    public let request: SaleRequest
    /// When it was taken.
    public let acceptedAt: LocalDateTime
    /// What was sent, or was about to be: while there is no outcome, the acquirer may hold it.
    public private(set) var authorization: Authorization?
    /// How it ended; nil for a payment that still runs, or that a crash cut off.
    public private(set) var outcome: Outcome?
    /// When it ended.
    public private(set) var finishedAt: LocalDateTime?
    /// Whether the authorization was or must be reversed.
    public private(set) var reversal = Reversal.none

    /// How far the reversal of a payment is.
    public enum Reversal: Hashable, Sendable {
        /// Nothing to reverse.
        case none
        /// To be sent, again and again until the acquirer settles it (M2); its refusals (field 39) so far, in order.
        case pending(ReversalReason, refusals: [String])
        /// The acquirer settled it with this field 39.
        case settled(ReversalReason, code: String)
    }

    /// The payment that these entries tell of: all of one request, in order. Nil if they do not begin with its taking
    /// or do not follow from each other.
    public init?(_ entries: some Sequence<Entry>) {
        var iterator = entries.makeIterator()
        guard let first = iterator.next(), case .accepted(let request) = first.record else { return nil }
        self.request = request
        acceptedAt = first.time
        while let entry = iterator.next() {
            guard follow(entry) else { return nil }
        }
    }

    private mutating func follow(_ entry: Entry) -> Bool {
        switch (entry.record, reversal) {
        case (.authorization(let sent), .none):
            guard sent.request == request, authorization == nil, outcome == nil else { return false }
            authorization = sent
        case (.finished(request.id, let outcome, let reason), .none):
            guard self.outcome == nil, reason == nil || authorization != nil else { return false }
            self.outcome = outcome
            finishedAt = entry.time
            if let reason { reversal = .pending(reason, refusals: []) }
        case (.reversalAnswered(request.id, let code, let settled), .pending(let reason, let refusals)):
            reversal = settled ? .settled(reason, code: code) : .pending(reason, refusals: refusals + [code])
        default: return false
        }
        return true
    }
}

/// An authorization that must be reversed before anything else goes to the acquirer (M2, M4).
public struct PendingReversal: Equatable, Sendable {
    /// What was sent.
    public let authorization: Authorization
    /// The account number, opened from beside the authorization; nil if none was sealed there.
    public let pan: PAN?
    /// Why.
    public let reason: ReversalReason
    /// Field 39 of each refusal so far, in order.
    public let refusals: [String]

    /// Whether payments wait for it: one that the acquirer has refused `tries` times stays on the list, payments go on.
    public func holdsPayments(tries: Int) -> Bool { refusals.count < tries }

    /// A reversal of these parts.
    public init(authorization: Authorization, pan: PAN?, reason: ReversalReason, refusals: [String]) {
        self.authorization = authorization
        self.pan = pan
        self.reason = reason
        self.refusals = refusals
    }
}
