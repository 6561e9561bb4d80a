public import Payments

/// What the terminal needs to ask the issuer.
public struct OnlineRequest: Equatable, Sendable {
    /// The card.
    public let card: CardRead
    /// Whether a PIN was entered for the issuer to check.
    public let pinEntry: PINEntry
    /// Data objects of field 55 for a sale, BER-TLV, in the order of the lists.
    public let chipData: [UInt8]
}
