public import Payments

/// The card as it was read. Lives in memory only; prints masked.
public struct CardRead: Equatable, Sendable {
    /// Account number (5A).
    public let pan: PAN
    /// Track 2 equivalent data (57).
    public let track2: Track2?
    /// Expiry month (5F24).
    public let expiry: ExpiryDate?
    /// PAN sequence number (5F34), 0–99.
    public let sequenceNumber: Int?
    /// The application that was selected.
    public let application: CardApplication
}

/// What the terminal needs to ask the issuer.
public struct OnlineRequest: Equatable, Sendable {
    /// The card.
    public let card: CardRead
    /// Whether a PIN was entered for the issuer to check.
    public let pinEntry: PINEntry
    /// Data objects of field 55 for a sale, BER-TLV, in the order of the lists.
    public let chipData: [UInt8]
}

/// What the issuer answered, as far as the card is concerned.
public struct OnlineReply: Equatable, Sendable {
    /// Whether it approved.
    public let approved: Bool
    /// Authorisation response code (8A): the two ASCII characters of field 39.
    public let responseCode: [UInt8]
    /// Field 55 of the reply: 91, 71, 72. What is not BER-TLV counts as empty.
    public let chipData: [UInt8]

    /// An answer of these parts; `code` is field 39.
    public init(approved: Bool, code: String, chipData: [UInt8]) {
        self.approved = approved
        responseCode = Array(code.utf8)
        self.chipData = chipData
    }
}
