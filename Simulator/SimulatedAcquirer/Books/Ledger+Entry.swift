public import Payments

extension Ledger {
    /// One request and what became of it.
    public struct Entry: Equatable, Sendable {
        /// Which one.
        public let key: Key
        /// What it asked or told; of what is known from an upload's detail alone, a sale or a refund.
        public internal(set) var kind: Kind
        /// The account it draws on; nil if the acquirer refused it before looking.
        public let pan: PAN?
        /// What it moves or keeps, in minor units of CNY: less than asked after a partial approval, another amount after
        /// an adjustment.
        public internal(set) var amount: Int64
        /// What the request asked for.
        public let requested: Int64
        /// Retrieval reference, field 37 of the answer; empty if there was none.
        public let rrn: String
        /// Field 38: of the answer, or of the request that told it.
        public internal(set) var authorizationCode: String?
        /// Field 22.
        public internal(set) var entryMode = ""
        /// Field 25.
        public internal(set) var condition = ""
        /// MMDD of the answer, its field 13.
        public internal(set) var date = ""
        /// Whether a genuine cryptogram came with it.
        public internal(set) var isChip = false
        /// The request that it takes back, completes or changes.
        public internal(set) var original: Key?
        /// The tip in its amount.
        public internal(set) var tip: Int64 = 0
        /// What refunds have given back of it.
        public internal(set) var refunded: Int64 = 0
        /// What an adjustment replaced: the amount of its original.
        var replacedAmount: Int64 = 0
        /// And the tip in it.
        var replacedTip: Int64 = 0
        /// What became of it.
        public internal(set) var state: State

        init(
            key: Key, kind: Kind, pan: PAN?, amount: Int64, requested: Int64? = nil, rrn: String = "",
            state: State
        ) {
            self.key = key
            self.kind = kind
            self.pan = pan
            self.amount = amount
            self.requested = requested ?? amount
            self.rrn = rrn
            self.state = state
        }

        /// Names the request that it takes back, completes or changes.
        mutating func relate(to original: Entry?) {
            self.original = original?.key
            if let original, kind == .adjustment || kind == .tip {
                replacedAmount = original.amount
                replacedTip = original.tip
            }
        }

        /// Whether the money it took stands.
        public var isCapture: Bool { kind.side == .debit && state == .approved }

        /// Whether it was granted and not taken back; also when a later request has closed it.
        var isStanding: Bool {
            switch state {
            case .approved, .closed: true
            case .declined, .reversed, .cancelledInAdvance, .disowned: false
            }
        }

        /// Whether it counts in the totals: also when it was voided, for the void counts too.
        var isCounted: Bool { kind.side != nil && isStanding }

        /// Whether the card is of the domestic scheme.
        var isDomestic: Bool { pan?.digits.hasPrefix("62") ?? true }
    }

    /// What becomes of a request.
    public enum State: Equatable, Sendable {
        /// It stands: the money is taken, given or kept.
        case approved
        /// It never was; with the code of the answer.
        case declined(code: String)
        /// It was, and was taken back; with the reason in field 39 of the reversal.
        case reversed(reason: String)
        /// The reversal was there first: the request is refused if it ever comes.
        case cancelledInAdvance
        /// A later request has voided, cancelled or completed it.
        case closed(by: Key)
        /// The terminal did not know of it when it uploaded its batch, so its money was given back.
        case disowned
    }
}
