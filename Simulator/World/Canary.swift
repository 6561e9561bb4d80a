/// A mistake made on purpose in a world's terminal. A check that does not find it is no check.
public enum Canary: String, CaseIterable, Sendable {
    /// Recovery closes what a power cut left without marking it for reversal.
    case reversalDropped
    /// The request leaves, then it is made durable.
    case sentBeforeCommit
    /// A stored payment leaves, then it is made durable.
    case storedAfterSending
    /// Numbers are counted in memory, from 1 after each start.
    case stanReused
    /// A register's id is not looked up.
    case requestForgotten
    /// Register and customer hear the outcome, then it is made durable.
    case toldBeforeCommit
    /// The receipt is printed, then the outcome is made durable.
    case receiptBeforeCommit
    /// A payment fails when its receipt cannot be printed.
    case printerDecides
    /// A payment does not wait for the reversals before it.
    case reversalIgnored
    /// The first frame that comes is taken for the reply, whatever it answers.
    case replyUnchecked
    /// A stored payment that was not answered leaves again under a new number.
    case queueSentTwice
    /// The newest of the queue leaves first.
    case queueReversed
    /// The batch is settled while the queue is not empty.
    case queueForgotten
    /// One payment too many is counted.
    case totalsOffByOne
    /// The next batch is opened before the acquirer has answered the end of the upload.
    case settledEarly
    /// The details of what differs are not uploaded.
    case uploadForgotten
    /// The account number stands in the journal as it is.
    case accountNumberKept
}
