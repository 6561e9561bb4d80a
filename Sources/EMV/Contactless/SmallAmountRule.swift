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

    /// What UnionPay's application names tell of a card; nil for names of others and for electronic cash.
    enum CardKind: Equatable, Sendable {
        case debit
        /// Credit or quasi-credit.
        case credit

        init?(aid: [UInt8]) {
            guard aid.starts(with: [0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01]), aid.count >= 8 else { return nil }
            switch aid[7] {
            case 0x01: self = .debit
            case 0x02, 0x03: self = .credit
            default: return nil
            }
        }
    }

    /// What remains of the verification that card and reader came to; nil where one is required and there is none.
    func reduced(
        _ demanded: ContactlessOutcome.Verification?, amount: Int64, kind: CardKind?, pan: String
    ) -> ContactlessOutcome.Verification? {
        guard let kind, admitted.isEmpty || admitted.contains(where: pan.hasPrefix),
            !excluded.contains(where: pan.hasPrefix)
        else { return demanded }
        let withoutPIN = withoutPIN.map { amount <= $0 } ?? false
        let withoutSignature = withoutSignature.map { amount <= $0 } ?? false
        switch demanded {
        // A debit card that asks for its PIN gets it, whatever the amount; a device that verified its owner needs no more.
        case .onlinePIN where kind == .debit, .onDevice: return demanded
        case .onlinePIN where withoutPIN: return withoutSignature ? .smallAmount : .signature
        case .onlinePIN, .notApplicable, .smallAmount: return demanded
        case .signature, Optional.none, .some(.none):
            return withoutPIN && withoutSignature ? .smallAmount : demanded
        }
    }
}
