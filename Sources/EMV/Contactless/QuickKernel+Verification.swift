import Payments
import Wire

// Cardholder verification (EMV Contactless Book C-3, 5.7).
extension QuickKernel {
    /// How the customer is verified; nil where that is required and nothing is left to do it with.
    var cardholderVerification: ContactlessOutcome.Verification? {
        let demanded = demandedVerification
        guard isUnionPay, let rule = combination.smallAmount, isForSmallAmounts, let pan = database.cardRead?.pan else {
            return demanded
        }
        let reduced = rule.reduced(
            demanded, amount: database.transaction.amount.minorUnits,
            kind: SmallAmountRule.CardKind(aid: database.application.aid), pan: pan.digits)
        // No signature in place of a PIN where nobody can sign.
        return reduced == .signature && !combination.qualifiers.contains(.signature) ? demanded : reduced
    }

    /// Sales and pre-authorisations without cashback (the first two digits of the processing code).
    private var isForSmallAmounts: Bool {
        [0x00, 0x03].contains(database.transaction.type) && database.transaction.otherAmount == 0
    }

    /// What card and reader come to: PIN, then the customer's device, then signature, each if both sides have it.
    private var demandedVerification: ContactlessOutcome.Verification? {
        let reader = combination.qualifiers
        let isRequired = reader.contains(.verificationRequired)
        guard let card = cardQualifiers else {
            guard isRequired else { return ContactlessOutcome.Verification.none }
            if isUnionPay, reader.contains(.onlinePIN) { return .onlinePIN }
            return reader.contains(.signature) ? .signature : nil
        }
        if card.contains(.onlinePIN), reader.contains(.onlinePIN) { return .onlinePIN }
        if card.contains(.onDeviceVerified), reader.contains(.onDeviceVerification) { return .onDevice }
        if card.contains(.signature), reader.contains(.signature) { return .signature }
        return isRequired ? nil : ContactlessOutcome.Verification.none
    }

    /// Whether the card's word that the customer's device did it can be believed: it stands in what the card signed (9F69) too,
    /// or, without that, the issuer will see it.
    func isOnDeviceClaimBound(_ type: ChipResult.CryptogramType) -> Bool {
        guard let card = cardQualifiers, card.contains(.onDeviceVerified),
            combination.qualifiers.contains(.onDeviceVerification)
        else { return true }
        guard let signed = database.card[.cardAuthenticationData] else { return type == .arqc }
        return CardTransactionQualifiers(bytes: signed.dropFirst(5).prefix(2)) == card
    }

    /// Writes the method into the CVM results (9F34) as UnionPay's acquirers read them.
    mutating func noteVerification() {
        database.signatureRequired = verification == .signature
        database.cvmResults =
            switch verification {
            case .onlinePIN: [0x02, 0x00, 0x00]
            case .signature: [0x1E, 0x00, 0x00]
            case .onDevice: [0x01, 0x00, 0x02]
            case .none, .smallAmount: [0x1F, 0x00, 0x02]
            case .notApplicable: [0x3F, 0x00, 0x00]
            }
    }
}

// Fast dynamic data authentication (Book C-3, 5.6 and Annex C).
extension QuickKernel {
    /// Checks the signature that came with the card's data. What fails stands in the TVR of the result.
    mutating func authenticateQuickly() -> Bool {
        guard let signature = database.card[.signedDynamicData], database.aip.contains(.dda), let values = signedValues
        else {
            let isMissing = database.card[.signedDynamicData] == nil
            database.note(
                isMissing ? .missing(.signedDynamicData) : .failed.of(KernelDatabase.dynamicObstacle), .ddaFailed)
            return false
        }
        guard database.recoverCardKey(for: .dda, failed: .ddaFailed) else { return false }
        database.verifyDynamic(TLV(.responseFormat1, signature), over: values)
        return !database.tvr.contains(.ddaFailed)
    }

    /// What the signature covers. Version 01: number, amount, currency and the card's own data; version 00, which C-3 does
    /// not know any more: the number alone. Nil for a version that nobody knows.
    private var signedValues: [UInt8]? {
        let number = database.unpredictableNumber
        let card = database.card[.cardAuthenticationData]
        switch card?.first {
        case 0x01:
            guard let card, let amount = database.value(.amount), let currency = database.value(.transactionCurrency)
            else { return nil }
            return number + amount + currency + card
        case 0x00, nil: return isUnionPay ? number : nil
        default: return nil
        }
    }
}
