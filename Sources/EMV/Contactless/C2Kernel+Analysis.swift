import Payments
import Wire

// What the terminal tells the card of itself.
extension C2Kernel {
    /// Before the card is read (Book C-2, S1): no verification method is promised yet.
    mutating func announceTerminal() {
        database.own[.posEntryMode] = [0x07]
        database.own[.mobileSupport] = [0x01]
        database.own[.riskManagementData] = riskManagementData
        database.own[.terminalCapabilities] = terminalCapabilities.subtracting(.everyMethod).bytes
    }

    /// Below the CVM limit no method is offered but none at all; above it, PIN for the issuer and signature (S456.30 to S456.32).
    mutating func chooseCapabilities() {
        let methods: TerminalCapabilities =
            exceeds(combination.verificationLimit)
            ? database.terminal.capabilities.intersection([.onlinePIN, .signature]) : .noVerification
        database.own[.terminalCapabilities] =
            terminalCapabilities.subtracting(.everyMethod).union(methods).bytes
    }

    private var terminalCapabilities: TerminalCapabilities { database.terminal.capabilities }

    /// Terminal risk management data (9F1D; Book C-2, A.1): restart, the methods without and with contacts, whether the CVM limit is
    /// exceeded, and that there is no stripe mode.
    private var riskManagementData: [UInt8] {
        let can = { (method: TerminalCapabilities, bit: UInt8) in
            database.terminal.capabilities.contains(method) ? bit : 0
        }
        let common = can(.onlinePIN, 0x40) | can(.signature, 0x20)
        let contactless: UInt8 = 0x80 | common | 0x08 | (supportsOwnDevice ? 0x04 : 0)
        let contact: UInt8 =
            common | can(.encipheredPIN, 0x10) | can(.noVerification, 0x08) | can(.plaintextPIN, 0x02)
        return [contactless, (exceeds(combination.verificationLimit) ? 0x80 : 0) | contact, 0x80, 0, 0, 0, 0, 0]
    }

    private var supportsOwnDevice: Bool { combination.qualifiers.contains(.onDeviceVerification) }

    /// Whether the customer's own device verifies the customer (S3.33 and CVM.1).
    var usesOwnDevice: Bool { supportsOwnDevice && database.aip.contains(.onDeviceVerification) }
}

extension TerminalCapabilities {
    /// Byte 2: every way to verify the cardholder.
    fileprivate static let everyMethod = TerminalCapabilities(rawValue: 0x00_FF00)
}

// Offline data authentication: combined with the cryptogram, or none (Book C-2, S456.25 to S456.29).
extension C2Kernel {
    mutating func prepareAuthentication() throws(KernelFailure) {
        // Without the bit in the profile, or in the terminal, there is none; static and dynamic authentication alone are not of this kernel.
        guard database.aip.contains(.cda), database.capabilities.contains(.cda) else {
            database.tvr.insert(.dataAuthenticationNotPerformed)
            return
        }
        if let list = database.card[.sdaTagList] {
            guard list == TLV.Tag.aip.bytes else {
                throw KernelFailure(.badData, "9F4A names more than the profile", "Book C-2, S456")
            }
            _ = database.recoverCardKey(for: .cda, failed: .cdaFailed)
        } else {
            database.authentication = .cda
            database.note(.missing(.sdaTagList), .cdaFailed)
        }
        database.tsi = []
    }
}

// Cardholder verification (Book C-2, 7.5).
extension C2Kernel {
    mutating func selectVerification() {
        if usesOwnDevice {
            let isRequired = exceeds(combination.verificationLimit)
            return verify(isRequired ? .onDevice : .none, isRequired ? [0x01, 0x00, 0x02] : [0x3F, 0x00, 0x02])
        }
        guard database.aip.contains(.cardholderVerification) else { return verify(.none, [0x3F, 0x00, 0x00]) }
        let rules = database.verificationRules
        guard !rules.isEmpty else {
            database.tvr.insert(.cardDataMissing)
            return verify(.none, [0x3F, 0x00, 0x00])
        }
        for rule in rules where database.isSatisfied(rule) {
            switch rule.method {
            case .onlinePIN? where database.capabilities.contains(.onlinePIN):
                database.tvr.insert(.onlinePINEntered)
                return verify(.onlinePIN, [rule.code, rule.condition, 0x00])
            case .signature? where database.capabilities.contains(.signature):
                return verify(.signature, [rule.code, rule.condition, 0x00])
            case .noVerification? where database.capabilities.contains(.noVerification):
                return verify(.none, [rule.code, rule.condition, 0x02])
            case nil: database.tvr.insert(.unrecognisedMethod)
            default: break
            }
            if !rule.continuesOnFailure { return failVerification(rule) }
        }
        failVerification(nil)
    }

    private mutating func verify(_ verification: ContactlessOutcome.Verification, _ results: [UInt8]) {
        self.verification = verification
        database.cvmResults = results
    }

    /// `rule`: the one that did not let the next be tried.
    private mutating func failVerification(_ rule: VerificationRule?) {
        database.tvr.insert(.verificationFailed)
        let failing = rule.flatMap { $0.method == .fail ? [$0.code, $0.condition, 0x01] : nil }
        verify(.none, failing ?? [0x3F, 0x00, 0x01])
    }
}

// Risk management and action analysis (Book C-2, S456.37 to S456.41 and 7.8).
extension C2Kernel {
    mutating func manageRisk() {
        if exceeds(combination.floorLimit ?? database.parameters.floorLimit) {
            database.tvr.insert(.floorLimitExceeded)
        }
        if database.isOnExceptionFile { database.tvr.insert(.onExceptionFile) }
        if database.transaction.forcedOnline { database.tvr.insert(.merchantForcedOnline) }
    }

    /// What is asked of the card. A device that verified its owner is not believed without its signature (GAC.22). What
    /// pre-processing or a PIN sends to the issuer goes there, whatever the action codes say.
    var proposedCryptogram: ChipResult.CryptogramType {
        let isSigned = database.authentication == .cda && !database.tvr.contains(.cdaFailed)
        if usesOwnDevice, !isSigned { return .aac }
        let type = database.proposedCryptogram
        let asksIssuer = verification == .onlinePIN || combination.qualifiers.contains(.onlineRequired)
        return type == .tc && asksIssuer ? .arqc : type
    }

    /// Whether a card that declined may decide otherwise by its contacts: a plain card, paying or getting cash, at a terminal with
    /// a slot (S910.74).
    var isOtherInterfaceBetter: Bool {
        guard database.transaction.kind != .other, database.terminal.capabilities.contains(.contactChip) else {
            return false
        }
        // Cards say in a record or when they are selected what kind of device they are.
        let selected = database.discretionary.first { $0.tag == .thirdPartyData }.map { Array($0.value) }
        guard let data = database.card[.thirdPartyData] ?? selected, data.count >= 6, data[2] & 0x80 == 0 else {
            return true
        }
        return data[4...5].elementsEqual([0x30, 0x30])
    }
}

extension CryptogramAnswer {
    /// Whether the card's owner has to do something on the device and then present it again (DF4B; Book C-2, S910.71).
    var asksForSecondTap: Bool {
        guard let value = objects.first(where: { $0.tag == .cardholderInteraction })?.value, value.count == 3 else {
            return false
        }
        let bytes = Array(value)
        return bytes[1] & 0x03 != 0 || bytes[2] & 0x0F != 0
    }
}
