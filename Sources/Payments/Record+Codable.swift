/// The journal's own form of a record, kept for as long as journals are: an object that names its kind, then its parts.
extension Record: Codable {
    private enum Kind: String, Codable {
        case accepted, authorization, finished, reversalAnswered, signedIn, numberUsed, started
    }

    private enum CodingKeys: String, CodingKey {
        case kind, request, authorization, id, outcome, reversal, code, settled, batch, stan, version
    }

    /// Reads an object with the parts of its kind.
    public init(from decoder: any Decoder) throws {
        let parts = try decoder.container(keyedBy: CodingKeys.self)
        func part<Value: Decodable>(_ key: CodingKeys) throws -> Value { try parts.decode(Value.self, forKey: key) }
        switch try parts.decode(Kind.self, forKey: .kind) {
        case .accepted: self = .accepted(try part(.request))
        case .authorization: self = .authorization(try part(.authorization))
        case .finished:
            let reversal = try parts.decodeIfPresent(ReversalReason.self, forKey: .reversal)
            self = .finished(try part(.id), try part(.outcome), reversal: reversal)
        case .reversalAnswered:
            self = .reversalAnswered(try part(.id), code: try part(.code), settled: try part(.settled))
        case .signedIn: self = .signedIn(batch: try part(.batch))
        case .numberUsed: self = .numberUsed(try part(.stan))
        case .started: self = .started(version: try part(.version))
        }
    }

    /// Writes an object with the parts of its kind.
    public func encode(to encoder: any Encoder) throws {
        var parts = encoder.container(keyedBy: CodingKeys.self)
        func write(_ kind: Kind, _ values: (CodingKeys, any Encodable)...) throws {
            try parts.encode(kind, forKey: .kind)
            for (key, value) in values { try parts.encode(value, forKey: key) }
        }
        switch self {
        case .accepted(let request): try write(.accepted, (.request, request))
        case .authorization(let authorization): try write(.authorization, (.authorization, authorization))
        case .finished(let id, let outcome, let reversal):
            try write(.finished, (.id, id), (.outcome, outcome))
            try parts.encodeIfPresent(reversal, forKey: .reversal)
        case .reversalAnswered(let id, let code, let settled):
            try write(.reversalAnswered, (.id, id), (.code, code), (.settled, settled))
        case .signedIn(let batch): try write(.signedIn, (.batch, batch))
        case .numberUsed(let stan): try write(.numberUsed, (.stan, stan))
        case .started(let version): try write(.started, (.version, version))
        }
    }
}
