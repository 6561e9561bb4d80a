/// The acquirer's answer to an authorization, after its MAC and its numbers were checked.
public struct Reply: Hashable, Codable, Sendable {
    /// What it decided.
    public let verdict: Verdict
    /// Field 39 as it came, two characters.
    public let code: String
    /// What the code means, for cashier and customer.
    public let text: BilingualText
    /// Field 4, where the acquirer approved another amount than it was asked for: a part (code 10).
    public let amount: Money?
    /// What the account holds, field 54.
    public let balance: Money?
    /// Retrieval reference number, field 37.
    public let rrn: String?
    /// Authorisation code, field 38.
    public let authorizationCode: String?
    /// Field 15, MMDD.
    public let settlementDate: String?
    /// The acquirer's date (field 13, MMDD) and time (field 12, hhmmss).
    public let acquirerTime: AcquirerTime?
    /// Field 44: issuer's institution number.
    public let issuer: String?
    /// Field 44: acquirer's institution number.
    public let acquirer: String?
    /// Field 63: the scheme, `CUP`.
    public let scheme: String?
    /// Field 63: remarks for the receipt.
    public let remark: String?
    /// Field 55 as it came: issuer authentication data and scripts.
    @HexCoded public private(set) var chipData: [UInt8]

    /// A reply of these parts.
    public init(
        verdict: Verdict, code: String, text: BilingualText, amount: Money? = nil, balance: Money? = nil,
        rrn: String? = nil, authorizationCode: String? = nil,
        settlementDate: String? = nil, acquirerTime: AcquirerTime? = nil, issuer: String? = nil,
        acquirer: String? = nil, scheme: String? = nil, remark: String? = nil, chipData: [UInt8] = []
    ) {
        self.verdict = verdict
        self.code = code
        self.text = text
        self.amount = amount
        self.balance = balance
        self.rrn = rrn
        self.authorizationCode = authorizationCode
        self.settlementDate = settlementDate
        self.acquirerTime = acquirerTime
        self.issuer = issuer
        self.acquirer = acquirer
        self.scheme = scheme
        self.remark = remark
        self.chipData = chipData
    }

    /// What an acquirer decides.
    public enum Verdict: String, Codable, Sendable {
        /// The money is taken.
        case approved
        /// It is not.
        case declined
    }
}
