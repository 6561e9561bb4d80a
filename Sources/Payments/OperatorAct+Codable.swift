/// The journal's own form of an act, kept for as long as journals are: an object that names the deed, then its parts.
extension OperatorAct: Codable {
    private enum Kind: String, Codable {
        case signedOn, signedOff, wrongPIN, locked, unlocked, changedPIN, added, removed, allowed
    }

    private enum CodingKeys: String, CodingKey {
        case deed, count, permission, who, whom, request
    }

    /// Reads an object with the parts of its deed.
    public init(from decoder: any Decoder) throws {
        let parts = try decoder.container(keyedBy: CodingKeys.self)
        deed =
            switch try parts.decode(Kind.self, forKey: .deed) {
            case .signedOn: .signedOn
            case .signedOff: .signedOff
            case .wrongPIN: .wrongPIN(count: try parts.decode(Int.self, forKey: .count))
            case .locked: .locked
            case .unlocked: .unlocked
            case .changedPIN: .changedPIN
            case .added: .added
            case .removed: .removed
            case .allowed: .allowed(try parts.decode(Permission.self, forKey: .permission))
            }
        who = try parts.decodeIfPresent(OperatorNumber.self, forKey: .who)
        whom = try parts.decodeIfPresent(OperatorNumber.self, forKey: .whom)
        request = try parts.decodeIfPresent(RequestID.self, forKey: .request)
    }

    /// Writes an object with the parts of its deed.
    public func encode(to encoder: any Encoder) throws {
        var parts = encoder.container(keyedBy: CodingKeys.self)
        let kind: Kind =
            switch deed {
            case .signedOn: .signedOn
            case .signedOff: .signedOff
            case .wrongPIN: .wrongPIN
            case .locked: .locked
            case .unlocked: .unlocked
            case .changedPIN: .changedPIN
            case .added: .added
            case .removed: .removed
            case .allowed: .allowed
            }
        try parts.encode(kind, forKey: .deed)
        switch deed {
        case .wrongPIN(let count): try parts.encode(count, forKey: .count)
        case .allowed(let permission): try parts.encode(permission, forKey: .permission)
        default: break
        }
        try parts.encodeIfPresent(who, forKey: .who)
        try parts.encodeIfPresent(whom, forKey: .whom)
        try parts.encodeIfPresent(request, forKey: .request)
    }
}
