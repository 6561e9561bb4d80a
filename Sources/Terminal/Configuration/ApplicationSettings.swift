import EMV

/// An application as the configuration says it.
struct ApplicationSettings: Decodable {
    let parameters: ApplicationParameters

    private enum CodingKeys: String, CodingKey {
        case aid, allowsPartialMatch, version, tacDenial, tacOnline, tacDefault, defaultDDOL, defaultTDOL, floorLimit
        case randomSelection
    }

    private struct Random: Decodable {
        let selection: ApplicationParameters.RandomSelection

        private enum CodingKeys: String, CodingKey {
            case threshold, targetPercent, maximumPercent
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
            var selection = ApplicationParameters.RandomSelection()
            selection.threshold = try container.amount(.threshold, in: decoder, or: 0)
            selection.targetPercent = try container.number(.targetPercent, in: 0...99)
            selection.maximumPercent = try container.number(
                .maximumPercent, in: 0...99, or: selection.targetPercent)
            self.selection = selection
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        func tac(_ key: CodingKeys) throws -> TVR { TVR(bytes: try container.hex(key, 5...5)) ?? [] }
        var parameters = ApplicationParameters(
            aid: try container.hex(.aid, 5...16), tacDenial: try tac(.tacDenial), tacOnline: try tac(.tacOnline),
            tacDefault: try tac(.tacDefault))
        parameters.allowsPartialMatch = try container.value(.allowsPartialMatch, or: true)
        if container.contains(.version) {
            parameters.version = try container.hex(.version, 2...2).reduce(0) { $0 << 8 | UInt16($1) }
        }
        parameters.floorLimit = try container.amount(.floorLimit, in: decoder, or: 0)
        parameters.randomSelection =
            try container.decodeIfPresent(Random.self, forKey: .randomSelection)?.selection ?? .init()
        if container.contains(.defaultDDOL) { parameters.defaultDDOL = try container.hex(.defaultDDOL, 1...64) }
        if container.contains(.defaultTDOL) { parameters.defaultTDOL = try container.hex(.defaultTDOL, 0...64) }
        if let contradiction = parameters.contradiction { throw decoder.invalid(contradiction) }
        self.parameters = parameters
    }
}
