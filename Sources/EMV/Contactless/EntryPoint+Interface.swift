extension EntryPoint {
    /// What happens to the transaction.
    public enum Event: Equatable, Sendable {
        /// A card is in the field and powered; again after `tryAgain`.
        case begin
        /// More than one card is in the field.
        case collision
        /// The card's answer to the transmitted command, status bytes included.
        case response([UInt8])
        /// The issuer answered.
        case reply(OnlineReply)
        /// The issuer could not be asked, or did not answer.
        case unableToGoOnline
        /// Customer or cashier cancelled.
        case cancelled
        /// The card left the field.
        case cardRemoved
        /// The card did not answer in time, or the reader failed.
        case cardMute
    }

    /// What is to be done now. One at a time: its event brings the next.
    public enum Action: Equatable, Sendable {
        /// Send this to the card; `response`, `cardRemoved` or `cardMute` follows.
        case transmit(CommandAPDU)
        /// This presentation is over. After `online` follows `reply` or `unableToGoOnline`, after `tryAgain` follows `begin`.
        case finish(ContactlessOutcome)
        /// The event fits nothing that is waited for; the last action still stands.
        case ignore
    }
}
