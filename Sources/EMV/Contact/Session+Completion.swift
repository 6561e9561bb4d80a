import Payments
import Wire

// Completion (EMV 4.4 Book 3, 10.11; Book 4, 6.3.8).
extension Session {
    /// The issuer answered, and its scripts 71 are through.
    mutating func completeWithIssuer() throws(KernelFailure) -> ContactKernel.Next {
        try requestFinalCryptogram(reply?.approved == true ? .tc : .aac, code: nil)
    }

    /// The issuer could not be asked: action codes - default decide.
    mutating func completeWithoutIssuer() throws(KernelFailure) -> ContactKernel.Next {
        let type = database.withoutIssuer
        return try requestFinalCryptogram(type, code: type == .tc ? "Y3" : "Z3")
    }

    mutating func requestFinalCryptogram(
        _ type: ChipResult.CryptogramType, code: String?
    ) throws(KernelFailure) -> ContactKernel.Next {
        if let code { database.responseCode = Array(code.utf8) }
        let list = try database.dataObjectList(.cdol2, clause: "Book 3, 10.11")
        database.cdol2Values = database.values(list)
        let (command, request) = try database.cryptogramCommand(type, database.cdol2Values)
        return transmit(command, .finalCryptogram(request))
    }

    mutating func receiveFinalCryptogram(
        _ response: Response, _ request: CryptogramRequest
    ) throws(KernelFailure) -> ContactKernel.Next {
        let type = try database.receiveCryptogram(
            response, request, allowed: request.type == .tc ? [.tc, .aac] : [.aac])
        let accepted = type == .tc && !(request.isCombined && database.tvr.contains(.cdaFailed))
        switch reply?.approved {
        case true?: verdict = accepted ? .approvedOnline : .declinedByCard
        case false?: verdict = .declinedOnline
        case nil: verdict = accepted ? .approvedOffline : .declinedOffline
        }
        return try runScripts(.after(reply == nil ? [] : scripts(.script72)))
    }

    mutating func finish(_ verdict: KernelOutcome.Verdict, code: String) -> ContactKernel.Next {
        self.verdict = verdict
        database.responseCode = Array(code.utf8)
        return finish()
    }

    func finish() -> ContactKernel.Next {
        guard let verdict, let completion = database.completion else {
            return ContactKernel.Next(
                state: .finished(self),
                action: .finish(.ended(KernelFailure(.badData, "no cryptogram", "Book 3, 10.11"))))
        }
        return ContactKernel.Next(state: .finished(self), action: .finish(.completed(verdict, completion)))
    }

    /// Ends after a failure. What is decided stays decided: the last cryptogram, and the issuer's refusal, which needs
    /// no card.
    func fail(_ failure: KernelFailure, at step: Step?) -> ContactKernel.Next {
        var session = self
        if case .script(let run) = step { session.abandon(run) }
        if session.verdict == nil, reply?.approved == false { session.verdict = .declinedOnline }
        guard session.verdict != nil else {
            return ContactKernel.Next(state: .finished(session), action: .finish(.ended(failure)))
        }
        return session.finish()
    }
}
