/// Why an authorization is reversed (field 39 of the 0400).
public enum ReversalReason: String, Codable, Sendable {
    /// No reply, a late or an unreadable one: 98.
    case noReply
    /// The reply's MAC was wrong: A0.
    case badMAC
    /// The terminal or the card could not complete: 96.
    case notCompleted
}
