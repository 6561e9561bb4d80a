/// An outcome in the journal: an object that names its kind, then its parts.
extension Outcome: Codable {
    private enum Kind: String, Codable {
        case approved, stored, declined, declinedByCard, cancelled, failed
    }

    private enum CodingKeys: String, CodingKey {
        case kind, reply, why, chip, canceller, failure
    }

    /// Reads an object with the parts of its kind.
    public init(from decoder: any Decoder) throws {
        let parts = try decoder.container(keyedBy: CodingKeys.self)
        let chip = try parts.decodeIfPresent(ChipResult.self, forKey: .chip)
        switch try parts.decode(Kind.self, forKey: .kind) {
        case .approved: self = .approved(try parts.decode(Reply.self, forKey: .reply), chip)
        case .stored: self = .stored(try parts.decode(Stored.self, forKey: .why), chip)
        case .declined: self = .declined(try parts.decode(Reply.self, forKey: .reply), chip)
        case .declinedByCard: self = .declinedByCard(try parts.decodeIfPresent(Reply.self, forKey: .reply), chip)
        case .cancelled: self = .cancelled(by: try parts.decode(Canceller.self, forKey: .canceller))
        case .failed: self = .failed(try parts.decode(PaymentFailure.self, forKey: .failure))
        }
    }

    /// Writes an object with the parts of its kind.
    public func encode(to encoder: any Encoder) throws {
        var parts = encoder.container(keyedBy: CodingKeys.self)
        func write(_ kind: Kind, _ reply: Reply?, _ chip: ChipResult?) throws {
            try parts.encode(kind, forKey: .kind)
            try parts.encodeIfPresent(reply, forKey: .reply)
            try parts.encodeIfPresent(chip, forKey: .chip)
        }
        switch self {
        case .approved(let reply, let chip): try write(.approved, reply, chip)
        case .stored(let why, let chip):
            try write(.stored, nil, chip)
            try parts.encode(why, forKey: .why)
        case .declined(let reply, let chip): try write(.declined, reply, chip)
        case .declinedByCard(let reply, let chip): try write(.declinedByCard, reply, chip)
        case .cancelled(let canceller):
            try parts.encode(Kind.cancelled, forKey: .kind)
            try parts.encode(canceller, forKey: .canceller)
        case .failed(let failure):
            try parts.encode(Kind.failed, forKey: .kind)
            try parts.encode(failure, forKey: .failure)
        }
    }
}
