/// What the issuer finds about a card's cryptogram.
public enum CryptogramCheck: Sendable {
    /// It was made by the card, over this payment.
    case genuine(GenuineCryptogram)
    /// It was not: reply 59.
    case wrong
    /// The account number and sequence number belong to no card of this issuer: reply 14.
    case unknownCard
    /// Data objects are missing or have the wrong length: reply 30.
    case malformed
}
