import Payments
import Wire

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
    var database: KernelDatabase { get set }
    /// How the customer is verified, once that is decided.
    var verification: ContactlessOutcome.Verification { get }
    /// The application was selected: its first command.
    mutating func begin() throws(KernelFailure) -> ContactlessStep
    /// The card answered the last command.
    mutating func receive(_ response: Response) throws(KernelFailure) -> ContactlessStep
    /// The card left the field, or does not answer any more (`cardMute`).
    mutating func lose(_ reason: KernelFailure.Reason) -> ContactlessStep
    /// The issuer answered after an online outcome; nil if it cannot be asked. The card is gone by then.
    mutating func complete(_ reply: OnlineReply?) -> ContactlessOutcome
}

// What the kernels' presentations end with (Book A, 6.2).
extension ContactlessKernel {
    /// Asks the issuer; the card may leave.
    func askIssuer(clause: String) throws(KernelFailure) -> ContactlessOutcome {
        guard let cardRead = database.cardRead else { throw KernelFailure(.badData, "5A is missing", clause) }
        let request = OnlineRequest(card: cardRead, pinEntry: .none, chipData: database.fieldData(.sale))
        return ContactlessOutcome(
            .online(request), verification,
            UserInterfaceRequest(verification == .onlinePIN ? .enterPIN : .authorising))
    }

    /// A decision, and the response code (8A) that says whose it was.
    mutating func decide(_ verdict: KernelOutcome.Verdict, code: String, clause: String) -> ContactlessOutcome {
        decide(verdict, code: Array(code.utf8), clause: clause)
    }

    /// The issuer's decision, or without it the card's: a cryptogram that was for the issuer approves nothing. The issuer
    /// cannot reach the card any more, so its scripts are named as not performed.
    mutating func decide(by reply: OnlineReply?, clause: String) -> ContactlessOutcome {
        guard let reply else { return decide(.declinedOffline, code: "Z3", clause: clause) }
        database.authorizationCode = reply.authorizationCode
        for object in (try? TLV.parse(reply.chipData)) ?? [] where object.tag == .script71 || object.tag == .script72 {
            database.scriptResults += [0x00] + Script(object).identifier
        }
        return decide(reply.approved ? .approvedOnline : .declinedOnline, code: reply.responseCode, clause: clause)
    }

    private mutating func decide(
        _ verdict: KernelOutcome.Verdict, code: [UInt8], clause: String
    ) -> ContactlessOutcome {
        database.responseCode = code
        guard let completion = database.completion else {
            return .ended(KernelFailure(.badData, "no cryptogram", clause))
        }
        let isApproved = verdict == .approvedOffline || verdict == .approvedOnline
        let message: UserInterfaceRequest.Message =
            isApproved ? (verification == .signature ? .approvedPleaseSign : .approved) : .declined
        return ContactlessOutcome(
            .completed(verdict, completion), isApproved ? verification : .notApplicable, UserInterfaceRequest(message))
    }
}
