import EMV
import PaymentCryptography
import Payments
import Wire

/// What a terminal reads from an application: records and their locator, made and signed by the issuer.
struct ApplicationFiles: Sendable {
    /// Records by short file identifier and number, each a template 70.
    let records: [Address: [UInt8]]
    /// Application file locator (94; EMV 4.4 Book 3, 10.2).
    let locator: [UInt8]

    /// Where a record stands.
    struct Address: Hashable, Sendable {
        let file: UInt8
        let record: UInt8
    }

    /// Personalises an application. Throws where an object cannot be spelt, which is a mistake in the profile.
    init(_ profile: ApplicationProfile) throws(CardError) {
        do {
            var records: [Address: [UInt8]] = [:]
            let staticRecord = try Self.staticObjects(profile)
            records[Address(file: 1, record: 1)] = Self.template([
                TLV(.track2, try Self.track2(profile)), TLV(.cardholderName, Array("TEST CARD/TENDER".utf8)),
            ])
            records[Address(file: 2, record: 1)] = Self.template(staticRecord)
            records[Address(file: 2, record: 2)] = Self.template(try Self.lists(profile))
            let proofs = try Self.proofs(profile, staticData: TLV.encode(staticRecord) + profile.interchangeProfile)
            for (index, objects) in proofs.enumerated() {
                records[Address(file: 3, record: UInt8(index + 1))] = Self.template(objects)
            }
            self.records = records
            let signed: UInt8 = proofs.isEmpty ? 0 : 1
            let proofEntry = proofs.isEmpty ? [] : [0x18, 0x01, UInt8(proofs.count), 0x00]
            locator = [0x08, 0x01, 0x01, 0x00, 0x10, 0x01, 0x02, signed] + proofEntry
        } catch let error as CryptographyError {
            throw CardError(profile.label, error.description)
        } catch {
            throw CardError(profile.label, "a digit of its profile")
        }
    }

    /// Record 1 of file 2, the one that is signed where anything is.
    private static func staticObjects(_ profile: ApplicationProfile) throws -> [TLV] {
        let account = profile.account
        var objects = [
            TLV(.expirationDate, try BCD.encode(account.expiry + Self.lastDay)),
            TLV(.effectiveDate, try BCD.encode(profile.effectiveDate)),
            TLV(.issuerCountry, [0x01, 0x56]),
            TLV(.panSequenceNumber, try BCD.encode(Digits.padded(account.sequenceNumber, 2))),
            TLV(.pan, try BCD.encode(account.number, .left(pad: 0x0F))),
            TLV(.usageControl, profile.usageControl),
            TLV(.cvmList, profile.cvmList),
            TLV(.iacDefault, profile.defaultCode),
            TLV(.iacDenial, profile.denialCode),
            TLV(.iacOnline, profile.onlineCode),
        ]
        if profile.letsTerminalCount {
            objects.append(TLV(.lowerOfflineLimit, [profile.lowerOfflineLimit]))
            objects.append(TLV(.upperOfflineLimit, [profile.upperOfflineLimit]))
        }
        if profile.authentication != .none { objects.append(TLV(.sdaTagList, [0x82])) }
        return objects
    }

    /// Record 2 of file 2.
    private static func lists(_ profile: ApplicationProfile) throws -> [TLV] {
        let ddol = profile.ddol.isEmpty || profile.authentication < .dda ? [] : [TLV(.ddol, profile.ddol)]
        return [
            TLV(.cdol1, profile.cdol1), TLV(.cdol2, profile.cdol2), TLV(.cardVersion, profile.version),
            TLV(.serviceCode, try BCD.encode(profile.serviceCode)),
        ] + ddol
    }

    /// The records of file 3: certificates and signatures.
    private static func proofs(_ profile: ApplicationProfile, staticData: [UInt8]) throws -> [[TLV]] {
        guard profile.authentication != .none else { return [] }
        let account = profile.account
        let issuerKey = try account.issuer.key.key()
        let issuer = try Certificate.issuer(
            issuerKey.publicKey, identifier: try BCD.encode(account.number.prefix(6), .left(pad: 0x0F)) + [0xFF],
            expiry: Self.certificateExpiry, signedBy: try TestKeys.certificationAuthority.key())
        var records = [
            [TLV(.issuerCertificate, issuer.certificate)],
            [TLV(.caIndex, [TestAuthority.index]), TLV(.issuerExponent, issuer.exponent)],
        ]
        if !issuer.remainder.isEmpty { records[1].append(TLV(.issuerRemainder, issuer.remainder)) }
        guard profile.authentication >= .dda else {
            let signature = try Certificate.staticData(
                staticData, authenticationCode: [0xDA, 0xC1], signedBy: issuerKey)
            records.append([TLV(.signedStaticData, signature)])
            return records
        }
        var number = try BCD.encode(account.number, .left(pad: 0x0F))
        number += [UInt8](repeating: 0xFF, count: 10 - number.count)
        let card = try Certificate.card(
            try account.issuer.cardKey.key().publicKey, account: number, expiry: Self.certificateExpiry,
            staticData: staticData, signedBy: issuerKey)
        records.append([TLV(.iccCertificate, card.certificate), TLV(.iccExponent, card.exponent)])
        if !card.remainder.isEmpty { records[2].append(TLV(.iccRemainder, card.remainder)) }
        return records
    }

    private static func track2(_ profile: ApplicationProfile) throws -> [UInt8] {
        let text = "\(profile.account.number)D\(profile.account.expiry)\(profile.serviceCode)0000"
        return try BCD.encode(text, .left(pad: 0x0F))
    }

    private static func template(_ objects: [TLV]) -> [UInt8] { TLV(.record, TLV.encode(objects)).encoded }

    /// Certificates outlive the cards: December 2049.
    private static let certificateExpiry: [UInt8] = [0x12, 0x49]
    /// Cards end on the 28th, a day that every month has.
    private static let lastDay = "28"
}
