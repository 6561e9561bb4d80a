/// A card application as receipts name it.
public struct CardApplication: Hashable, Codable, Sendable {
    /// Application identifier (84), 5–16 bytes in hexadecimal.
    public let aid: String
    /// Application label (50).
    public let label: String
    /// Application preferred name (9F12), where the terminal can show its code table.
    public let preferredName: String?

    /// An application of these names.
    public init(aid: String, label: String, preferredName: String? = nil) {
        self.aid = aid
        self.label = label
        self.preferredName = preferredName
    }
}
