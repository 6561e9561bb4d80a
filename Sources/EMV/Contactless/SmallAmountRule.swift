/// UnionPay's rule for small amounts: up to a limit, inclusive, a tap needs neither PIN nor signature, where the card's kind
/// and number allow it. Amounts in minor units.
public struct SmallAmountRule: Equatable, Sendable {
    /// Up to this amount no PIN (FF8058); nil switches the rule off (FF8054).
    public var withoutPIN: Int64?
    /// Up to this amount no signature (FF8059); nil switches the rule off (FF805A).
    public var withoutSignature: Int64?
    /// First digits of account numbers to which it applies (tables A and B); empty for all.
    public var admitted: [String] = []
    /// First digits of account numbers to which it never applies (table C).
    public var excluded: [String] = []

    /// A rule of these limits for every number.
    public init(withoutPIN: Int64?, withoutSignature: Int64?) {
        self.withoutPIN = withoutPIN
        self.withoutSignature = withoutSignature
    }
}
