/// Something that a payment owes the acquirer.
public struct PendingDelivery: Equatable, Sendable {
    /// What.
    public let delivery: Delivery
    /// The payment that owes it.
    public let payment: PaymentState
    /// The authorization it is about.
    public let authorization: Authorization
    /// The account number, opened from beside the authorization; nil if none was sealed there.
    public let pan: PAN?

    /// A delivery of these parts; nil for a payment without an authorization, which can owe nothing.
    public init?(_ delivery: Delivery, of payment: PaymentState, pan: PAN?) {
        guard let authorization = payment.authorization else { return nil }
        self.delivery = delivery
        self.payment = payment
        self.authorization = authorization
        self.pan = pan
    }

    private init(_ delivery: PendingDelivery, _ authorization: Authorization) {
        self.delivery = delivery.delivery
        payment = delivery.payment
        pan = delivery.pan
        self.authorization = authorization
    }

    /// The same under another authorization: of a deferred one that was lost and taken back.
    public func anew(_ authorization: Authorization) -> PendingDelivery { PendingDelivery(self, authorization) }

    /// The payment's id.
    public var id: RequestID { payment.request.id }

    /// How often the acquirer has refused it, if it is a reversal.
    public var refusals: Int {
        guard case .pending(_, let codes) = payment.reversal else { return 0 }
        return codes.count
    }

    /// Whether payments wait for it. A reversal that the acquirer has refused `tries` times stays on the list, payments go
    /// on; stored payments and script results keep nobody waiting.
    public func holdsPayments(tries: Int) -> Bool {
        delivery == .reversal && refusals < tries
    }
}
