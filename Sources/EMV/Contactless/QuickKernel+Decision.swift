import Payments
import Wire

// The card was read: reader's checks, decision, outcome (Book C-3, 5.4 to 5.9).
extension QuickKernel {
    /// What becomes of the tap; of two wishes the later in this order wins.
    enum Disposition: Int, Comparable {
        case approve, online, anotherInterface, decline

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    mutating func conclude() throws(KernelFailure) -> ContactlessStep {
        let type = try takeCryptogram()
        try completeCard(type)
        var disposition = try self.disposition(type)
        if disposition == .approve || disposition == .online {
            if let method = cardholderVerification {
                verification = method
                // Only the issuer can check the PIN.
                if method == .onlinePIN { disposition = max(disposition, .online) }
            } else {
                disposition = .decline
            }
        }
        noteVerification()
        return .finish(try outcome(disposition))
    }

    /// The cryptogram and its type: of the cryptogram information, else of the issuer application data (Book C-3, 5.4).
    private mutating func takeCryptogram() throws(KernelFailure) -> ChipResult.CryptogramType {
        let clause = "Book C-3, 5.4"
        for tag in [TLV.Tag.cryptogram, .atc, .issuerApplicationData] where database.card[tag] == nil {
            throw KernelFailure(.badData, "\(tag) is missing", clause)
        }
        let type: ChipResult.CryptogramType?
        if let information = database.card[.cryptogramInformation]?.first {
            type = ChipResult.CryptogramType(cryptogramInformation: information)
        } else {
            // Second byte of the card verification results: bits 6 and 5.
            let results = database.card[.issuerApplicationData] ?? []
            type = results.count > 4 ? ChipResult.CryptogramType(cryptogramInformation: results[4] << 2) : nil
        }
        guard let type else { throw KernelFailure(.badData, "a cryptogram of no known type", clause) }
        // The issuer is told the type in the usual place.
        database.card[.cryptogramInformation] = database.card[.cryptogramInformation] ?? [type.controlBits]
        database.cryptogram = Cryptogram(type: type, value: database.card[.cryptogram])
        return type
    }

    /// Puts the card together. For a request, track 2 alone may name account and expiry (Book C-3, 5.4).
    private mutating func completeCard(_ type: ChipResult.CryptogramType) throws(KernelFailure) {
        if type != .tc, let track2 = database.card[.track2].flatMap({ Track2(Hex.encode($0)) }) {
            let pan = track2.pan.digits
            database.card[.pan] = database.card[.pan] ?? (try? Hex.decode(pan.count % 2 == 0 ? pan : pan + "F"))
            if database.card[.expirationDate] == nil, let expiry = track2.expiry {
                database.card[.expirationDate] = try? BCD.encode("\(expiry)31")
            }
        }
        guard type != .aac else {
            // A refusal needs no account number.
            try? database.checkRecords(requiring: [])
            return
        }
        try database.checkRecords(requiring: [.pan, .expirationDate])
    }

    private mutating func disposition(_ type: ChipResult.CryptogramType) throws(KernelFailure) -> Disposition {
        let isOfflineOnly = combination.qualifiers.contains(.offlineOnly)
        guard type != .aac, isOnDeviceClaimBound(type) else { return .decline }
        if let usage = usageDisposition { return usage }
        if type == .arqc {
            if combination.qualifiers.contains(.authenticationOnline), database.card[.signedDynamicData] != nil {
                // The issuer decides; what the reader found is for the technician.
                _ = authenticateQuickly()
            }
            return isOfflineOnly ? .decline : .online
        }
        // An approval that the reader did not allow.
        guard !combination.qualifiers.contains(.onlineRequired) else {
            throw KernelFailure(
                .forbiddenCryptogram, "the card approved where the issuer is to be asked", "Book C-3, 5.4")
        }
        let disposition = max(restrictions, authenticate())
        return disposition == .online && isOfflineOnly ? .decline : disposition
    }

    /// Exception file and expiry, of an approval offline (Book C-3, 5.5.1).
    private var restrictions: Disposition {
        if database.isOnExceptionFile { return .decline }
        guard let expiration = database.date(.expirationDate), expiration < CardDate(database.transaction.time) else {
            return .approve
        }
        return !isUnionPay && wants(.onlineIfExpired) ? .online : .decline
    }

    /// Cash, cashback and cash machines (Book C-3, 5.5.1); nil where nothing stands against it. C-7 has no such rules.
    private var usageDisposition: Disposition? {
        guard !isUnionPay else { return nil }
        let (isAllowed, wish): (Bool, CardTransactionQualifiers)
        switch database.transaction.kind {
        case .cash where database.isATM: (isAllowed, wish) = (!wants(.notForATM), .notForATM)
        case .cash: (isAllowed, wish) = (database.isUsageAllowed, .contactForCash)
        case .cashback: (isAllowed, wish) = (database.isUsageAllowed, .contactForCashback)
        case .purchase, .other: return nil
        }
        guard !isAllowed else { return nil }
        return wants(wish) && combination.qualifiers.contains(.contactChip) ? .anotherInterface : .decline
    }

    /// Offline data authentication of an approval, and what its failure leads to (Book C-3, 5.6).
    private mutating func authenticate() -> Disposition {
        if authenticateQuickly() { return .approve }
        if wants(.onlineIfUnauthenticated), !combination.qualifiers.contains(.offlineOnly) { return .online }
        if wants(.contactIfUnauthenticated), combination.qualifiers.contains(.contactChip) { return .anotherInterface }
        return .decline
    }

    func wants(_ wish: CardTransactionQualifiers) -> Bool { cardQualifiers?.contains(wish) ?? false }
}
