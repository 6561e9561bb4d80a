/// What the journal knows of one payment, read from its records in order (M9).
public struct PaymentState: Hashable, Sendable {
    /// What the register asked for.
    public let request: PaymentRequest
    /// When it was taken.
    public let acceptedAt: LocalDateTime
    /// What was sent or stored last, or was about to be: while there is no outcome, the acquirer may hold it.
    public private(set) var authorization: Authorization?
    /// How it ended; nil for a payment that still runs, or that a crash cut off.
    public private(set) var outcome: Outcome?
    /// When it ended.
    public private(set) var finishedAt: LocalDateTime?
    /// Whether the authorization was or must be reversed.
    public private(set) var reversal = Reversal.none
    /// Whether the acquirer has heard of a payment that was stored.
    public private(set) var stored = Stored.none
    /// Whether the acquirer has heard of the issuer's scripts.
    public private(set) var scriptResult = ScriptResult.none

    /// How far the reversal of a payment is.
    public enum Reversal: Hashable, Sendable {
        /// Nothing to reverse.
        case none
        /// To be sent, again and again until the acquirer settles it (M2); its refusals (field 39) so far, in order.
        case pending(ReversalReason, refusals: [String])
        /// The acquirer settled it with this field 39.
        case settled(ReversalReason, code: String)
        /// The acquirer refused it; this supervisor has settled it by other means.
        case resolved(ReversalReason, refusals: [String], supervisor: String)
    }

    /// How far a stored payment is on its way.
    public enum Stored: Hashable, Sendable {
        /// It was not stored.
        case none
        /// In the queue.
        case waiting
        /// In the queue, without a number: the last authorization was lost, and is or will be reversed.
        case waitingAnew
        /// The acquirer has it.
        indirect case accepted(Reply)
        /// The acquirer refused it: the shop has delivered for nothing, until somebody settles it.
        indirect case refused(Reply)
        /// It was refused, and this supervisor has settled it by other means.
        indirect case resolved(Reply, supervisor: String)
    }

    /// How far the result of the issuer's scripts is on its way.
    public enum ScriptResult: Hashable, Sendable {
        /// There were no scripts.
        case none
        /// To be sent under this number.
        case waiting(STAN)
        /// The acquirer answered this.
        case answered(code: String)
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

    /// Takes the next entry of the payment; false, and nothing changes, if it does not follow.
    public mutating func follow(_ entry: Entry) -> Bool {
        switch entry.record {
        case .authorization(let sent): follow(sent)
        case .finished(request.id, let outcome, let reason, let scriptNumber):
            finish(outcome, reason, scriptNumber, at: entry.time)
        case .reversalAnswered(request.id, let code, let settled): reversalAnswered(code, settled)
        case .storedAnswered(request.id, let reply, let accepted): storedAnswered(reply, accepted)
        case .storedLost(request.id, let reason): storedLost(reason)
        case .scriptAnswered(request.id, let code): scriptAnswered(code)
        case .resolved(request.id, let delivery, let supervisor): resolve(delivery, supervisor)
        default: false
        }
    }

    private mutating func follow(_ sent: Authorization) -> Bool {
        guard sent.request == request, sent.attempt == (authorization?.attempt ?? 0) + 1 else { return false }
        switch (outcome, stored, reversal) {
        case (nil, _, _): break
        case (.stored(.deferred, _), .waitingAnew, .settled):
            stored = .waiting
            reversal = .none
        default: return false
        }
        authorization = sent
        return true
    }

    private mutating func finish(
        _ outcome: Outcome, _ reason: ReversalReason?, _ scriptNumber: STAN?, at time: LocalDateTime
    ) -> Bool {
        guard self.outcome == nil, (reason == nil && scriptNumber == nil) || authorization != nil else { return false }
        switch outcome {
        // What stands was asked for or told, and is not taken back.
        case .approved:
            guard authorization != nil, reason == nil else { return false }
        case .stored:
            guard authorization != nil, reason == nil else { return false }
            stored = .waiting
        case .declined, .declinedByCard, .cancelled, .failed: break
        }
        self.outcome = outcome
        finishedAt = time
        if let reason { reversal = .pending(reason, refusals: []) }
        if let scriptNumber { scriptResult = .waiting(scriptNumber) }
        return true
    }

    private mutating func reversalAnswered(_ code: String, _ settled: Bool) -> Bool {
        guard case .pending(let reason, let refusals) = reversal else { return false }
        reversal = settled ? .settled(reason, code: code) : .pending(reason, refusals: refusals + [code])
        return true
    }

    private mutating func storedAnswered(_ reply: Reply, _ accepted: Bool) -> Bool {
        guard stored == .waiting else { return false }
        stored = accepted ? .accepted(reply) : .refused(reply)
        return true
    }

    private mutating func storedLost(_ reason: ReversalReason) -> Bool {
        guard stored == .waiting, case .stored(.deferred, _) = outcome, reversal == .none else { return false }
        stored = .waitingAnew
        reversal = .pending(reason, refusals: [])
        return true
    }

    private mutating func scriptAnswered(_ code: String) -> Bool {
        guard case .waiting = scriptResult else { return false }
        scriptResult = .answered(code: code)
        return true
    }

    private mutating func resolve(_ delivery: Delivery, _ supervisor: String) -> Bool {
        switch (delivery, reversal, stored) {
        case (.reversal, .pending(let reason, let refusals), _) where !refusals.isEmpty:
            reversal = .resolved(reason, refusals: refusals, supervisor: supervisor)
            // The acquirer may hold it: it is not asked for anew.
            if stored == .waitingAnew { stored = .none }
        case (.stored, _, .refused(let reply)): stored = .resolved(reply, supervisor: supervisor)
        default: return false
        }
        return true
    }
}

extension PaymentState {
    /// What moved, or will once the acquirer hears of it; nil if nothing does. Of a tip or an adjustment: the new total.
    public var movedAmount: Money? {
        switch (outcome, stored) {
        case (.approved(let reply, _), _): reply.amount ?? request.amount
        case (.stored, .accepted(let reply)): reply.amount ?? request.amount
        case (.stored, .waiting), (.stored, .waitingAnew): request.amount
        default: nil
        }
    }

    /// What the acquirer said last that counts: of a stored payment, what it answered later.
    public var reply: Reply? {
        switch stored {
        case .accepted(let reply), .refused(let reply), .resolved(let reply, _): reply
        case .none, .waiting, .waitingAnew: outcome?.reply
        }
    }

    /// Whether the acquirer has refused to take it back, once or more often.
    public var isReversalRefused: Bool {
        guard case .pending(_, let refusals) = reversal else { return false }
        return !refusals.isEmpty
    }

    /// What it owes the acquirer now, in the order in which it is to be delivered.
    public var pendingDeliveries: [Delivery] {
        var owed: [Delivery] = []
        if case .waiting = scriptResult { owed.append(.scriptResult) }
        if case .pending = reversal {
            owed.append(.reversal)
        } else if stored == .waiting || stored == .waitingAnew {
            owed.append(.stored)
        }
        return owed
    }
}
