public import Payments

/// What a download brought.
public struct DownloadReport: Codable, Sendable, Equatable {
    /// What was asked for.
    public let kind: Download
    /// How many entries are in force now.
    public let entries: Int
}
