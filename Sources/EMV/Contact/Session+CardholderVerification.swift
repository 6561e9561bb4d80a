import Payments

/// One rule of the CVM list (EMV 4.4 Book 3, Annex C3).
struct VerificationRule: Equatable, Sendable {
    let code: UInt8
    let condition: UInt8

    /// What the rule asks for; nil for a method that is not recognised.
    var method: Method? { Method(rawValue: code & 0x3F) }
    var continuesOnFailure: Bool { code & 0x40 != 0 }

    enum Method: UInt8, Sendable {
        case fail = 0x00
        case plaintextPIN = 0x01
        case onlinePIN = 0x02
        case plaintextPINAndSignature = 0x03
        case encipheredPIN = 0x04
        case encipheredPINAndSignature = 0x05
        case signature = 0x1E
        case noVerification = 0x1F
    }
}

// Cardholder verification (EMV 4.4 Book 3, 10.5).
extension Session {
    mutating func verifyCardholder() throws(KernelFailure) -> ContactKernel.Next {
        guard aip.contains(.cardholderVerification) else { return try manageRisk() }
        guard let list = card[.cvmList] else {
            tvr.insert(.cardDataMissing)
            return try manageRisk()
        }
        guard list.count >= 8, list.count % 2 == 0 else {
            throw KernelFailure(.badData, "a wrong CVM list", "Book 3, 10.5")
        }
        guard list.count > 8 else { return try manageRisk() }
        return try applyRules(from: 0)
    }

    private var rules: [VerificationRule] {
        let list = (card[.cvmList] ?? []).dropFirst(8)
        return stride(from: list.startIndex, to: list.endIndex - 1, by: 2).map {
            VerificationRule(code: list[$0], condition: list[$0 + 1])
        }
    }

    private mutating func applyRules(from start: Int) throws(KernelFailure) -> ContactKernel.Next {
        for (index, rule) in rules.enumerated().dropFirst(start) where isSatisfied(rule) {
            switch rule.method {
            case .fail:
                cvmResults = [rule.code, rule.condition, 0x01]
                return try endVerification(successful: false)
            case nil:
                tvr.insert(.unrecognisedMethod)
            case .onlinePIN where capabilities.contains(.onlinePIN) && pinObstacle == nil:
                guard let pan = cardRead?.pan else { break }
                return ContactKernel.Next(
                    state: .enteringPIN(self, rule: index), action: .requestOnlinePIN(pan))
            case .onlinePIN where pinObstacle == .bypassed:
                // Bypassed once, bypassed for every later rule that wants a PIN (Book 4, 6.3.4.3).
                tvr.insert(.pinNotEntered)
                cvmResults = [rule.code, rule.condition, 0x01]
            case .onlinePIN, .plaintextPIN, .encipheredPIN, .plaintextPINAndSignature, .encipheredPINAndSignature:
                // Offline PIN is not built yet: as on a terminal that does not support it.
                tvr.insert(.pinPadMissing)
            case .signature where capabilities.contains(.signature):
                signatureRequired = true
                cvmResults = [rule.code, rule.condition, 0x00]
                return try endVerification(successful: true)
            case .noVerification where capabilities.contains(.noVerification):
                cvmResults = [rule.code, rule.condition, 0x02]
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
        guard rules.indices.contains(index) else { return try endVerification(successful: false) }
        let rule = rules[index]
        switch outcome {
        case .entered:
            tvr.insert(.onlinePINEntered)
            pinEntry = .online
            cvmResults = [rule.code, rule.condition, 0x00]
            return try endVerification(successful: true)
        case .bypassed: tvr.insert(.pinNotEntered)
        case .padFailed, .enciphered, .answered: tvr.insert(.pinPadMissing)
        }
        pinObstacle = outcome
        cvmResults = [rule.code, rule.condition, 0x01]
        guard rule.continuesOnFailure else { return try endVerification(successful: false) }
        return try applyRules(from: index + 1)
    }

    private mutating func endVerification(successful: Bool) throws(KernelFailure) -> ContactKernel.Next {
        tsi.insert(.cardholderVerification)
        if !successful {
            tvr.insert(.verificationFailed)
            // No method was tried at all (Book 4, 6.3.4.5).
            if cvmResults[0] == 0x3F { cvmResults = [0x3F, 0x00, 0x01] }
        }
        return try manageRisk()
    }

    /// Condition codes (Book 3, Annex C3). A code that is not known is not satisfied.
    private func isSatisfied(_ rule: VerificationRule) -> Bool {
        let isCash = transaction.kind == .cash
        switch rule.condition {
        case 0x00: return true
        case 0x01: return isCash && terminal.isUnattended
        case 0x02: return !isCash && transaction.kind != .cashback
        case 0x03: return isSupported(rule)
        case 0x04: return isCash && !terminal.isUnattended
        case 0x05: return transaction.kind == .cashback
        case 0x06...0x09:
            guard card[.applicationCurrency] == value(.transactionCurrency), let list = card[.cvmList] else {
                return false
            }
            let isX = rule.condition <= 0x07
            let bound = list.dropFirst(isX ? 0 : 4).prefix(4).reduce(Int64(0)) { $0 << 8 | Int64($1) }
            let amount = transaction.amount.minorUnits
            return rule.condition % 2 == 0 ? amount < bound : amount > bound
        default: return false
        }
    }

    private func isSupported(_ rule: VerificationRule) -> Bool {
        switch rule.method {
        case .fail: true
        case .onlinePIN: capabilities.contains(.onlinePIN)
        case .signature: capabilities.contains(.signature)
        case .noVerification: capabilities.contains(.noVerification)
        case .plaintextPIN, .encipheredPIN, .plaintextPINAndSignature, .encipheredPINAndSignature, nil: false
        }
    }
}
