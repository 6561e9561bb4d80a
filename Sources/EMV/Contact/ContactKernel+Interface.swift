public import Payments

extension ContactKernel {
    /// What happens to the kernel.
    public enum Event: Equatable, Sendable {
        /// A card is in the slot and powered.
        case begin
        /// The card's answer to the transmitted command, status bytes included.
        case response([UInt8])
        /// The customer chose the application with this index of the list.
        case applicationChosen(Int)
        /// What became of the PIN.
        case pin(PINOutcome)
        /// The issuer answered.
        case reply(OnlineReply)
        /// The issuer could not be asked, or did not answer.
        case unableToGoOnline
        /// Customer or cashier cancelled.
        case cancelled
        /// The card left.
        case cardRemoved
        /// The card did not answer in time, or the reader failed.
        case cardMute
    }

    /// What became of the PIN.
    public enum PINOutcome: Equatable, Sendable {
        /// Entered for the issuer; the PIN pad holds it enciphered.
        case entered
        /// Entered for the card and enciphered with its key: what VERIFY carries (Book 2, 7.1).
        case enciphered([UInt8])
        /// Entered for the card, and the device itself showed it to the card, which answered so, status bytes included.
        case answered([UInt8])
        /// The customer pressed enter without a PIN.
        case bypassed
        /// The pad failed or is missing.
        case padFailed
    }

    /// What is to be done now. One at a time: its event brings the next.
    public enum Action: Equatable, Sendable {
        /// Send this to the card; `response`, `cardRemoved` or `cardMute` follows.
        case transmit(CommandAPDU)
        /// Ask the customer; `applicationChosen` or `cancelled` follows.
        case chooseApplication([CandidateApplication])
        /// Ask for a PIN for the issuer; `pin` or `cancelled` follows.
        case requestOnlinePIN(PAN)
        /// Ask for a PIN for the card; `pin` or `cancelled` follows.
        case requestOfflinePIN(OfflinePINQuery)
        /// Ask the issuer; `reply` or `unableToGoOnline` follows.
        case goOnline(OnlineRequest)
        /// The card may leave.
        case finish(KernelOutcome)
        /// The event fits nothing the kernel waits for; the last action still stands.
        case ignore
    }

    /// How far the transaction is, for the step lines of a screen.
    public enum Phase: String, Sendable {
        /// Nothing happened yet.
        case idle
        /// Looking for a common application.
        case selecting
        /// Opening the application.
        case initiating
        /// Reading the card's records.
        case reading
        /// Proving the card's data.
        case authenticating
        /// Verifying the customer.
        case verifying
        /// Asking the card for its decision.
        case deciding
        /// Waiting for the issuer.
        case online
        /// Telling the card what the issuer answered.
        case completing
        /// Over.
        case finished
    }
}
