public import Payments

/// How much the shop takes without the acquirer's word, and for how long. Limits are checked before a card is asked for a
/// cryptogram, so that nothing has to be taken back.
public struct StorePolicy: Equatable, Sendable {
    /// Whether chip sales that card and terminal approve between themselves are taken.
    public var takesOffline = false
    /// Whether the shop takes sales whose issuer cannot be asked, and asks later, at its own risk.
    public var defers = false
    /// Greatest amount of one payment, minor units.
    public var perPayment: Int64 = 50_000
    /// Most payments and money of one card in the queue.
    public var perCard = Tally(count: 3, amount: 100_000)
    /// Most payments and money of one day in the queue.
    public var perDay = Tally(count: 200, amount: 2_000_000)
    /// Most payments and money in the queue.
    public var total = Tally(count: 1_000, amount: 5_000_000)
    /// After so many hours the oldest stored payment is an alarm.
    public var alarmHours = 24

    /// A shop that stores nothing but advices.
    public init() {}

    /// Whether the oldest stored payment waits longer than it should.
    public func isOverdue(_ load: QueueLoad, at now: LocalDateTime) -> Bool {
        load.oldest.map { now.seconds(since: $0) >= alarmHours * 3600 } ?? false
    }

    /// Why a payment of this amount is not stored; nil if it is. Without a card known yet, its own limit is not looked at.
    public func refusal(of amount: Money, beside load: QueueLoad) -> PaymentFailure? {
        guard amount.minorUnits <= perPayment else {
            return PaymentFailure(
                .queueFull,
                "without the acquirer a payment is at most \(Money(minorUnits: perPayment, amount.currency))")
        }
        let limits = [
            ("the queue", load.total, total), ("today's queue", load.today, perDay), ("this card", load.card, perCard),
        ]
        for (what, held, most) in limits {
            let sum = held.amount.addingReportingOverflow(amount.minorUnits)
            if held.count >= most.count || sum.overflow || sum.partialValue > most.amount {
                return PaymentFailure(
                    .queueFull,
                    "\(what) holds \(held.count) payments over \(Money(minorUnits: held.amount, amount.currency)); at most "
                        + "\(most.count) over \(Money(minorUnits: most.amount, amount.currency))")
            }
        }
        return nil
    }
}
