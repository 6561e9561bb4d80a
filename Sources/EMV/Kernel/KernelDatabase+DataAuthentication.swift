import PaymentCryptography
import Payments
import Wire

// Offline data authentication (EMV 4.4 Book 2, 5 and 6; Book 3, 10.3).
extension KernelDatabase {
    /// Static data authentication: all of it, for no command is needed.
    mutating func authenticateStatically() {
        authentication = .sda
        tvr.insert(.sdaSelected)
        tsi.insert(.dataAuthentication)
        do throws(AuthenticationError) {
            let signature = try required(.signedStaticData)
            let key = try issuerKey()
            card[.dataAuthenticationCode] = try naming("the signature over the static data (93) does not hold") {
                () throws(AuthenticationError) in
                let recovered = try RecoveredData(signature, key, format: 0x03, algorithmOffset: 1, minimumLength: 26)
                try recovered.verify(hashedWith: authenticatedData())
                return Array(recovered.body[2..<4])
            }
        } catch {
            note(error, .sdaFailed)
        }
    }

    /// Recovers the card's key for a method whose signature follows. False, with `failed` noted, if that fails.
    mutating func recoverCardKey(for method: AuthenticationMethod, failed: TVR) -> Bool {
        authentication = method
        do throws(AuthenticationError) {
            cardKey = try recoverCardKey()
            return true
        } catch {
            note(error, failed)
            tsi.insert(.dataAuthentication)
            return false
        }
    }

    /// The values for INTERNAL AUTHENTICATE; nil if there is no list that asks for the unpredictable number (Book 2, 6.5.1).
    var dynamicAuthenticationValues: [UInt8]? {
        guard let ddol = try? DOL(card[.ddol] ?? parameters.defaultDDOL), ddol.contains(.unpredictableNumber) else {
            return nil
        }
        return ddol.values(value)
    }

    /// Checks signed dynamic data over `values`, and keeps the card's number in it.
    mutating func verifyDynamic(_ object: TLV, over values: [UInt8]) {
        tsi.insert(.dataAuthentication)
        do throws(AuthenticationError) {
            card[.iccDynamicNumber] = try naming(Self.dynamicObstacle) { () throws(AuthenticationError) in
                guard let cardKey else { throw .failed }
                return try DynamicData(signedDynamicData(in: object), cardKey, hashedWith: values).number
            }
        } catch {
            note(error, .ddaFailed)
        }
    }

    private func signedDynamicData(in object: TLV) throws(AuthenticationError) -> [UInt8] {
        if object.tag == .responseFormat1 { return Array(object.value) }
        guard object.tag == .responseFormat2, let parts = try? object.children() else { throw .failed }
        guard let signed = parts.first(where: { $0.tag == .signedDynamicData }) else { throw .missing }
        return Array(signed.value)
    }

    /// Checks the signature over a cryptogram (Book 2, 6.6.2) and returns the cryptogram in it; nil if it fails.
    func verifyCombined(_ answer: CryptogramAnswer) -> [UInt8]? {
        guard let cardKey, let signed = answer.signature,
            let data = try? DynamicData(signed, cardKey, hashedWith: unpredictableNumber),
            data.rest.count >= 29, data.rest[0] == answer.information
        else { return nil }
        let others = answer.objects.filter { $0.tag != .signedDynamicData }
        let hashed = pdolValues + cdol1Values + cdol2Values + TLV.encode(others)
        guard let hash = try? Digest.sha1(hashed), data.rest[9..<29].elementsEqual(hash) else { return nil }
        return Array(data.rest[1..<9])
    }

    static let dynamicObstacle = "the card's signature (9F4B) does not hold"

    /// Does `body`, and names an error of it that has no name yet.
    private func naming<Value>(
        _ obstacle: String, _ body: () throws(AuthenticationError) -> Value
    ) throws(AuthenticationError) -> Value {
        do throws(AuthenticationError) { return try body() } catch {
            throw error.obstacle.isEmpty ? error.of(obstacle) : error
        }
    }

    mutating func note(_ error: AuthenticationError, _ failed: TVR) {
        tvr.insert(failed)
        if error.isMissing { tvr.insert(.cardDataMissing) }
        authenticationError = error
    }

    /// What came of it by now.
    var dataAuthentication: DataAuthenticationResult {
        let status: DataAuthenticationResult.Status =
            switch authenticationError?.isMissing {
            case true?: .dataMissing
            case false?: .failed
            case nil: tsi.contains(.dataAuthentication) ? .succeeded : .notPerformed
            }
        return DataAuthenticationResult(method: authentication, status: status)
    }

    /// The card's key for enciphering a PIN: one of its own, or else the key it signs with (Book 2, 7.1). Nil if it does
    /// not hold, for which the TVR has no bit.
    func recoverPINKey() -> RSAPublicKey? {
        guard let certificate = card[.pinCertificate] else { return cardKey ?? (try? recoverCardKey()) }
        guard let exponent = card[.pinExponent], let issuer = try? issuerKey(), let pan = cardRead?.pan else {
            return nil
        }
        return try? Certificate.cardKey(
            certificate, remainder: card[.pinRemainder], exponent: exponent, issuer: issuer, pan: pan, staticData: [],
            today: transaction.time)
    }

    private func required(_ tag: TLV.Tag) throws(AuthenticationError) -> [UInt8] {
        guard let value = card[tag] else { throw .missing(tag) }
        return value
    }

    private func issuerKey() throws(AuthenticationError) -> RSAPublicKey {
        let index = try required(.caIndex)
        let certificate = try required(.issuerCertificate)
        let exponent = try required(.issuerExponent)
        let rid = application.aid.prefix(5)
        let name = "CA key \(Hex.encode(index)) of \(Hex.encode(rid))"
        guard index.count == 1,
            let authority = terminal.caKeys.first(where: { $0.rid.elementsEqual(rid) && $0.index == index[0] })
        else { throw .failed.of("\(name) is not loaded") }
        guard !authority.isExpired(on: transaction.time) else { throw .failed.of("\(name) has expired") }
        return try naming("the issuer's certificate (90) does not hold: wrong, expired or revoked") {
            () throws(AuthenticationError) in
            guard let pan = cardRead?.pan else { throw .failed }
            return try Certificate.issuerKey(
                certificate, remainder: card[.issuerRemainder], exponent: exponent, authority: authority, pan: pan,
                revoked: terminal.revokedCertificates, today: transaction.time)
        }
    }

    private func recoverCardKey() throws(AuthenticationError) -> RSAPublicKey {
        let certificate = try required(.iccCertificate)
        let exponent = try required(.iccExponent)
        let issuer = try issuerKey()
        return try naming("the card's certificate (9F46) does not hold: wrong, expired, or the data were changed") {
            () throws(AuthenticationError) in
            guard let pan = cardRead?.pan else { throw .failed }
            return try Certificate.cardKey(
                certificate, remainder: card[.iccRemainder], exponent: exponent, issuer: issuer, pan: pan,
                staticData: authenticatedData(), today: transaction.time)
        }
    }

    /// The records' data, and the interchange profile where the tag list asks for it (Book 3, 10.3).
    private func authenticatedData() throws(AuthenticationError) -> [UInt8] {
        guard let staticData else { throw .failed }
        guard let list = card[.sdaTagList] else { return staticData }
        guard list == TLV.Tag.aip.bytes else { throw .failed }
        return staticData + (card[.aip] ?? [])
    }
}
