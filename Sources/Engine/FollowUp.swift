public import Payments

/// Whether a payment may follow up an earlier one: decided before anything is sent or written.
public enum FollowUp {
    /// What speaks against it.
    public enum Objection: Equatable, Sendable {
        /// The journal does not have the original, and its receipt's numbers were not given.
        case unknown
        /// The original is of another kind than it must be.
        case wrongKind(TransactionKind)
        /// The original was not approved, or is not yet answered.
        case notApproved
        /// The original waits in the queue: the acquirer must hear of it first.
        case notDelivered
        /// What this payment did to the original is being taken back, and the acquirer refuses that.
        case unsettled(RequestID)
        /// The original is in another batch.
        case otherBatch(BatchNumber)
        /// The original was voided, cancelled or completed before, by this payment.
        case alreadyDone(RequestID)
        /// The amount is not the original's.
        case amountDiffers(Money)
        /// The amount is more than what is left.
        case aboveLimit(Money)
    }

    /// Most of a pre-authorisation that a completion may take, in percent.
    public static let completionPercent: Int64 = 115

    /// What speaks against `request`; nil for nothing. `original` is what the journal has under the original's id or its
    /// receipt's numbers; `others` what has followed it up before and what has followed those up, oldest first; `batch`
    /// is the running one.
    public static func objection(
        to request: PaymentRequest, original: PaymentState?, others: [PaymentState], batch: BatchNumber
    ) -> Objection? {
        guard request.kind.followsUp else { return nil }
        guard let original else { return unknown(request) }
        if let objection = kind(request.kind, original) { return objection }
        guard let amount = original.movedAmount else { return .notApproved }
        guard isKnownToAcquirer(original, enoughFor: request.kind) else { return .notDelivered }
        let followers = others.filter { $0.request.original?.id == original.request.id && $0.request.id != request.id }
        if let open = followers.first(where: { isOpen($0, for: request.kind) }) { return .unsettled(open.request.id) }
        let voided = voidedPayments(others)
        // What may still become true counts as if it had.
        let earlier = followers.filter {
            ($0.outcome == nil || $0.movedAmount != nil) && !voided.contains($0.request.id)
        }
        if let done = earlier.first(where: { takesAway($0.request.kind, request.kind) }) {
            return .alreadyDone(done.request.id)
        }
        if bindsToBatch(request.kind), let home = original.authorization?.batch, home != batch {
            return .otherBatch(home)
        }
        guard request.amount.currency == amount.currency else { return .amountDiffers(amount) }
        return limit(request, amount, earlier)
    }

    /// Those of `payments` that another of them has taken back for certain.
    private static func voidedPayments(_ payments: [PaymentState]) -> Set<RequestID> {
        let voids = payments.filter {
            [.void, .completionVoid].contains($0.request.kind) && $0.movedAmount != nil
        }
        return Set(voids.compactMap { $0.request.original?.id })
    }

    /// Whether the acquirer may hold a follower that the terminal takes back. A request waits until that is settled, if it
    /// can be (M4); what goes into the queue does not.
    private static func isOpen(_ follower: PaymentState, for kind: TransactionKind) -> Bool {
        guard case .pending(_, let refusals) = follower.reversal else { return false }
        return !refusals.isEmpty || kind.manner == .advice
    }

    /// Whether the acquirer can follow: what goes out at once needs an original that it has; what waits in the queue may
    /// stand behind it there, unless the original is only a question yet.
    private static func isKnownToAcquirer(_ original: PaymentState, enoughFor kind: TransactionKind) -> Bool {
        switch (original.stored, original.outcome) {
        case (.waiting, .stored(let why, _)), (.waitingAnew, .stored(let why, _)):
            kind.manner == .advice && why != .deferred
        default: true
        }
    }

    /// What a receipt of another terminal or an older journal must say.
    private static func unknown(_ request: PaymentRequest) -> Objection? {
        guard let numbers = request.original, numbers.id == nil else { return .unknown }
        return switch request.kind {
        case .refund: numbers.rrn == nil ? .unknown : nil
        case .completion, .completionAdvice, .preauthorizationCancel:
            numbers.authorizationCode == nil ? .unknown : nil
        default: .unknown
        }
    }

    private static func kind(_ kind: TransactionKind, _ original: PaymentState) -> Objection? {
        // A sale that the card approved is no transaction of the acquirer's that it could void.
        let origin: TransactionKind = original.isApprovedOffline ? .offlineSale : original.request.kind
        let fitting: [TransactionKind] =
            switch kind {
            case .void: [.sale]
            case .completionVoid: [.completion]
            case .refund: [.sale, .completion, .completionAdvice, .offlineSale, .offlineSettlement]
            case .preauthorizationCancel, .completion, .completionAdvice: [.preauthorization]
            case .adjustment: [.offlineSettlement]
            case .tip: [.sale, .offlineSale]
            case .sale, .balance, .preauthorization, .offlineSale, .offlineSettlement: []
            }
        return fitting.contains(origin) ? nil : .wrongKind(origin)
    }

    /// Whether what `earlier` did leaves nothing for `kind` to do.
    private static func takesAway(_ earlier: TransactionKind, _ kind: TransactionKind) -> Bool {
        switch (earlier, kind) {
        case (.void, _), (.completionVoid, _), (.preauthorizationCancel, _): true
        case (.completion, .completion), (.completion, .completionAdvice), (.completion, .preauthorizationCancel): true
        case (.completionAdvice, _): true
        // What was given back in part, or corrected, cannot be taken back whole.
        case (.refund, .void), (.refund, .completionVoid), (.refund, .tip), (.refund, .adjustment): true
        case (.tip, .void), (.adjustment, .void): true
        default: false
        }
    }

    private static func bindsToBatch(_ kind: TransactionKind) -> Bool {
        switch kind {
        case .void, .completionVoid, .adjustment, .tip: true
        default: false
        }
    }

    private static func limit(
        _ request: PaymentRequest, _ amount: Money, _ earlier: [PaymentState]
    ) -> Objection? {
        let asked = request.amount.minorUnits
        switch request.kind {
        case .void, .completionVoid, .preauthorizationCancel:
            return request.amount == amount ? nil : .amountDiffers(amount)
        case .refund:
            let corrected = earlier.last { $0.request.kind == .tip || $0.request.kind == .adjustment }?.request.amount
            let refunded = earlier.filter { $0.request.kind == .refund }.reduce(into: Int64(0)) {
                $0 &+= $1.request.amount.minorUnits
            }
            let left = (corrected ?? amount).minorUnits &- refunded
            return asked <= left ? nil : .aboveLimit(Money(minorUnits: max(0, left), amount.currency))
        case .completion, .completionAdvice:
            let most = amount.minorUnits.multipliedReportingOverflow(by: completionPercent)
            let limit = most.overflow ? amount.minorUnits : most.partialValue / 100
            return asked <= limit ? nil : .aboveLimit(Money(minorUnits: limit, amount.currency))
        case .tip:
            // The new total is the amount and the tip, whatever tip was given before.
            let total = request.tip.flatMap { try? amount.adding($0) }
            return request.amount == total ? nil : .amountDiffers(total ?? amount)
        case .adjustment, .sale, .balance, .preauthorization, .offlineSale, .offlineSettlement:
            return nil
        }
    }
}
