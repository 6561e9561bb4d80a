/// What the payments of a batch come to, as a settlement compares them: by the card's origin and by side.
public struct Totals: Hashable, Codable, Sendable {
    /// The two sides of one class of cards.
    public struct Sides: Hashable, Codable, Sendable {
        /// What the shop gets.
        public var debit: Tally
        /// What the shop gives.
        public var credit: Tally

        /// Two sides.
        public init(debit: Tally = Tally(), credit: Tally = Tally()) {
            self.debit = debit
            self.credit = credit
        }
    }

    /// Cards of UnionPay.
    public var domestic: Sides
    /// All others.
    public var foreign: Sides

    /// The totals of two classes.
    public init(domestic: Sides = Sides(), foreign: Sides = Sides()) {
        self.domestic = domestic
        self.foreign = foreign
    }

    /// Counts a payment.
    public mutating func add(_ minorUnits: Int64, _ side: TransactionKind.Side, _ origin: CardSummary.Origin) {
        switch (origin, side) {
        case (.domestic, .debit): domestic.debit.add(minorUnits)
        case (.domestic, .credit): domestic.credit.add(minorUnits)
        case (.foreign, .debit): foreign.debit.add(minorUnits)
        case (.foreign, .credit): foreign.credit.add(minorUnits)
        }
    }

    /// The greatest count that a settlement message can carry for one side of one class.
    public static let greatestCount = 999

    /// The count of the side that has most.
    public var highestCount: Int {
        max(domestic.debit.count, domestic.credit.count, foreign.debit.count, foreign.credit.count)
    }
}
