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

    /// What speaks against `request`; nil for nothing. `original` is what the journal has under the original's id,
    /// `others` what has followed it up before; `batch` is the running one.
    public static func objection(
        to request: PaymentRequest, original: PaymentState?, others: [PaymentState], batch: BatchNumber
    ) -> Objection? {
        guard request.kind.followsUp else { return nil }
        guard let original else { return unknown(request) }
        if let objection = kind(request.kind, original) { return objection }
        guard let amount = original.movedAmount else { return .notApproved }
        // What may still become true counts as if it had.
        let standing = others.filter { $0.request.id != request.id && ($0.outcome == nil || $0.movedAmount != nil) }
        if let done = standing.first(where: { takesAway($0.request.kind, request.kind) }) {
            return .alreadyDone(done.request.id)
        }
        if bindsToBatch(request.kind), let home = original.authorization?.batch, home != batch {
            return .otherBatch(home)
        }
        return limit(request, amount, standing)
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
        return fitting.contains(original.request.kind) ? nil : .wrongKind(original.request.kind)
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
        _ request: PaymentRequest, _ amount: Money, _ standing: [PaymentState]
    ) -> Objection? {
        let asked = request.amount.minorUnits
        switch request.kind {
        case .void, .completionVoid, .preauthorizationCancel:
            return request.amount == amount ? nil : .amountDiffers(amount)
        case .refund:
            let corrected = standing.last { $0.request.kind == .tip || $0.request.kind == .adjustment }?.request.amount
            let refunded = standing.filter { $0.request.kind == .refund }.reduce(into: Int64(0)) {
                $0 &+= $1.request.amount.minorUnits
            }
            let left = (corrected ?? amount).minorUnits &- refunded
            return asked <= left ? nil : .aboveLimit(Money(minorUnits: max(0, left), amount.currency))
        case .completion, .completionAdvice:
            let most = amount.minorUnits.multipliedReportingOverflow(by: completionPercent)
            let limit = most.overflow ? amount.minorUnits : most.partialValue / 100
            return asked <= limit ? nil : .aboveLimit(Money(minorUnits: limit, amount.currency))
        case .tip, .adjustment, .sale, .balance, .preauthorization, .offlineSale, .offlineSettlement:
            return nil
        }
    }
}
