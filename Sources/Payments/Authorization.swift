/// A request to the acquirer, as the journal keeps it: nothing in it is secret, all of it is needed again to reverse it.
/// The account number goes with it sealed; track and PIN block are never kept (`Credentials`).
public struct Authorization: Hashable, Codable, Sendable {
    /// The register's request it serves.
    public let request: SaleRequest
    /// Field 11.
    public let stan: STAN
    /// The batch it belongs to.
    public let batch: BatchNumber
    /// The shop's time when it was made.
    public let time: LocalDateTime
    /// How the card was read.
    public let card: CardSummary
    /// Data objects for field 55, BER-TLV; empty without a chip.
    @HexCoded public private(set) var chipData: [UInt8]

    /// A request of these parts.
    public init(
        request: SaleRequest, stan: STAN, batch: BatchNumber, time: LocalDateTime, card: CardSummary, chipData: [UInt8]
    ) {
        self.request = request
        self.stan = stan
        self.batch = batch
        self.time = time
        self.card = card
        self.chipData = chipData
    }
}

/// What is secret about the card of one request. Lives in memory only, from the card's reading to the acquirer's answer.
public struct Credentials: Equatable, Sendable {
    /// The account number; the journal keeps it sealed.
    public let pan: PAN
    /// Track 2 equivalent data, never kept.
    public let track2: Track2?
    /// The encrypted PIN block, 8 or 16 bytes, never kept.
    public let pinBlock: SecretBytes?

    /// The secrets of one request.
    public init(pan: PAN, track2: Track2? = nil, pinBlock: SecretBytes? = nil) {
        self.pan = pan
        self.track2 = track2
        self.pinBlock = pinBlock
    }
}

/// What may be known of a card by everybody.
public struct CardSummary: Hashable, Codable, Sendable {
    /// First six and last four digits of the account number.
    public let maskedPAN: String
    /// When the card ends.
    public let expiry: ExpiryDate?
    /// PAN sequence number (5F34), 0–99; tells cards of one account apart.
    public let sequenceNumber: Int?
    /// How the card came in.
    public let entryMode: EntryMode
    /// Whether a PIN was entered, and who checks it.
    public let pinEntry: PINEntry
    /// The application that was selected on the chip.
    public let application: CardApplication?

    /// A summary of these parts.
    public init(
        maskedPAN: String, expiry: ExpiryDate?, sequenceNumber: Int?, entryMode: EntryMode, pinEntry: PINEntry,
        application: CardApplication?
    ) {
        self.maskedPAN = maskedPAN
        self.expiry = expiry
        self.sequenceNumber = sequenceNumber
        self.entryMode = entryMode
        self.pinEntry = pinEntry
        self.application = application
    }
}

/// How a card came in (the first two digits of field 22).
public enum EntryMode: String, Codable, Sendable {
    /// Typed by hand.
    case manual
    /// Magnetic stripe.
    case stripe
    /// Contact chip.
    case contactChip
    /// Contactless chip.
    case contactlessChip
    /// Stripe, after the chip could not be read.
    case fallback
}

/// What became of the PIN.
public enum PINEntry: String, Codable, Sendable {
    /// None was asked for or entered.
    case none
    /// Entered; the issuer checks it.
    case online
    /// Entered; the card checked it.
    case offline
}

/// A card application as receipts name it.
public struct CardApplication: Hashable, Codable, Sendable {
    /// Application identifier (84), 5–16 bytes in hexadecimal.
    public let aid: String
    /// Application label (50).
    public let label: String
    /// Application preferred name (9F12), where the terminal can show its code table.
    public let preferredName: String?

    /// An application of these names.
    public init(aid: String, label: String, preferredName: String? = nil) {
        self.aid = aid
        self.label = label
        self.preferredName = preferredName
    }
}
