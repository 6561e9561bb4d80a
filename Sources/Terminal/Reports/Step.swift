public import Payments

/// The places of a payment, a settlement or a session that people watch and tests pull the plug at: every write to the
/// journal and to the acquirer is one, or lies between two. Each is reported after what it names.
public enum Step: String, Codable, Sendable, CaseIterable {
    /// The register's request is in the journal.
    case requestSaved
    /// Keys are there and no reversal waits.
    case linkReady
    /// A card answered to reset.
    case cardInserted
    /// An application is selected.
    case applicationSelected
    /// The customer has finished at the PIN pad.
    case pinEntered
    /// The card made its first cryptogram.
    case cryptogramMade
    /// The authorization is in the journal; nothing has left.
    case authorizationSaved
    /// The next thing is the request's first byte on the wire.
    case requestLeaving
    /// The request is on the wire.
    case requestSent
    /// The reply has arrived.
    case replyReceived
    /// The card made its second cryptogram, or would not.
    case cardCompleted
    /// The outcome is in the journal; nobody has been told.
    case outcomeSaved
    /// The register was told.
    case outcomeTold
    /// The receipts are on paper.
    case receiptPrinted
    /// The printer cannot print: receipts wait for it.
    case printerTrouble
    /// It can again.
    case printerReady
    /// The next thing is the first byte of a reversal.
    case reversalLeaving
    /// A reversal is on the wire.
    case reversalSent
    /// The acquirer answered a reversal.
    case reversalAnswered
    /// The reversal's answer is in the journal.
    case reversalSaved
    /// The answer to a stored payment or a script result is in the journal.
    case deliverySaved
    /// The next thing is the first byte of a message that closes the batch.
    case settlementLeaving
    /// A message that closes the batch is on the wire.
    case settlementSent
    /// The acquirer answered a message that closes the batch.
    case settlementAnswered
    /// A step of the settlement is in the journal.
    case settlementSaved
    /// The next thing is the first byte of a sign-in or of another message that is no payment.
    case sessionLeaving
    /// Such a message is on the wire.
    case sessionSent
    /// The acquirer answered it.
    case sessionAnswered
    /// Its number, or what came of it, is in the journal.
    case sessionSaved
    /// An operator's act is in the journal.
    case actSaved
    /// A device came, went, or has something to say.
    case deviceChanged
}

/// One step of one payment, as screens show it.
public struct StepReport: Codable, Sendable, Equatable {
    /// The register's request; nil for what belongs to no payment.
    public let id: RequestID?
    /// The place.
    public let step: Step
    /// What there is to say: application label, message and STAN, response code. Never card data in clear.
    public let detail: String
    /// Milliseconds since the request came.
    public let milliseconds: Double

    /// A report of these parts.
    public init(id: RequestID?, step: Step, detail: String, milliseconds: Double) {
        self.id = id
        self.step = step
        self.detail = detail
        self.milliseconds = milliseconds
    }
}
