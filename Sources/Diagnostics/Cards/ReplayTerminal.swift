public import EMV
import Payments

/// All that a session takes from the terminal's side: what the terminal is, the payment, its people and its issuer. A
/// session is repeated byte for byte by the same one. As JSON in docs/technician.md.
public struct ReplayTerminal: Equatable, Sendable {
    /// What the terminal is and what its acquirer loaded into it.
    public var terminal: TerminalData
    /// What is particular to the payment.
    public var transaction: TransactionData
    /// What the customer does when asked for a PIN, one after the other; the last again and again.
    public var pins: [PIN] = [.entered]
    /// The application that the customer chooses.
    public var choice = Choice.index(0)
    /// What comes of asking the issuer.
    public var reply = Reply.answered(OnlineReply(approved: true, code: "00", chipData: []))

    /// What becomes of a PIN.
    public enum PIN: String, CaseIterable, Sendable {
        /// Entered. What goes to the card is in the recorded VERIFY.
        case entered
        /// The customer pressed enter alone.
        case bypassed
        /// The pad failed, or there is none.
        case failed
        /// The customer pressed cancel.
        case cancelled
    }

    /// Which application the customer chooses.
    public enum Choice: Equatable, Sendable {
        /// The one at this place of the list, 0 first.
        case index(Int)
        /// The one whose name begins so.
        case aid([UInt8])
    }

    /// What comes of asking the issuer.
    public enum Reply: Equatable, Sendable {
        /// It answered.
        case answered(OnlineReply)
        /// It could not be asked.
        case unable
    }

    /// This terminal with this payment; people and issuer as by default.
    public init(terminal: TerminalData, transaction: TransactionData) {
        self.terminal = terminal
        self.transaction = transaction
    }
}
