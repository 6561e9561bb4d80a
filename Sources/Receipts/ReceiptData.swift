public import Payments

/// Everything a receipt is made from. It comes from configuration and journal alone, so a receipt can be made again
/// at any time (M10).
public struct ReceiptData: Equatable, Sendable {
    /// The shop.
    public let merchant: Merchant
    /// What the register asked for.
    public let request: PaymentRequest
    /// When the payment ended, by the shop's clock; an authorization's own time goes before it.
    public let time: LocalDateTime
    /// The request to the acquirer; nil where none was made.
    public let authorization: Authorization?
    /// How the payment ended.
    public let outcome: Outcome
    /// Whose paper it is.
    public let copy: Copy
    /// True for every print after the first.
    public let isReprint: Bool
    /// Where the customer finds the receipt on the web, at most 300 bytes: a QR symbol on the customer's copy.
    public let electronicReceipt: String?

    /// The facts of one receipt.
    public init(
        merchant: Merchant, request: PaymentRequest, time: LocalDateTime, authorization: Authorization?,
        outcome: Outcome, copy: Copy, isReprint: Bool = false, electronicReceipt: String? = nil
    ) {
        self.merchant = merchant
        self.request = request
        self.time = time
        self.authorization = authorization
        self.outcome = outcome
        self.copy = copy
        self.isReprint = isReprint
        self.electronicReceipt = electronicReceipt
    }

    /// Who keeps the paper.
    public enum Copy: String, CaseIterable, Sendable {
        /// The shop; the customer signs this one.
        case merchant
        /// The acquirer, where it still collects papers; signed too.
        case bank
        /// The customer.
        case customer

        /// The copies that a payment of this kind has; what an account holds is the customer's alone.
        public static func copies(of kind: TransactionKind, withBank: Bool = false) -> [Copy] {
            if kind == .balance { return [.customer] }
            return withBank ? allCases : [.merchant, .customer]
        }
    }

    /// The shop as the acquirer knows it.
    public struct Merchant: Equatable, Sendable {
        /// Its name, in any script GB18030 has.
        public let name: String
        /// Merchant number, field 42, 15 characters.
        public let number: String
        /// Terminal number, field 41, 8 characters.
        public let terminal: String

        /// A shop of this name and these numbers.
        public init(name: String, number: String, terminal: String) {
            self.name = name
            self.number = number
            self.terminal = terminal
        }
    }
}
