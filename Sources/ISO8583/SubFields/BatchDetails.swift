/// Field 48 of a batch upload: up to eight on-line transactions, 40 digits each, after their count.
public struct BatchDetails: Equatable, Sendable {
    /// The transactions.
    public var records: [Record]

    /// The given transactions, at most `limit`.
    public init(_ records: [Record]) {
        self.records = records
    }

    /// Most records of one message.
    public static let limit = 8

    /// One transaction of the batch.
    public struct Record: Equatable, Sendable {
        /// 00 domestic card, 01 foreign card.
        public var organisation: String
        /// Trace number, six digits.
        public var trace: String
        /// Account number without the zeros before it; empty for a payment by code.
        public var accountNumber: String
        /// Amount in minor units, at most 12 digits.
        public var amount: Int

        /// A transaction of these parts.
        public init(organisation: String, trace: String, accountNumber: String, amount: Int) {
            self.organisation = organisation
            self.trace = trace
            self.accountNumber = accountNumber
            self.amount = amount
        }
    }

    /// Reads field 48: a count of two digits, then as many records.
    public init(decoding digits: String) throws(MessageError) {
        var cursor = FieldCursor(digits, "F48")
        let count = try cursor.takeNumber(2, "count")
        guard count <= BatchDetails.limit else { throw MessageError(.invalidValue, at: 0, in: "F48.count") }
        records = []
        for index in 0..<count {
            records.append(
                Record(
                    organisation: try cursor.take(2, "\(index + 1)"), trace: try cursor.take(6, "\(index + 1)"),
                    accountNumber: String(try cursor.take(20, "\(index + 1)").drop { $0 == "0" }),
                    amount: try cursor.takeNumber(12, "\(index + 1)")))
        }
        try cursor.expectEnd()
    }

    /// Field 48.
    public var encoded: String {
        String(records.count, width: 2)
            + records.map { record in
                record.organisation + record.trace
                    + String(repeating: "0", count: max(0, 20 - record.accountNumber.utf8.count))
                    + record.accountNumber + String(record.amount, width: 12)
            }.joined()
    }
}
