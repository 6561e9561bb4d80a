public import Payments

/// What a download brought.
public struct DownloadReport: Codable, Sendable, Equatable {
    /// What was asked for.
    public let kind: Download
    /// How many entries came.
    public let entries: Int
    /// Those that are not used, with the reasons; the others are in force.
    public let refused: [ParameterNote]
}
