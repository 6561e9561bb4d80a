import Payments

// Cardholder verification (EMV 4.4 Book 3, 10.5).
extension Session {
    mutating func verifyCardholder() throws(KernelFailure) -> ContactKernel.Next {
        guard database.aip.contains(.cardholderVerification) else { return try manageRisk() }
        guard let list = database.card[.cvmList] else {
            database.tvr.insert(.cardDataMissing)
            return try manageRisk()
        }
        guard list.count >= 8, list.count % 2 == 0 else {
            throw KernelFailure(.badData, "a wrong CVM list", "Book 3, 10.5")
        }
        guard list.count > 8 else { return try manageRisk() }
        return try applyRules(from: 0)
    }

    private mutating func applyRules(from start: Int) throws(KernelFailure) -> ContactKernel.Next {
        for (index, rule) in database.verificationRules.enumerated().dropFirst(start)
        where database.isSatisfied(rule) {
            switch rule.method {
            case .fail:
                database.cvmResults = [rule.code, rule.condition, 0x01]
                return try endVerification(successful: false)
            case nil:
                database.tvr.insert(.unrecognisedMethod)
            case .onlinePIN where database.capabilities.contains(.onlinePIN) && pinObstacle == nil:
                guard let pan = database.cardRead?.pan else { break }
                return ContactKernel.Next(
                    state: .enteringPIN(self, rule: index), action: .requestOnlinePIN(pan))
            case .onlinePIN where pinObstacle == .bypassed:
                // Bypassed once, bypassed for every later rule that wants a PIN (Book 4, 6.3.4.3).
                database.tvr.insert(.pinNotEntered)
                database.cvmResults = [rule.code, rule.condition, 0x01]
            case .onlinePIN, .plaintextPIN, .encipheredPIN, .plaintextPINAndSignature, .encipheredPINAndSignature:
                // Offline PIN is not built yet: as on a terminal that does not support it.
                database.tvr.insert(.pinPadMissing)
            case .signature where database.capabilities.contains(.signature):
                database.signatureRequired = true
                database.cvmResults = [rule.code, rule.condition, 0x00]
                return try endVerification(successful: true)
            case .noVerification where database.capabilities.contains(.noVerification):
                database.cvmResults = [rule.code, rule.condition, 0x02]
                return try endVerification(successful: true)
            case .signature, .noVerification: break
            }
            guard rule.continuesOnFailure else { return try endVerification(successful: false) }
        }
        return try endVerification(successful: false)
    }

    mutating func receive(
        _ outcome: ContactKernel.PINOutcome, forRule index: Int
    ) throws(KernelFailure) -> ContactKernel.Next {
        let rules = database.verificationRules
        guard rules.indices.contains(index) else { return try endVerification(successful: false) }
        let rule = rules[index]
        switch outcome {
        case .entered:
            database.tvr.insert(.onlinePINEntered)
            pinEntry = .online
            database.cvmResults = [rule.code, rule.condition, 0x00]
            return try endVerification(successful: true)
        case .bypassed: database.tvr.insert(.pinNotEntered)
        case .padFailed, .enciphered, .answered: database.tvr.insert(.pinPadMissing)
        }
        pinObstacle = outcome
        database.cvmResults = [rule.code, rule.condition, 0x01]
        guard rule.continuesOnFailure else { return try endVerification(successful: false) }
        return try applyRules(from: index + 1)
    }

    private mutating func endVerification(successful: Bool) throws(KernelFailure) -> ContactKernel.Next {
        database.tsi.insert(.cardholderVerification)
        if !successful {
            database.tvr.insert(.verificationFailed)
            // No method was tried at all (Book 4, 6.3.4.5).
            if database.cvmResults[0] == 0x3F { database.cvmResults = [0x3F, 0x00, 0x01] }
        }
        return try manageRisk()
    }
}
