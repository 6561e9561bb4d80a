/// An account of the test issuer and the card that draws on it. Nothing here exists outside simulations.
public struct TestAccount: Hashable, Sendable {
    /// The account number: a test number, 620000… where the scheme is UnionPay.
    public let number: String
    /// Tells the cards of one account apart (5F34), 0–99.
    public let sequenceNumber: Int
    /// Last month of use, YYMM.
    public let expiry: String
    /// The PIN that issuer and card know.
    public let pin: String
    /// The three digits on the back of the card (CVN2).
    public let cvn2: String
    /// What it holds when a simulation starts, in minor units of CNY.
    public let openingBalance: Int64
    /// Who issued it.
    public let issuer: TestIssuer
    /// The scheme of its card.
    public let scheme: CardScheme

    /// An account of these parts.
    public init(
        number: String, sequenceNumber: Int = 1, expiry: String = "4912", pin: String, cvn2: String = "321",
        openingBalance: Int64, issuer: TestIssuer = .first,
        scheme: CardScheme = .unionPay
    ) {
        self.number = number
        self.sequenceNumber = sequenceNumber
        self.expiry = expiry
        self.pin = pin
        self.cvn2 = cvn2
        self.openingBalance = openingBalance
        self.issuer = issuer
        self.scheme = scheme
    }
}
