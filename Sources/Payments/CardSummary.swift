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
    /// What stood in the place of PIN and signature of a tap; nil where nothing did.
    public let waiver: VerificationWaiver?

    /// A summary of these parts.
    public init(
        maskedPAN: String, expiry: ExpiryDate?, sequenceNumber: Int?, entryMode: EntryMode, pinEntry: PINEntry,
        application: CardApplication?, waiver: VerificationWaiver? = nil
    ) {
        self.maskedPAN = maskedPAN
        self.expiry = expiry
        self.sequenceNumber = sequenceNumber
        self.entryMode = entryMode
        self.pinEntry = pinEntry
        self.application = application
        self.waiver = waiver
    }
}

extension CardSummary {
    /// Whether the card was issued at home or abroad: settlements count the two apart.
    public enum Origin: String, Codable, CaseIterable, Sendable {
        /// UnionPay's own numbers, which begin with 62.
        case domestic
        /// All others.
        case foreign
    }

    /// Where the card comes from.
    public var origin: Origin { maskedPAN.hasPrefix("62") ? .domestic : .foreign }
}
