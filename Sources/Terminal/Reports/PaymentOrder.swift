public import Payments

/// What the control API takes to start a payment of any kind. A key it does not know is refused: a misspelt currency is
/// not passed over.
public struct PaymentOrder: Codable, Equatable, Sendable {
    /// The register's own id; 1–64 visible ASCII characters.
    public var id: String
    /// What is to be done; a sale where absent.
    public var kind: TransactionKind?
    /// Major units, `88.80`. Where absent: nothing for a balance, the original's amount for what takes it back whole.
    public var amount: String?
    /// The tip in major units, for a tip; `amount` is then the original's with it.
    public var tip: String?
    /// Three letters; the terminal's own currency where absent.
    public var currency: String?
    /// The register's id of the payment that this one follows up.
    public var original: String?
    /// What its receipt says, where this terminal's journal does not have it.
    public var originalReceipt: OriginalReceipt?
    /// Whether the customer ordered by mail or phone; as the payment that is followed up where absent.
    public var mailOrder: Bool?
    /// The card's data as they were typed, for a mail or phone order or an offline settlement.
    public var card: TypedCard?
    /// 授权码 that the acquirer gave by voice, six characters; for an offline settlement.
    public var authCode: String?
    /// Two digits; `01` where absent.
    public var cashier: String?
    /// The supervisor who allows it, for what needs one.
    public var supervisor: Supervisor?

    private enum CodingKeys: String, CodingKey {
        case id, kind, amount, tip, currency, original, originalReceipt, mailOrder, card, authCode, cashier, supervisor
    }

    /// Reads an order strictly.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        kind = try container.decodeIfPresent(TransactionKind.self, forKey: .kind)
        amount = try container.decodeIfPresent(String.self, forKey: .amount)
        tip = try container.decodeIfPresent(String.self, forKey: .tip)
        currency = try container.decodeIfPresent(String.self, forKey: .currency)
        original = try container.decodeIfPresent(String.self, forKey: .original)
        originalReceipt = try container.decodeIfPresent(OriginalReceipt.self, forKey: .originalReceipt)
        mailOrder = try container.decodeIfPresent(Bool.self, forKey: .mailOrder)
        card = try container.decodeIfPresent(TypedCard.self, forKey: .card)
        authCode = try container.decodeIfPresent(String.self, forKey: .authCode)
        cashier = try container.decodeIfPresent(String.self, forKey: .cashier)
        supervisor = try container.decodeIfPresent(Supervisor.self, forKey: .supervisor)
    }

    /// An order of these parts; the rest is absent and can be set.
    public init(
        id: String, kind: TransactionKind? = nil, amount: String? = nil, original: String? = nil,
        currency: String? = nil, cashier: String? = nil, supervisor: Supervisor? = nil
    ) {
        self.id = id
        self.kind = kind
        self.amount = amount
        self.original = original
        self.currency = currency
        self.cashier = cashier
        self.supervisor = supervisor
    }

    /// What the receipt of an earlier payment says.
    public struct OriginalReceipt: Codable, Equatable, Sendable {
        /// Its date, `MMDD`.
        public var date: String
        /// 参考号, field 37.
        public var rrn: String?
        /// 授权码, field 38.
        public var authCode: String?
        /// 批次号, six digits.
        public var batch: String?
        /// 凭证号, six digits.
        public var stan: String?

        private enum CodingKeys: String, CodingKey {
            case date, rrn, authCode, batch, stan
        }

        /// Reads the numbers strictly.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
            date = try container.decode(String.self, forKey: .date)
            rrn = try container.decodeIfPresent(String.self, forKey: .rrn)
            authCode = try container.decodeIfPresent(String.self, forKey: .authCode)
            batch = try container.decodeIfPresent(String.self, forKey: .batch)
            stan = try container.decodeIfPresent(String.self, forKey: .stan)
        }

        /// The numbers of a receipt.
        public init(
            date: String, rrn: String? = nil, authCode: String? = nil, batch: String? = nil, stan: String? = nil
        ) {
            self.date = date
            self.rrn = rrn
            self.authCode = authCode
            self.batch = batch
            self.stan = stan
        }
    }

    /// A card as somebody typed it. In memory only, from the socket to the acquirer (M8).
    public struct TypedCard: Codable, Equatable, Sendable, CustomStringConvertible {
        /// The account number.
        public var pan: String
        /// `YYMM`.
        public var expiry: String
        /// The verification number, three digits.
        public var cvn2: String?

        private enum CodingKeys: String, CodingKey {
            case pan, expiry, cvn2
        }

        /// Reads the data strictly.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
            pan = try container.decode(String.self, forKey: .pan)
            expiry = try container.decode(String.self, forKey: .expiry)
            cvn2 = try container.decodeIfPresent(String.self, forKey: .cvn2)
        }

        /// A typed card.
        public init(pan: String, expiry: String, cvn2: String? = nil) {
            self.pan = pan
            self.expiry = expiry
            self.cvn2 = cvn2
        }

        /// Dots (M8).
        public var description: String { "••••" }
    }
}
