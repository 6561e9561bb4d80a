public import Payments
import Wire

/// How a card behaves that does not do what the standard asks: a name, what is wrong in a sentence, and the deviations
/// that make it so.
public struct CardHabit: Hashable, Sendable {
    /// The name by which a person asks for it: `mute@3`.
    public let name: String
    /// What is wrong with the card.
    public let text: BilingualText
    /// What it does otherwise than a good card.
    public let deviations: [Deviation]

    /// A habit of these parts.
    public init(_ name: String, _ text: BilingualText, _ deviations: [Deviation]) {
        self.name = name
        self.text = text
        self.deviations = deviations
    }

    /// Does what the standard asks.
    public static let good = CardHabit("good", BilingualText("正常", "Does what the standard asks"), [])
    /// Never answers from this command on.
    public static func mute(fromCommand number: Int) -> CardHabit {
        CardHabit(
            "mute@\(number)", BilingualText("从第\(number)条指令起不再应答", "Never answers from command \(number) on"),
            [.command(.from(number), .silence)])
    }
    /// Is pulled out of the slot when this command arrives.
    public static func removed(atCommand number: Int) -> CardHabit {
        CardHabit(
            "removed@\(number)", BilingualText("第\(number)条指令时卡被拔出", "Is pulled out at command \(number)"),
            [.command(.from(number), .removal)])
    }
    /// Answers with random bytes of random length, of which some are shorter than two status bytes.
    public static func nonsense(fromCommand number: Int) -> CardHabit {
        CardHabit(
            "nonsense@\(number)",
            BilingualText("从第\(number)条指令起应答随机数据", "Answers random bytes from command \(number) on"),
            [.command(.from(number), .noise)])
    }
    /// Says "more data" (`61xx`) to everything, for ever.
    public static func moreDataForEver(fromCommand number: Int) -> CardHabit {
        CardHabit(
            "more-data@\(number)",
            BilingualText("从第\(number)条指令起总应答61xx", "Announces more data (61xx) for ever from command \(number) on"),
            [.command(.from(number), .answer([0x61, 0x10]))])
    }

    /// The habit with this name: one of the library's (`CardLibrary.habits`), or with the number of the command at which
    /// it begins `mute@3`, `nonsense@3`, `more-data@3`, `removed@3` (1 without a number). Nil for other names.
    public init?(name: String) {
        let parts = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let word = parts.first, let command = parts.count == 2 ? Int(parts[1]) : 1, command >= 1 else {
            return nil
        }
        switch word {
        case "mute": self = .mute(fromCommand: command)
        case "nonsense": self = .nonsense(fromCommand: command)
        case "more-data": self = .moreDataForEver(fromCommand: command)
        case "removed": self = .removed(atCommand: command)
        default:
            guard let habit = ([.good] + CardLibrary.habits).first(where: { $0.name == name }) else { return nil }
            self = habit
        }
    }
}

extension CardHabit {
    /// Data objects as this card has them where `personalised` and `sent` are its deviations of that kind.
    func edited(_ objects: [TLV], _ isPersonalisation: Bool) -> [TLV] {
        deviations.reduce(objects) { objects, deviation in
            switch deviation {
            case .personalised(let tag, let edit) where isPersonalisation: edit.apply(to: tag, in: objects)
            case .sent(let tag, let edit) where !isPersonalisation: edit.apply(to: tag, in: objects)
            default: objects
            }
        }
    }

    /// What is wrong with this signature.
    func flaws(of signature: Signature) -> [Flaw] {
        deviations.compactMap { if case .signature(signature, let flaw) = $0 { flaw } else { nil } }
    }

    /// What happens instead of, or to, the answer to a command: the `count`th with this instruction and the `total`th of
    /// all since the reset.
    func reactions(to instruction: UInt8?, count: Int, total: Int) -> [Reaction] {
        deviations.compactMap {
            guard case .command(let moment, let reaction) = $0,
                moment.includes(instruction, count: count, total: total)
            else { return nil }
            return reaction
        }
    }

    /// What the card decides at the first GENERATE AC, or at the second, whatever it was asked; nil if it decides itself.
    func decision(isSecond: Bool) -> ChipResult.CryptogramType? {
        for case .decides(let first, let second) in deviations {
            if let decision = isSecond ? second : first { return decision }
        }
        return nil
    }
}
