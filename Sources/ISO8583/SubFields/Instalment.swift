/// Field 62 of an instalment sale: what the register asks, and what the issuer grants.
public enum Instalment {
    /// The request: over how many periods, under which project.
    public struct Request: Equatable, Sendable {
        /// Number of periods, two digits.
        public let periods: Int
        /// Project code and whatever is reserved after it, as sent.
        public let project: String

        /// A request of these parts.
        public init(periods: Int, project: String) {
            self.periods = periods
            self.project = project
        }

        /// Reads field 62 of a request.
        public init(decoding text: String) throws(MessageError) {
            var cursor = FieldCursor(text, "F62")
            periods = try cursor.takeNumber(2, "periods")
            project = cursor.takeRest()
        }

        /// Field 62.
        public var encoded: String { String(periods, width: 2) + project }
    }

    /// The grant. Amounts in minor units.
    public struct Reply: Equatable, Sendable {
        /// First payment.
        public let firstPayment: Int
        /// Numeric currency, three characters.
        public let currency: String
        /// Fee of the cardholder if paid at once.
        public let fee: Int
        /// Bonus points.
        public let points: Int
        /// 0 fee at once, 1 fee by period.
        public let feeMode: String
        /// Fee of the first period.
        public let firstFee: Int
        /// Fee of each later period.
        public let periodFee: Int
        /// Reserved characters after it.
        public let rest: String

        /// Reads field 62 of a reply.
        public init(decoding text: String) throws(MessageError) {
            var cursor = FieldCursor(text, "F62")
            firstPayment = try cursor.takeNumber(12, "firstPayment")
            currency = try cursor.take(3, "currency")
            fee = try cursor.takeNumber(12, "fee")
            points = try cursor.takeNumber(12, "points")
            feeMode = try cursor.take(1, "feeMode")
            firstFee = try cursor.takeNumber(12, "firstFee")
            periodFee = try cursor.takeNumber(12, "periodFee")
            rest = cursor.takeRest()
        }

        /// Field 62.
        public var encoded: String {
            String(firstPayment, width: 12) + currency + String(fee, width: 12) + String(points, width: 12) + feeMode
                + String(firstFee, width: 12) + String(periodFee, width: 12) + rest
        }
    }
}
