/// Field 62 of the reply to a sale with points.
public struct PointsReply: Equatable, Sendable {
    /// Points used.
    public let used: Int
    /// What the customer pays in money, minor units.
    public let paid: Int
    /// Points left; nil where field 54 tells it.
    public let balance: Int?

    /// A reply of these parts.
    public init(used: Int, paid: Int, balance: Int?) {
        self.used = used
        self.paid = paid
        self.balance = balance
    }

    /// Reads field 62: 10, 12 and perhaps 10 digits.
    public init(decoding text: String) throws(MessageError) {
        var cursor = FieldCursor(text, "F62")
        used = try cursor.takeNumber(10, "used")
        paid = try cursor.takeNumber(12, "paid")
        balance = cursor.isAtEnd ? nil : try cursor.takeNumber(10, "balance")
        try cursor.expectEnd()
    }

    /// Field 62.
    public var encoded: String {
        String(used, width: 10) + String(paid, width: 12) + (balance.map { String($0, width: 10) } ?? "")
    }
}
