/// One sentence in the two languages of the counter.
public struct BilingualText: Hashable, Codable, Sendable {
    /// Simplified Chinese.
    public let chinese: String
    /// English.
    public let english: String

    /// The sentence in both.
    public init(_ chinese: String, _ english: String) {
        self.chinese = chinese
        self.english = english
    }
}
