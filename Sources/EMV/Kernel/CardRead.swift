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
