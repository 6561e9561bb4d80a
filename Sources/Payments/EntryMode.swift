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
