public import Engine

/// When batches are closed, and how long records are kept.
public struct BookSettings: Equatable, Sendable, Decodable {
    /// When a batch is closed without being asked for; nil for never.
    public let settlement: SettlementSchedule?
    /// Days that a record is kept after its batch was settled.
    public let retentionDays: Int

    private enum CodingKeys: String, CodingKey {
        case settleAt, retentionDays
    }

    /// No automatic settlement; a year and a half.
    public init() {
        settlement = nil
        retentionDays = 540
    }

    /// Reads the section `books`.
    public init(from decoder: any Decoder) throws {
        let defaults = BookSettings()
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        retentionDays = try container.number(.retentionDays, in: 3...36_500, or: defaults.retentionDays)
        guard container.contains(.settleAt) else {
            settlement = nil
            return
        }
        let text = try container.decode(String.self, forKey: .settleAt)
        guard let schedule = SettlementSchedule(text) else { throw container.invalid(.settleAt, "must be hh:mm") }
        settlement = schedule
    }
}
