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

        /// The PIN it takes, as a capability of the terminal; nothing where it takes none.
        var pin: TerminalCapabilities {
            switch self {
            case .plaintextPIN, .plaintextPINAndSignature: .plaintextPIN
            case .encipheredPIN, .encipheredPINAndSignature: .encipheredPIN
            case .onlinePIN: .onlinePIN
            case .fail, .signature, .noVerification: []
            }
        }

        var wantsSignature: Bool {
            [.signature, .plaintextPINAndSignature, .encipheredPINAndSignature].contains(self)
        }

        /// Everything that the terminal must be capable of for it.
        var required: TerminalCapabilities {
            switch self {
            case .noVerification: .noVerification
            default: wantsSignature ? pin.union(.signature) : pin
            }
        }
    }
}

// The CVM list (EMV 4.4 Book 3, 10.5).
extension KernelDatabase {
    /// The rules in order; none without a list.
    var verificationRules: [VerificationRule] {
        let list = (card[.cvmList] ?? []).dropFirst(8)
        return stride(from: list.startIndex, to: list.endIndex - 1, by: 2).map {
            VerificationRule(code: list[$0], condition: list[$0 + 1])
        }
    }

    /// Condition codes (Book 3, Annex C3). A code that is not known is not satisfied.
    func isSatisfied(_ rule: VerificationRule) -> Bool {
        let isCash = transaction.kind == .cash
        switch rule.condition {
        case 0x00: return true
        case 0x01: return isCash && terminal.isUnattended
        case 0x02: return !isCash && transaction.kind != .cashback
        case 0x03: return rule.method.map { capabilities.isSuperset(of: $0.required) } ?? false
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
}
