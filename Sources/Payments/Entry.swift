/// A record in its place: what the journal gives back.
public struct Entry: Hashable, Sendable {
    /// Place in the journal, from 1, without gaps.
    public let sequence: Int
    /// The shop's time when it was written. Order is by sequence, never by this.
    public let time: LocalDateTime
    /// The fact.
    public let record: Record
    /// Hash of this record and, through the hash before it, of all earlier ones (M11); 32 bytes.
    public let hash: [UInt8]

    /// A record in its place.
    public init(sequence: Int, time: LocalDateTime, record: Record, hash: [UInt8]) {
        self.sequence = sequence
        self.time = time
        self.record = record
        self.hash = hash
    }
}
