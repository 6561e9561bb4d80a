/// An earlier payment, as a later one names it to the acquirer (fields 37, 38, 61). What the journal knows stands here as
/// the journal knows it; of a payment it does not know, what its receipt says.
public struct Original: Hashable, Codable, Sendable {
    /// The register's id of it, if this terminal's journal has it.
    public let id: RequestID?
    /// The batch it was in.
    public let batch: BatchNumber?
    /// Its number in that batch.
    public let stan: STAN?
    /// Its date, `MMDD`.
    public let date: String
    /// Its retrieval reference number, field 37.
    public let rrn: String?
    /// Its authorisation code, field 38.
    public let authorizationCode: String?

    /// An earlier payment of these numbers.
    public init(
        id: RequestID? = nil, batch: BatchNumber? = nil, stan: STAN? = nil, date: String, rrn: String? = nil,
        authorizationCode: String? = nil
    ) {
        self.id = id
        self.batch = batch
        self.stan = stan
        self.date = date
        self.rrn = rrn
        self.authorizationCode = authorizationCode
    }
}
