/// How far the settlement of a batch is, read from the journal.
public struct SettlementState: Hashable, Sendable {
    /// How it was begun.
    public let begun: Settlement
    /// When.
    public let begunAt: LocalDateTime
    /// What the acquirer found; nil until it has answered.
    public private(set) var comparison: Settlement.Comparison?
    /// The upload's message that left last, or was about to: its index from 0, and its number.
    public private(set) var sending: Upload?
    /// The messages that the acquirer refused, with field 39.
    public private(set) var refused: [Int: String] = [:]
    /// When the batch was closed; nil while it is being settled.
    public private(set) var settledAt: LocalDateTime?

    /// The settlement that these entries tell of: all of one, in order. Nil if they do not follow from each other.
    public init?(_ entries: some Sequence<Entry>) {
        var iterator = entries.makeIterator()
        guard let first = iterator.next(), case .settlementBegun(let begun) = first.record else { return nil }
        self.begun = begun
        begunAt = first.time
        while let entry = iterator.next() {
            guard follow(entry) else { return nil }
        }
    }

    /// Takes the next entry of the settlement; false, and nothing changes, if it does not follow.
    public mutating func follow(_ entry: Entry) -> Bool {
        guard settledAt == nil else { return false }
        switch entry.record {
        case .settlementCompared(let found):
            guard comparison == nil else { return false }
            comparison = found
        case .uploading(let index, let stan):
            guard comparison != nil, index == (sending?.index ?? -1) + 1 else { return false }
            sending = Upload(index: index, stan: stan)
        case .uploadRefused(let index, let code):
            guard sending?.index == index, refused[index] == nil else { return false }
            refused[index] = code
        case .settled(let batch):
            guard batch == begun.batch, comparison != nil else { return false }
            settledAt = entry.time
        default: return false
        }
        return true
    }

    /// One message of the upload.
    public struct Upload: Hashable, Sendable {
        /// Its place in the upload, from 0.
        public let index: Int
        /// Its number.
        public let stan: STAN
    }
}
