/// The acquirer's clock as its reply gives it.
public struct AcquirerTime: Hashable, Codable, Sendable {
    /// `MMDD`.
    public let date: String
    /// `hhmmss`.
    public let time: String

    /// A time of fields 13 and 12.
    public init(date: String, time: String) {
        self.date = date
        self.time = time
    }
}
