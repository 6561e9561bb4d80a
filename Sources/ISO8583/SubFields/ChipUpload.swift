/// Field 62 of a chip record in the batch upload: of a certificate (61) or of a failed transaction (71).
public struct ChipUpload: Equatable, Sendable {
    /// What kind of record it is.
    public enum Kind: String, Sendable {
        /// An approved on-line transaction with its certificate.
        case certificate = "61"
        /// A failed one, or one whose issuer was not authenticated.
        case failure = "71"
    }

    /// What kind of record it is.
    public let kind: Kind
    /// Whether the card is a foreign one.
    public let isForeign: Bool
    /// Amount in minor units.
    public let amount: Int
    /// Numeric currency, three characters.
    public let currency: String

    /// A record of these parts.
    public init(kind: Kind, isForeign: Bool, amount: Int, currency: String) {
        self.kind = kind
        self.isForeign = isForeign
        self.amount = amount
        self.currency = currency
    }

    /// Reads field 62.
    public init(decoding text: String) throws(MessageError) {
        var cursor = FieldCursor(text, "F62")
        guard let kind = Kind(rawValue: try cursor.take(2, "kind")) else {
            throw MessageError(.invalidValue, at: 0, in: "F62.kind")
        }
        let organisation = try cursor.take(2, "organisation")
        guard organisation == "00" || organisation == "01" else {
            throw MessageError(.invalidValue, at: 2, in: "F62.organisation")
        }
        if kind == .failure, try cursor.take(2, "entry") != "05" {
            throw MessageError(.invalidValue, at: 4, in: "F62.entry")
        }
        amount = try cursor.takeNumber(12, "amount")
        currency = try cursor.take(3, "currency")
        if kind == .failure, try cursor.take(2, "type") != "22" {
            throw MessageError(.invalidValue, at: 21, in: "F62.type")
        }
        try cursor.expectEnd()
        self.kind = kind
        isForeign = organisation == "01"
    }

    /// Field 62.
    public var encoded: String {
        let start = kind.rawValue + (isForeign ? "01" : "00")
        let value = String(amount, width: 12) + currency
        return kind == .certificate ? start + value : start + "05" + value + "22"
    }
}
