/// A request to the acquirer, as the journal keeps it: nothing in it is secret, all of it is needed again to reverse it.
/// The account number goes with it sealed; track and PIN block are never kept (`Credentials`).
public struct Authorization: Hashable, Codable, Sendable {
    /// The register's request it serves.
    public let request: PaymentRequest
    /// Field 11.
    public let stan: STAN
    /// The batch it belongs to.
    public let batch: BatchNumber
    /// The shop's time when it was made.
    public let time: LocalDateTime
    /// How the card was read.
    public let card: CardSummary
    /// Data objects for field 55, BER-TLV; empty without a chip.
    @HexCoded public private(set) var chipData: [UInt8]
    /// Which one of its payment it is, from 1: a wrong PIN, or a deferred authorization that was lost and reversed, leads
    /// to another one with a number of its own. A further one says that those before it hold nothing.
    public let attempt: Int

    /// A request of these parts.
    public init(
        request: PaymentRequest, stan: STAN, batch: BatchNumber, time: LocalDateTime, card: CardSummary,
        chipData: [UInt8], attempt: Int = 1
    ) {
        self.request = request
        self.stan = stan
        self.batch = batch
        self.time = time
        self.card = card
        self.chipData = chipData
        self.attempt = attempt
    }
}

extension Authorization {
    private enum CodingKeys: String, CodingKey {
        case request, stan, batch, time, card, chipData, attempt
    }

    /// Reads an authorization; the first journals knew one attempt only and did not count it.
    public init(from decoder: any Decoder) throws {
        let parts = try decoder.container(keyedBy: CodingKeys.self)
        request = try parts.decode(PaymentRequest.self, forKey: .request)
        stan = try parts.decode(STAN.self, forKey: .stan)
        batch = try parts.decode(BatchNumber.self, forKey: .batch)
        time = try parts.decode(LocalDateTime.self, forKey: .time)
        card = try parts.decode(CardSummary.self, forKey: .card)
        _chipData = try parts.decode(HexCoded.self, forKey: .chipData)
        attempt = try parts.decodeIfPresent(Int.self, forKey: .attempt) ?? 1
    }
}
