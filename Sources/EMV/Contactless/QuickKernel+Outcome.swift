import Payments
import Wire

// Outcomes (EMV Contactless Book C-3, 5.8 and 5.9; Book A, 6.2).
extension QuickKernel {
    mutating func outcome(_ disposition: Disposition) throws(KernelFailure) -> ContactlessOutcome {
        switch disposition {
        case .approve: return completed(.approvedOffline, code: "Y1")
        case .decline: return completed(.declinedOffline, code: "Z1")
        case .anotherInterface: return .tryAnotherInterface
        case .online:
            guard let cardRead = database.cardRead else {
                throw KernelFailure(.badData, "5A is missing", "Book C-3, 5.8")
            }
            let request = OnlineRequest(card: cardRead, pinEntry: .none, chipData: database.fieldData(.sale))
            return ContactlessOutcome(
                .online(request), verification,
                UserInterfaceRequest(verification == .onlinePIN ? .enterPIN : .authorising))
        }
    }

    /// The issuer decided. It cannot reach the card any more: its scripts are named as not performed.
    mutating func complete(_ reply: OnlineReply?) -> ContactlessOutcome {
        guard let reply else { return completed(.declinedOffline, code: "Z3") }
        database.authorizationCode = reply.authorizationCode
        for object in (try? TLV.parse(reply.chipData)) ?? [] where object.tag == .script71 || object.tag == .script72 {
            database.scriptResults += [0x00] + Script(object).identifier
        }
        return completed(reply.approved ? .approvedOnline : .declinedOnline, code: reply.responseCode)
    }

    private mutating func completed(_ verdict: KernelOutcome.Verdict, code: String) -> ContactlessOutcome {
        completed(verdict, code: Array(code.utf8))
    }

    private mutating func completed(_ verdict: KernelOutcome.Verdict, code: [UInt8]) -> ContactlessOutcome {
        database.responseCode = code
        guard let completion = database.completion else {
            let failure = KernelFailure(.badData, "no cryptogram", "Book C-3, 5.8")
            return ContactlessOutcome(.ended(failure), UserInterfaceRequest(.tryAnotherCard))
        }
        let isApproved = verdict == .approvedOffline || verdict == .approvedOnline
        let message: UserInterfaceRequest.Message =
            isApproved ? (verification == .signature ? .approvedPleaseSign : .approved) : .declined
        return ContactlessOutcome(
            .completed(verdict, completion), isApproved ? verification : .notApplicable, UserInterfaceRequest(message))
    }
}
