import EMV

/// What the contactless reader accepts, as the configuration says it: an application with a kernel and limits.
struct ContactlessSettings: Decodable {
    let aid: [UInt8]
    /// Its application is put in later.
    private let draft: Combination

    private enum CodingKeys: String, CodingKey {
        case aid, kernel, transactionLimit, onDeviceTransactionLimit, verificationLimit, floorLimit, zeroAmount
        case checksStatus, qualifiers, extendedSelection, smallAmount
    }

    private struct SmallAmount: Decodable {
        let rule: SmallAmountRule

        private enum CodingKeys: String, CodingKey {
            case withoutPIN, withoutSignature, admitted, excluded
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
            var rule = SmallAmountRule(
                withoutPIN: try container.amountIfPresent(.withoutPIN, in: decoder),
                withoutSignature: try container.amountIfPresent(.withoutSignature, in: decoder))
            rule.admitted = try container.accountNumbers(.admitted)
            rule.excluded = try container.accountNumbers(.excluded)
            self.rule = rule
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        aid = try container.hex(.aid, 5...16)
        let word = try container.decode(String.self, forKey: .kernel)
        guard let kernel = ContactlessKernelID.allCases.first(where: { $0.word == word }) else {
            let words = ContactlessKernelID.allCases.map(\.word).joined(separator: " or ")
            throw container.invalid(.kernel, "must be \(words)")
        }
        var draft = Combination(
            parameters: ApplicationParameters(aid: aid, tacDenial: [], tacOnline: [], tacDefault: []), kernel: kernel)
        draft.transactionLimit = try container.amountIfPresent(.transactionLimit, in: decoder)
        draft.onDeviceTransactionLimit = try container.amountIfPresent(.onDeviceTransactionLimit, in: decoder)
        draft.verificationLimit = try container.amountIfPresent(.verificationLimit, in: decoder)
        draft.floorLimit = try container.amountIfPresent(.floorLimit, in: decoder)
        if container.contains(.zeroAmount) {
            switch try container.decode(String.self, forKey: .zeroAmount) {
            case "online": draft.zeroAmount = .online
            case "refused": draft.zeroAmount = .refused
            default: throw container.invalid(.zeroAmount, "must be online or refused")
            }
        }
        draft.checksStatus = try container.value(.checksStatus, or: draft.checksStatus)
        draft.usesExtendedSelection = try container.value(.extendedSelection, or: draft.usesExtendedSelection)
        if container.contains(.qualifiers) {
            let bits = try container.hex(.qualifiers, 4...4).reduce(0) { $0 << 8 | UInt32($1) }
            draft.qualifiers = TerminalTransactionQualifiers(rawValue: bits)
        }
        draft.smallAmount = try container.decodeIfPresent(SmallAmount.self, forKey: .smallAmount)?.rule
        if draft.smallAmount != nil, kernel != .c7 {
            throw container.invalid(.smallAmount, "is a rule of UnionPay: the kernel must be c7")
        }
        if let contradiction = draft.contradiction { throw decoder.invalid(contradiction) }
        self.draft = draft
    }

    func combination(of parameters: ApplicationParameters) -> Combination {
        var combination = draft
        combination.parameters = parameters
        return combination
    }
}

extension ContactlessKernelID {
    /// How configuration and reports call it, `c7`.
    var word: String { "c\(rawValue)" }
}
