public import Payments
public import Wire

/// One thing that a card does otherwise than the standard asks. The one mechanism behind all bad cards.
public enum Deviation: Hashable, Sendable {
    /// A data object was personalised so, and signed with the rest.
    case personalised(TLV.Tag, Edit)
    /// A data object is sent so, whatever was signed: in a record or in the answer to a command.
    case sent(TLV.Tag, Edit)
    /// A signature does not hold.
    case signature(Signature, Flaw)
    /// At a moment the card does something else than answer as it should.
    case command(Moment, Reaction)
    /// The card decides so at the first or the second GENERATE AC, whatever it is asked for; nil where it decides itself.
    case decides(first: ChipResult.CryptogramType? = nil, second: ChipResult.CryptogramType? = nil)
}
