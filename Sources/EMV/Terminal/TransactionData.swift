public import Payments

/// What is particular to one transaction, chance and time included: the kernel has none of its own.
public struct TransactionData: Equatable, Sendable {
    /// What the customer pays (9F02), cashback included.
    public let amount: Money
    /// Cashback within it, in minor units (9F03).
    public let otherAmount: Int64
    /// Transaction type (9C) as two BCD digits: the first two of the processing code. 00 is a sale.
    public let type: UInt8
    /// The shop's time (9A, 9F21).
    public let time: LocalDateTime
    /// Transaction sequence counter (9F41).
    public let stan: STAN
    /// Unpredictable number (9F37), four bytes of good randomness.
    public internal(set) var unpredictableNumber: UInt32
    /// Secret randomness, 16 bytes: a later tap of the same transaction draws its own unpredictable number from it. Empty where
    /// a run is to be repeated exactly.
    public var seed: [UInt8] = []
    /// A random number 0–99 for random transaction selection.
    public let randomPercent: Int
    /// Whether the merchant wants the issuer asked.
    public let forcedOnline: Bool

    /// A transaction of these parts; nil if an amount is negative or has more than twelve digits.
    public init?(
        amount: Money, otherAmount: Int64 = 0, type: UInt8 = 0x00, time: LocalDateTime, stan: STAN,
        unpredictableNumber: UInt32, randomPercent: Int, forcedOnline: Bool = false
    ) {
        let allowed: Range<Int64> = 0..<1_000_000_000_000
        guard allowed.contains(amount.minorUnits), allowed.contains(otherAmount) else { return nil }
        self.amount = amount
        self.otherAmount = otherAmount
        self.type = type
        self.time = time
        self.stan = stan
        self.unpredictableNumber = unpredictableNumber
        self.randomPercent = randomPercent
        self.forcedOnline = forcedOnline
    }
}
