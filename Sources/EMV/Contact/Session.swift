import Payments
import Wire

/// The flow of one contact transaction with one selected application. Each step is an extension of its own.
struct Session: Equatable, Sendable {
    var database: KernelDatabase

    var pinEntry = PINEntry.none
    /// What kept the customer from entering a PIN, if anything did.
    var pinObstacle: ContactKernel.PINOutcome?
    var reply: OnlineReply?
    /// Set once the last cryptogram is here: nothing that follows can change it.
    var verdict: KernelOutcome.Verdict?

    init(_ database: KernelDatabase) { self.database = database }

    /// Which answer of the card is awaited.
    enum Step: Equatable, Sendable {
        case processingOptions(Selection)
        case record([RecordLocation])
        case internalAuthenticate(values: [UInt8])
        case pinTryCounter(PendingPIN)
        case challenge(PendingPIN)
        case verify(PendingPIN)
        case transactionCounter
        case lastOnlineCounter(atc: UInt16?)
        case firstCryptogram(CryptogramRequest)
        case externalAuthenticate
        case script(ScriptRun)
        case finalCryptogram(CryptogramRequest)

        var phase: ContactKernel.Phase {
            switch self {
            case .processingOptions: .initiating
            case .record: .reading
            case .internalAuthenticate: .authenticating
            case .pinTryCounter, .challenge, .verify: .verifying
            case .transactionCounter, .lastOnlineCounter, .firstCryptogram: .deciding
            case .externalAuthenticate, .script, .finalCryptogram: .completing
            }
        }
    }

    mutating func receive(_ response: Response, for step: Step) throws(KernelFailure) -> ContactKernel.Next {
        switch step {
        case .processingOptions(let selection): try receiveProcessingOptions(response, otherwise: selection)
        case .record(let locations): try receiveRecord(response, locations)
        case .internalAuthenticate(let values): try receiveDynamicSignature(response, values)
        case .pinTryCounter(let pin): try receiveTryCounter(response, pin)
        case .challenge(let pin): try receiveChallenge(response, pin)
        case .verify(let pin): try receiveVerification(response, pin)
        case .transactionCounter: try receiveTransactionCounter(response)
        case .lastOnlineCounter(let atc): try receiveLastOnlineCounter(response, atc)
        case .firstCryptogram(let request): try receiveFirstCryptogram(response, request)
        case .externalAuthenticate: try receiveIssuerAuthentication(response)
        case .script(let run): try receiveScript(response, run)
        case .finalCryptogram(let request): try receiveFinalCryptogram(response, request)
        }
    }

    func transmit(_ command: CommandAPDU, _ step: Step) -> ContactKernel.Next {
        ContactKernel.Next(state: .running(self, step, Exchange(command)), action: .transmit(command))
    }

    /// Whether a request may have reached the issuer, or the last decision is made: too late to cancel.
    var isPastRequest: Bool { reply != nil || database.responseCode != nil || verdict != nil }
}
