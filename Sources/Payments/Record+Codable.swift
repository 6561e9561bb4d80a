/// The journal's own form of a record, kept for as long as journals are: an object that names its kind, then its parts.
extension Record: Codable {
    private enum CodingKeys: String, CodingKey {
        case kind, request, authorization, id, outcome, reversal, script, code, settled, reply, accepted, reason,
            delivery
        case supervisor, batch, stan, download, entries, offset, settlement, comparison, index, version, seconds,
            through
        case hash, act
    }

    /// The names of the kinds, in the journal's file too.
    public enum Kind: String, Codable, CaseIterable, Sendable {
        /// See `Record.accepted`.
        case accepted
        /// See `Record.authorization`.
        case authorization
        /// See `Record.finished`.
        case finished
        /// See `Record.reversalAnswered`.
        case reversalAnswered
        /// See `Record.storedAnswered`.
        case storedAnswered
        /// See `Record.storedLost`.
        case storedLost
        /// See `Record.scriptAnswered`.
        case scriptAnswered
        /// See `Record.resolved`.
        case resolved
        /// See `Record.signedIn`.
        case signedIn
        /// See `Record.signedOff`.
        case signedOff
        /// See `Record.numberUsed`.
        case numberUsed
        /// See `Record.downloaded`.
        case downloaded
        /// See `Record.acquirerTime`.
        case acquirerTime
        /// See `Record.settlementBegun`.
        case settlementBegun
        /// See `Record.settlementCompared`.
        case settlementCompared
        /// See `Record.uploading`.
        case uploading
        /// See `Record.uploadRefused`.
        case uploadRefused
        /// See `Record.settled`.
        case settled
        /// See `Record.started`.
        case started
        /// See `Record.operatorActed`.
        case operatorActed
        /// See `Record.clockMoved`.
        case clockMoved
        /// See `Record.pruned`.
        case pruned
    }

    /// What kind of record it is.
    public var kind: Kind {
        switch self {
        case .accepted: .accepted
        case .authorization: .authorization
        case .finished: .finished
        case .reversalAnswered: .reversalAnswered
        case .storedAnswered: .storedAnswered
        case .storedLost: .storedLost
        case .scriptAnswered: .scriptAnswered
        case .resolved: .resolved
        case .signedIn: .signedIn
        case .signedOff: .signedOff
        case .numberUsed: .numberUsed
        case .downloaded: .downloaded
        case .acquirerTime: .acquirerTime
        case .settlementBegun: .settlementBegun
        case .settlementCompared: .settlementCompared
        case .uploading: .uploading
        case .uploadRefused: .uploadRefused
        case .settled: .settled
        case .started: .started
        case .operatorActed: .operatorActed
        case .clockMoved: .clockMoved
        case .pruned: .pruned
        }
    }

    /// The payment it belongs to, if it belongs to one.
    public var id: RequestID? {
        switch self {
        case .accepted(let request): request.id
        case .authorization(let authorization): authorization.request.id
        case .finished(let id, _, _, _), .reversalAnswered(let id, _, _), .storedAnswered(let id, _, _),
            .storedLost(let id, _), .scriptAnswered(let id, _), .resolved(let id, _, _):
            id
        case .signedIn, .signedOff, .numberUsed, .downloaded, .acquirerTime, .settlementBegun, .settlementCompared,
            .uploading, .uploadRefused, .settled, .started, .operatorActed, .clockMoved, .pruned:
            nil
        }
    }

