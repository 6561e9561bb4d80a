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
}
