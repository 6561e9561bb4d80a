/// What comes of a command sent to a simulated card.
public enum Answer: Equatable, Sendable {
    /// Data and two status bytes; a card that answers nonsense may send less.
    case response([UInt8])
    /// Nothing, for ever.
    case silence
    /// The card has left the slot.
    case removed
}
