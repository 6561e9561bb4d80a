/// What a payment can owe the acquirer after its end.
public enum Delivery: String, Codable, CaseIterable, Sendable {
    /// The authorization is to be taken back (0400).
    case reversal
    /// The payment was decided here and is to be told, or asked, later.
    case stored
    /// What the issuer's scripts did to the card is to be told (0620).
    case scriptResult
}
