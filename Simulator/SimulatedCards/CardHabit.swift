/// How a bad card behaves. Commands are counted from 1 since the card was made; habits that concern the answer itself
/// begin with the named command.
public enum CardHabit: Hashable, Sendable {
    /// Does what the standard asks.
    case good
    /// Never answers from this command on.
    case mute(fromCommand: Int)
    /// Answers with random bytes of random length, of which some are shorter than two status bytes.
    case nonsense(fromCommand: Int)
    /// Says "more data" (`61xx`) to everything, for ever.
    case moreDataForEver(fromCommand: Int)
    /// Its file locator names every record of every file, and each of them answers with padding.
    case endlessRecords
    /// Declines at the first GENERATE AC.
    case declines
    /// Declines at the second GENERATE AC, whatever the issuer said.
    case declinesAfterApproval
    /// Is pulled out of the slot when this command arrives.
    case removed(atCommand: Int)

    /// The habit with this name: `good`, `endless-records`, `declines`, `declines-late`, and with the number of the
    /// command at which they begin `mute@3`, `nonsense@3`, `more-data@3`, `removed@3` (1 without a number).
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
        case "good" where parts.count == 1: self = .good
        case "endless-records" where parts.count == 1: self = .endlessRecords
        case "declines" where parts.count == 1: self = .declines
        case "declines-late" where parts.count == 1: self = .declinesAfterApproval
        default: return nil
        }
    }
}
