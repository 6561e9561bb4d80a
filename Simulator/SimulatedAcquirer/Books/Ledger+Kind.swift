public import ISO8583

extension Ledger {
    /// The financial messages that the host knows, each with what the protocol says of it.
    public enum Kind: String, CaseIterable, Sendable {
        /// 0200, 60.1 = 22; by card or by mail order, also one that was deferred.
        case sale
        /// 0200, 23: of a sale.
        case void
        /// 0220, 25.
        case refund
        /// 0200, 01.
        case balance
        /// 0100, 01: whether the account is good.
        case verification
        /// 0100, 10.
        case preAuthorization
        /// 0100, 11: of a pre-authorisation.
        case cancel
        /// 0200, 20: asked of a pre-authorisation.
        case completion
        /// 0220, 24: told of a pre-authorisation.
        case completionAdvice
        /// 0200, 21: of a completion.
        case completionVoid
        /// 0220, 30: a sale that was authorised by telephone.
        case offlineSettlement
        /// 0220, 32: of a sale or offline settlement.
        case adjustment
        /// 0220, 34: of a sale or offline settlement.
        case tip
        /// 0200, 36: a sale that the card approved.
        case offlineSale

        /// The side of the totals on which it counts (field 48 of a settlement).
        public enum Side: Sendable { case debit, credit }

        /// The kind with this message type and 60.1; nil for one that the host does not know.
        init?(_ mti: MTI, code: String) {
            guard let kind = Kind.allCases.first(where: { $0.code == code && $0.mti == mti }) else { return nil }
            self = kind
        }

        /// Field 60.1.
        public var code: String {
            switch self {
            case .sale: "22"
            case .void: "23"
            case .refund: "25"
            case .balance, .verification: "01"
            case .preAuthorization: "10"
            case .cancel: "11"
            case .completion: "20"
            case .completionAdvice: "24"
            case .completionVoid: "21"
            case .offlineSettlement: "30"
            case .adjustment: "32"
            case .tip: "34"
            case .offlineSale: "36"
            }
        }

        /// The type of its request.
        public var mti: MTI {
            switch self {
            case .preAuthorization, .cancel, .verification: 0x0100
            case .sale, .void, .balance, .completion, .completionVoid, .offlineSale: 0x0200
            case .refund, .completionAdvice, .offlineSettlement, .adjustment, .tip: 0x0220
            }
        }

        /// Field 3.
        public var processingCode: String {
            switch self {
            case .sale, .completion, .completionAdvice, .offlineSettlement, .adjustment, .tip, .offlineSale: "000000"
            case .void, .refund, .cancel, .completionVoid: "200000"
            case .balance: "310000"
            case .verification: "330000"
            case .preAuthorization: "030000"
            }
        }

        /// Values of field 25, the mail order's last.
        var conditions: [String] {
            switch self {
            case .sale, .void, .refund: ["00", "08"]
            case .preAuthorization, .cancel, .completion, .completionAdvice, .completionVoid: ["06", "18"]
            case .balance, .verification, .offlineSettlement, .adjustment, .tip, .offlineSale: ["00"]
            }
        }

        /// Nil for what the totals do not count.
        public var side: Side? {
            switch self {
            case .sale, .completion, .completionAdvice, .offlineSettlement, .offlineSale: .debit
            case .void, .refund, .completionVoid: .credit
            case .balance, .verification, .preAuthorization, .cancel, .adjustment, .tip: nil
            }
        }

        /// Whether a reversal (0400) can take it back.
        public var isReversible: Bool {
            switch self {
            case .sale, .void, .preAuthorization, .cancel, .completion, .completionVoid: true
            case .balance, .verification, .refund, .completionAdvice, .offlineSettlement, .adjustment, .tip,
                .offlineSale:
                false
            }
        }

        /// Whether it tells of something done: never reversed, repeated until answered, booked to a closed batch too.
        public var isAdvice: Bool { mti == 0x0220 || self == .offlineSale }

        /// Whether it asks the issuer about the card: the card must be good today.
        var asksIssuer: Bool {
            switch self {
            case .sale, .balance, .verification, .preAuthorization: true
            default: false
            }
        }

        /// Whether it has no amount.
        var isWithoutAmount: Bool { self == .balance || self == .verification }

        /// Whether a request may have exactly these fields.
        func permits(_ fields: [Int]) -> Bool {
            guard let rule = Self.rules[self] else { return false }
            let present = Self.mask(fields)
            return rule.required & ~present == 0 && present & ~rule.allowed == 0
        }

        /// Fields that must and that may be there, a bit each. The local time is some acquirers' habit.
        private static let rules: [Kind: (required: UInt64, allowed: UInt64)] = {
            let always = mask([3, 11, 22, 25, 41, 42, 49, 60, 64])
            let card = always | mask([2, 4, 12, 13, 14, 23, 26, 35, 36, 52, 53, 63])
            let sale = card | mask([55, 62])
            let told = always | mask([2, 4, 12, 13, 14])
            return Dictionary(
                uniqueKeysWithValues: allCases.map { kind in
                    let (required, allowed): ([Int], UInt64) =
                        switch kind {
                        case .sale, .preAuthorization: ([4], sale)
                        case .balance, .verification: ([], sale & ~mask([4, 62]))
                        case .void: ([4, 37, 61], card | mask([37, 38, 61]))
                        case .refund: ([4, 37, 61, 63], card | mask([37, 38, 61]))
                        case .cancel, .completion: ([4, 38, 61], card | mask([38, 61]))
                        case .completionVoid: ([4, 37, 38, 61], card | mask([37, 38, 61]))
                        case .completionAdvice: ([2, 4, 38, 61], told | mask([35, 36, 38, 53, 61]))
                        case .offlineSettlement: ([2, 4, 38], told | mask([38]))
                        case .adjustment, .tip: ([2, 4, 48, 61], told | mask([38, 48, 61]))
                        case .offlineSale: ([2, 4, 55], told | mask([23, 55]))
                        }
                    return (kind, (always | mask(required), allowed))
                })
        }()

        private static func mask(_ fields: [Int]) -> UInt64 {
            fields.reduce(0) { $0 | ((1...64).contains($1) ? 1 << UInt64(64 - $1) : 0) }
        }
    }
}
