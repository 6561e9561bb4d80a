public import Payments

extension Totals {
    /// What the payments of one batch come to. Tips and adjustments replace their original's amount; what the acquirer
    /// declined, refused or took back does not count.
    public init(of payments: [PaymentState]) {
        self.init()
        for (payment, amount) in Self.counted(payments) {
            guard let side = payment.request.kind.side, let card = payment.authorization?.card else { continue }
            add(amount, side, card.origin)
        }
    }

    /// The payments that count, in their order, each with the amount that stands in the end, in minor units.
    static func counted(_ payments: [PaymentState]) -> [(payment: PaymentState, amount: Int64)] {
        var corrected: [RequestID: Int64] = [:]
        for payment in payments where payment.request.kind == .tip || payment.request.kind == .adjustment {
            guard let original = payment.request.original?.id, let total = payment.movedAmount else { continue }
            corrected[original] = total.minorUnits
        }
        return payments.compactMap { payment in
            guard payment.request.kind.side != nil, let moved = payment.movedAmount else { return nil }
            return (payment, corrected[payment.request.id] ?? moved.minorUnits)
        }
    }
}
