/// A number of payments and what they come to.
public struct Tally: Hashable, Codable, Sendable {
    /// How many.
    public var count: Int
    /// Minor units.
    public var amount: Int64

    /// So many payments that come to so much.
    public init(count: Int = 0, amount: Int64 = 0) {
        self.count = count
        self.amount = amount
    }

    /// Counts one more payment. Amounts of twelve digits do not overflow in any batch.
    public mutating func add(_ minorUnits: Int64) {
        count += 1
        amount &+= minorUnits
    }
}
