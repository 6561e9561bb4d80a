/// The ways to a card.
public enum CardInterface: String, CaseIterable, Sendable {
    /// Contacts in a slot.
    case contact
    /// A field.
    case contactless
}
