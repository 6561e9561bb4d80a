/// What the journal keeps, one fact a record, in the order it became true. Payments, reversals and totals are read
/// from the records; nothing is kept twice.
public enum Record: Hashable, Sendable {
    /// A register's request was taken.
    case accepted(SaleRequest)
    /// A request is about to leave (M1). The account number is sealed beside it. Until `finished` follows, the
    /// acquirer may hold it.
    case authorization(Authorization)
    /// The payment ended so (M9). With a reversal reason, the authorization is to be reversed (M2).
    case finished(RequestID, Outcome, reversal: ReversalReason?)
    /// The acquirer answered the reversal of this request, with its field 39.
    case reversalAnswered(RequestID, code: String, settled: Bool)
    /// The acquirer signed the terminal in and named the batch.
    case signedIn(batch: BatchNumber)
    /// The terminal used this number for a message that is no payment (sign-in).
    case numberUsed(STAN)
    /// The daemon started.
    case started(version: String)
}
