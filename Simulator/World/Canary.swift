/// A mistake made on purpose in a world's terminal. A check that does not find it is no check.
public enum Canary: String, CaseIterable, Sendable {
    /// Recovery closes what a power cut left without marking it for reversal.
    case reversalDropped
    /// The request leaves, then it is made durable.
    case sentBeforeCommit
    /// Numbers are counted in memory, from 1 after each start.
    case stanReused
    /// A register's id is not looked up.
    case requestForgotten
    /// Register and customer hear the outcome, then it is made durable.
    case toldBeforeCommit
    /// A payment does not wait for the reversals before it.
    case reversalIgnored
    /// The first frame that comes is taken for the reply, whatever it answers.
    case replyUnchecked
}
