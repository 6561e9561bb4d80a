/// Where an item of the terminal's data came from.
public enum ParameterSource: String, Codable, Sendable {
    /// The configuration file.
    case configured
    /// The acquirer.
    case downloaded
}

/// What there is to know of one item of the terminal's data.
public struct ParameterNote: Codable, Equatable, Sendable {
    /// What became of an item.
    public enum Verdict: String, Codable, Sendable {
        /// Wrong, and not used; what was there before stays in force.
        case refused
        /// A key after its last day: not used.
        case expired
        /// Used as it is, though it looks wrong.
        case doubtful
        /// Right, but this terminal has no use for it.
        case unused
    }

    /// Its name: `application A000000333010101`, `CA key A000000333 08`, `FF8058`.
    public let item: String
    /// Where it came from.
    public let source: ParameterSource
    /// What became of it.
    public let verdict: Verdict
    /// Why, in words.
    public let reason: String

    /// A note of these parts.
    init(_ item: String, _ source: ParameterSource, _ verdict: Verdict, _ reason: String) {
        self.item = item
        self.source = source
        self.verdict = verdict
        self.reason = reason
    }
}