    /// Reads an object with the parts of its kind.
    public init(from decoder: any Decoder) throws {
        let parts = try decoder.container(keyedBy: CodingKeys.self)
        func part<Value: Decodable>(_ key: CodingKeys) throws -> Value { try parts.decode(Value.self, forKey: key) }
        func partIfPresent<Value: Decodable>(_ key: CodingKeys) throws -> Value? {
            try parts.decodeIfPresent(Value.self, forKey: key)
        }
        switch try parts.decode(Kind.self, forKey: .kind) {
        case .accepted: self = .accepted(try part(.request))
        case .authorization: self = .authorization(try part(.authorization))
        case .finished:
            self = .finished(
                try part(.id), try part(.outcome), reversal: try partIfPresent(.reversal),
                scriptNumber: try partIfPresent(.script))
        case .reversalAnswered:
            self = .reversalAnswered(try part(.id), code: try part(.code), settled: try part(.settled))
        case .storedAnswered:
            self = .storedAnswered(try part(.id), try part(.reply), accepted: try part(.accepted))
        case .storedLost: self = .storedLost(try part(.id), try part(.reason))
        case .scriptAnswered: self = .scriptAnswered(try part(.id), code: try part(.code))
        case .resolved: self = .resolved(try part(.id), try part(.delivery), supervisor: try part(.supervisor))
        case .signedIn: self = .signedIn(batch: try part(.batch))
        case .signedOff: self = .signedOff
        case .numberUsed: self = .numberUsed(try part(.stan))
        case .downloaded: self = .downloaded(try part(.download), entries: try part(.entries))
        case .acquirerTime: self = .acquirerTime(offset: try part(.offset))
        case .settlementBegun: self = .settlementBegun(try part(.settlement))
        case .settlementCompared: self = .settlementCompared(try part(.comparison))
        case .uploading: self = .uploading(index: try part(.index), try part(.stan))
        case .uploadRefused: self = .uploadRefused(index: try part(.index), code: try part(.code))
        case .settled: self = .settled(try part(.batch))
        case .started: self = .started(version: try part(.version))
        case .operatorActed: self = .operatorActed(try part(.act))
        case .clockMoved: self = .clockMoved(seconds: try part(.seconds))
        case .pruned: self = .pruned(through: try part(.through), hash: try part(.hash))
        }
    }

    /// Writes an object with the parts of its kind.
    public func encode(to encoder: any Encoder) throws {
        var parts = encoder.container(keyedBy: CodingKeys.self)
        try parts.encode(kind, forKey: .kind)
        func write(_ values: (CodingKeys, any Encodable)...) throws {
            for (key, value) in values { try parts.encode(value, forKey: key) }
        }
        switch self {
        case .accepted(let request): try write((.request, request))
        case .authorization(let authorization): try write((.authorization, authorization))
        case .finished(let id, let outcome, let reversal, let scriptNumber):
            try write((.id, id), (.outcome, outcome))
            try parts.encodeIfPresent(reversal, forKey: .reversal)
            try parts.encodeIfPresent(scriptNumber, forKey: .script)
        case .reversalAnswered(let id, let code, let settled):
            try write((.id, id), (.code, code), (.settled, settled))
        case .storedAnswered(let id, let reply, let accepted):
            try write((.id, id), (.reply, reply), (.accepted, accepted))
        case .storedLost(let id, let reason): try write((.id, id), (.reason, reason))
        case .scriptAnswered(let id, let code): try write((.id, id), (.code, code))
        case .resolved(let id, let delivery, let supervisor):
            try write((.id, id), (.delivery, delivery), (.supervisor, supervisor))
        case .signedIn(let batch), .settled(let batch): try write((.batch, batch))
        case .signedOff: break
        case .numberUsed(let stan): try write((.stan, stan))
        case .downloaded(let download, let entries): try write((.download, download), (.entries, entries))
        case .acquirerTime(let offset): try write((.offset, offset))
        case .settlementBegun(let settlement): try write((.settlement, settlement))
        case .settlementCompared(let comparison): try write((.comparison, comparison))
        case .uploading(let index, let stan): try write((.index, index), (.stan, stan))
        case .uploadRefused(let index, let code): try write((.index, index), (.code, code))
        case .started(let version): try write((.version, version))
        case .operatorActed(let act): try write((.act, act))
        case .clockMoved(let seconds): try write((.seconds, seconds))
        case .pruned(let through, let hash): try write((.through, through), (.hash, hash))
        }
    }
}
