/// What a contactless kernel does next; the Entry Point puts split answers together before the kernel sees them.
enum ContactlessStep: Equatable, Sendable {
    /// Send this to the card; the kernel's `receive` or `lose` follows.
    case transmit(CommandAPDU)
    /// This application cannot be used: the next one of the list (Book B, 3.5.2: Select Next).
    case selectNext
    /// This presentation is over.
    case finish(ContactlessOutcome)
}

/// A contactless kernel behind the Entry Point: one presentation with one selected application. Failures that are thrown end the
/// application.
protocol ContactlessKernel: Equatable, Sendable {
    /// All that is known of the transaction.
    var database: KernelDatabase { get }
    /// The application was selected: its first command.
    mutating func begin() throws(KernelFailure) -> ContactlessStep
    /// The card answered the last command.
    mutating func receive(_ response: Response) throws(KernelFailure) -> ContactlessStep
    /// The card left the field, or does not answer any more (`cardMute`).
    mutating func lose(_ reason: KernelFailure.Reason) -> ContactlessStep
    /// The issuer answered after an online outcome; nil if it cannot be asked. The card is gone by then.
    mutating func complete(_ reply: OnlineReply?) -> ContactlessOutcome
}
