public import Payments

/// What the payments of a batch come to, by the card's origin and by side, in major units.
public struct TotalsReport: Codable, Sendable, Equatable {
    /// So many payments that come to so much.
    public struct Tally: Codable, Sendable, Equatable {
        /// How many.
        public let count: Int
        /// Major units.
        public let amount: String

        init(_ tally: Payments.Tally, _ currency: Currency) {
            count = tally.count
            amount = "\(Money(minorUnits: tally.amount, currency))"
        }
    }

    /// The two sides of one class of cards.
    public struct Sides: Codable, Sendable, Equatable {
        /// What the shop gets.
        public let debit: Tally
        /// What the shop gives.
        public let credit: Tally

        init(_ sides: Totals.Sides, _ currency: Currency) {
            debit = Tally(sides.debit, currency)
            credit = Tally(sides.credit, currency)
        }
    }

    /// The batch, six digits.
    public let batch: String
    /// Three letters.
    public let currency: String
    /// Cards of UnionPay.
    public let domestic: Sides
    /// All others.
    public let foreign: Sides

    /// A report of what `batch` comes to.
    public init(_ totals: Totals, of batch: BatchNumber, _ currency: Currency) {
        self.batch = "\(batch)"
        self.currency = currency.code
        domestic = Sides(totals.domestic, currency)
        foreign = Sides(totals.foreign, currency)
    }
}
