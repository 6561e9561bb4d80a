import PaymentCryptography
import Payments
import Wire

/// How the card proves its data offline (EMV 4.4 Book 3, 10.3).
enum AuthenticationMethod: Equatable, Sendable {
    case none, sda, dda, cda
}

// Offline data authentication (EMV 4.4 Book 2, 5 and 6; Book 3, 10.3).
extension Session {
    func authenticateData() throws(KernelFailure) -> ContactKernel.Next {
        var session = self
        if aip.contains(.cda), capabilities.contains(.cda) {
            return try session.prepareCombined()
        } else if aip.contains(.dda), capabilities.contains(.dda) {
            return try session.authenticateDynamically()
        } else if aip.contains(.sda), capabilities.contains(.sda) {
            return try session.authenticateStatically()
        }
        session.tvr.insert(.dataAuthenticationNotPerformed)
        return try session.applyRestrictions()
    }

    private mutating func authenticateStatically() throws(KernelFailure) -> ContactKernel.Next {
        authentication = .sda
        tvr.insert(.sdaSelected)
        tsi.insert(.dataAuthentication)
        do throws(AuthenticationError) {
            let signature = try required(.signedStaticData)
            let recovered = try RecoveredData(
                signature, issuerKey(), format: 0x03, algorithmOffset: 1, minimumLength: 26,
                hashedWith: authenticatedData())
            card[.dataAuthenticationCode] = Array(recovered.body[2..<4])
        } catch {
            note(error, .sdaFailed)
        }
        return try applyRestrictions()
    }

    private mutating func authenticateDynamically() throws(KernelFailure) -> ContactKernel.Next {
        authentication = .dda
        do throws(AuthenticationError) {
            cardKey = try recoverCardKey()
            let list = card[.ddol] ?? parameters.defaultDDOL
            guard let ddol = try? DOL(list), ddol.contains(.unpredictableNumber),
                let command = CommandAPDU.internalAuthenticate(ddol.values(value))
            else { throw AuthenticationError.failed }
            return transmit(command, .internalAuthenticate(values: command.data))
        } catch {
            note(error, .ddaFailed)
            tsi.insert(.dataAuthentication)
            return try applyRestrictions()
        }
    }

    mutating func receiveDynamicSignature(
        _ response: Response, _ values: [UInt8]
    ) throws(KernelFailure) -> ContactKernel.Next {
        guard response.status == .success else {
            throw KernelFailure(.badStatus, "INTERNAL AUTHENTICATE: \(response.status)", "Book 3, 6.5.9.5")
        }
        guard let objects = try? TLV.parse(response.data), objects.count == 1 else {
            throw KernelFailure(.badData, "unreadable answer to INTERNAL AUTHENTICATE", "Book 3, 6.5.9.4")
        }
        tsi.insert(.dataAuthentication)
        do throws(AuthenticationError) {
            guard let cardKey else { throw AuthenticationError.failed }
            let signed = try signedDynamicData(in: objects[0])
            let data = try DynamicData(signed, cardKey, hashedWith: values)
            card[.iccDynamicNumber] = data.number
        } catch {
            note(error, .ddaFailed)
        }
        return try applyRestrictions()
    }

    private func signedDynamicData(in object: TLV) throws(AuthenticationError) -> [UInt8] {
        if object.tag == .responseFormat1 { return Array(object.value) }
        guard object.tag == .responseFormat2, let parts = try? object.children() else { throw .failed }
        guard let signed = parts.first(where: { $0.tag == .signedDynamicData }) else { throw .missing }
        return Array(signed.value)
    }

    /// The card's key is recovered now, its signature comes with the cryptogram (Book 2, 6.6).
    private mutating func prepareCombined() throws(KernelFailure) -> ContactKernel.Next {
        authentication = .cda
        do throws(AuthenticationError) {
            cardKey = try recoverCardKey()
        } catch {
            note(error, .cdaFailed)
            tsi.insert(.dataAuthentication)
        }
        return try applyRestrictions()
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

    mutating func note(_ error: AuthenticationError, _ failed: TVR) {
        tvr.insert(failed)
        if error == .missing { tvr.insert(.cardDataMissing) }
    }

    private func required(_ tag: TLV.Tag) throws(AuthenticationError) -> [UInt8] {
        guard let value = card[tag] else { throw .missing }
        return value
    }

    private func issuerKey() throws(AuthenticationError) -> RSAPublicKey {
        let index = try required(.caIndex)
        let certificate = try required(.issuerCertificate)
        let exponent = try required(.issuerExponent)
        let rid = application.aid.prefix(5)
        let today = CardDate(transaction.time)
        guard index.count == 1, let pan = cardRead?.pan,
            let authority = terminal.caKeys.first(where: { $0.rid.elementsEqual(rid) && $0.index == index[0] }),
            authority.expiry.map({ $0 >= (today.year * 100 + today.month) * 100 + today.day }) ?? true
        else { throw .failed }
        return try Certificate.issuerKey(
            certificate, remainder: card[.issuerRemainder] ?? [], exponent: exponent, authority: authority, pan: pan,
            revoked: terminal.revokedCertificates, today: transaction.time)
    }

    private func recoverCardKey() throws(AuthenticationError) -> RSAPublicKey {
        let certificate = try required(.iccCertificate)
        let exponent = try required(.iccExponent)
        let issuer = try issuerKey()
        guard let pan = cardRead?.pan else { throw .failed }
        return try Certificate.cardKey(
            certificate, remainder: card[.iccRemainder] ?? [], exponent: exponent, issuer: issuer, pan: pan,
            staticData: authenticatedData(), today: transaction.time)
    }

    /// The records' data, and the interchange profile where the tag list asks for it (Book 3, 10.3).
    private func authenticatedData() throws(AuthenticationError) -> [UInt8] {
        guard let staticData else { throw .failed }
        guard let list = card[.sdaTagList] else { return staticData }
        guard list == TLV.Tag.aip.bytes else { throw .failed }
        return staticData + (card[.aip] ?? [])
    }
}

/// Signed dynamic application data (EMV 4.4 Book 2, 6.5.2 and 6.6.2).
struct DynamicData {
    /// ICC dynamic number (9F4C).
    let number: [UInt8]
    /// What follows it: cryptogram information, cryptogram and transaction data hash code under CDA.
    let rest: [UInt8]

    init(_ signed: [UInt8], _ key: RSAPublicKey, hashedWith values: [UInt8]) throws(AuthenticationError) {
        let body = try RecoveredData(
            signed, key, format: 0x05, algorithmOffset: 1, minimumLength: 25, hashedWith: values
        ).body
        // Body: format 1, hash algorithm 1, length 1, dynamic data, padding BB.
        guard body.count >= 4 else { throw .failed }
        let length = Int(body[2])
        let count = Int(body[3])
        guard length >= 1, length <= body.count - 3, (2...8).contains(count), count + 1 <= length else {
            throw .failed
        }
        number = Array(body[4..<4 + count])
        rest = Array(body[(4 + count)..<(3 + length)])
    }
}
