/// The signatures on a card (EMV 4.4 Book 2, 5 and 6).
public enum Signature: Hashable, Sendable {
    /// The authority's, over the issuer's key (90).
    case issuerKey
    /// The issuer's, over the card's key (9F46).
    case cardKey
    /// The issuer's, over the card's key for PINs (9F2D).
    case pinKey
    /// The issuer's, over static data (93).
    case staticData
    /// The card's, over dynamic data (9F4B), with the cryptogram or without.
    case dynamicData
}
