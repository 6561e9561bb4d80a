/// What the journal keeps, one fact a record, in the order it became true. Payments, reversals, the queue of stored
/// payments and totals are read from the records; nothing is kept twice.
public enum Record: Hashable, Sendable {
    // MARK: A payment

    /// A register's request was taken.
    indirect case accepted(PaymentRequest)
    /// A request is about to leave, or is stored for later (M1). The account number is sealed beside it. Until `finished`
    /// follows, the acquirer may hold it.
    indirect case authorization(Authorization)
    /// The payment ended so (M9). With a reversal reason, the authorization is to be reversed (M2); with a script number,
    /// what the issuer's scripts did to the card is to be told under that number.
    case finished(RequestID, Outcome, reversal: ReversalReason?, scriptNumber: STAN?)

    // MARK: What is owed to the acquirer after a payment

    /// The acquirer answered the reversal of this payment, with its field 39.
    case reversalAnswered(RequestID, code: String, settled: Bool)
    /// The acquirer answered a stored payment: it has it, or refused it.
    indirect case storedAnswered(RequestID, Reply, accepted: Bool)
    /// A deferred authorization left and was not answered: it is reversed, then made anew.
    case storedLost(RequestID, ReversalReason)
    /// The acquirer answered the result of the issuer's scripts.
    case scriptAnswered(RequestID, code: String)
    /// A supervisor has settled by other means what the acquirer refused.
    case resolved(RequestID, Delivery, supervisor: String)

    // MARK: The session

    /// The acquirer signed the terminal in and named the batch.
    case signedIn(batch: BatchNumber)
    /// The terminal signed off: the working keys are good for nothing any more.
    case signedOff
    /// The terminal used this number for a message that is no payment.
    case numberUsed(STAN)
    /// Data of the acquirer are in force: so many entries of this kind.
    case downloaded(Download, entries: Int)
    /// The acquirer's clock is so many seconds ahead of the terminal's.
    case acquirerTime(offset: Int)

    // MARK: Settlement

    /// The batch is being settled: no payment until it is over.
    indirect case settlementBegun(Settlement)
    /// The acquirer compared the totals.
    case settlementCompared(Settlement.Comparison)
    /// The message of the upload with this index, from 0, is about to leave under this number.
    case uploading(index: Int, STAN)
    /// The acquirer refused that message, with this field 39.
    case uploadRefused(index: Int, code: String)
    /// This batch is settled; the next one is open.
    case settled(BatchNumber)

    // MARK: The terminal

    /// The daemon started.
    case started(version: String)
    /// An operator did something that counts.
    case operatorActed(OperatorAct)
    /// The shop's clock was moved by so many seconds.
    case clockMoved(seconds: Int)
    /// All records up to this one were older than they must be kept, and are gone; the last one's hash was this, in
    /// hexadecimal.
    case pruned(through: Int, hash: String)
}
