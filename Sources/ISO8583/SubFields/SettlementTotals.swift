/// Field 48 of a settlement: the totals of domestic and of foreign cards, 62 digits.
public struct SettlementTotals: Equatable, Sendable {
    /// Cards of the domestic scheme.
    public var domestic: Side
    /// Cards of foreign schemes.
    public var foreign: Side

    /// The totals of both card classes.
    public init(domestic: Side, foreign: Side) {
        self.domestic = domestic
        self.foreign = foreign
    }

    /// The totals of one card class: 31 digits.
    public struct Side: Equatable, Sendable {
        /// Sum of the debits in minor units, at most 12 digits.
        public var debitAmount: Int
        /// Number of debits, at most 999.
        public var debitCount: Int
        /// Sum of the credits in minor units, at most 12 digits.
        public var creditAmount: Int
        /// Number of credits, at most 999.
        public var creditCount: Int
        /// What the acquirer found; `request` in a request.
        public var agreement: Agreement

        /// Totals of one card class.
        public init(
            debitAmount: Int = 0, debitCount: Int = 0, creditAmount: Int = 0, creditCount: Int = 0,
            agreement: Agreement = .request
        ) {
            self.debitAmount = debitAmount
            self.debitCount = debitCount
            self.creditAmount = creditAmount
            self.creditCount = creditCount
            self.agreement = agreement
        }

        init(_ cursor: inout FieldCursor) throws(MessageError) {
            debitAmount = try cursor.takeNumber(12)
            debitCount = try cursor.takeNumber(3)
            creditAmount = try cursor.takeNumber(12)
            creditCount = try cursor.takeNumber(3)
            agreement = Agreement(rawValue: try cursor.takeNumber(1))
        }

        var encoded: String {
            String(debitAmount, width: 12) + String(debitCount, width: 3) + String(creditAmount, width: 12)
                + String(creditCount, width: 3) + String(agreement.rawValue)
        }
    }

    /// The digit that says whether both sides have the same totals.
    public struct Agreement: RawRepresentable, Hashable, Sendable {
        /// The digit.
        public let rawValue: Int
        /// The agreement with this digit.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// In a request: not said.
        public static let request = Agreement(rawValue: 0)
        /// The acquirer has the same totals.
        public static let agreed = Agreement(rawValue: 1)
        /// The acquirer has other totals.
        public static let differs = Agreement(rawValue: 2)
        /// The acquirer could not compare.
        public static let hostError = Agreement(rawValue: 3)
    }

    /// Reads field 48, exactly 62 digits.
    public init(decoding digits: String) throws(MessageError) {
        var cursor = FieldCursor(digits, "F48")
        domestic = try Side(&cursor)
        foreign = try Side(&cursor)
        try cursor.expectEnd()
    }

    /// Field 48.
    public var encoded: String { domestic.encoded + foreign.encoded }
}
