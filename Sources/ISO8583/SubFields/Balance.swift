/// Field 54: one balance, 20 characters.
public struct Balance: Equatable, Sendable {
    /// Account type, two characters.
    public let accountType: String
    /// Amount type, two characters; 02 is the available balance.
    public let amountType: String
    /// Numeric currency, three characters; 999 stands for points.
    public let currency: String
    /// The balance in minor units, negative in debit.
    public let amount: Int

    /// A balance of these parts.
    public init(accountType: String, amountType: String, currency: String, amount: Int) {
        self.accountType = accountType
        self.amountType = amountType
        self.currency = currency
        self.amount = amount
    }

    /// Reads field 54.
    public init(decoding text: String) throws(MessageError) {
        var cursor = FieldCursor(text, "F54")
        accountType = try cursor.take(2)
        amountType = try cursor.take(2)
        currency = try cursor.take(3)
        let sign = try cursor.take(1, "sign")
        guard sign == "C" || sign == "D" else { throw MessageError(.invalidValue, at: 7, in: "F54.sign") }
        let amount = try cursor.takeNumber(12, "amount")
        self.amount = sign == "D" ? -amount : amount
        try cursor.expectEnd()
    }

    /// Field 54.
    public var encoded: String {
        accountType + amountType + currency + (amount < 0 ? "D" : "C") + String(abs(amount), width: 12)
    }
}
