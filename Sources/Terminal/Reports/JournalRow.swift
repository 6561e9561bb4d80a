/// One record of the journal, for people.
public struct JournalRow: Codable, Sendable, Equatable {
    /// Place in the journal, from 1.
    public let sequence: Int
    /// The shop's time.
    public let time: String
    /// The kind of record.
    public let kind: String
    /// The register's request, if the record belongs to one.
    public let id: String?
    /// What it says, in a line.
    public let summary: String
    /// The hash that chains it, in hexadecimal.
    public let hash: String
}
