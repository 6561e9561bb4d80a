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

    /// Personalises an application of a card with this habit. Throws where an object cannot be spelt, which is a mistake in
    /// the profile.
    init(_ profile: ApplicationProfile, _ habit: CardHabit) throws(CardError) {
        self = try Self.made(profile) { () throws in
            try Self(
                profile, habit, profile.authentication, profile.interchangeProfile,
                plain: [TLV(.track2, try profile.track2()), TLV(.cardholderName, Array("TEST CARD/TENDER".utf8))],
                proved: try Self.staticObjects(profile, profile.cvmList), lists: try Self.lists(profile))
        }
    }

    /// Personalises the contactless side of an application.
    init(_ profile: ApplicationProfile, _ side: ContactlessProfile, _ habit: CardHabit) throws(CardError) {
        self = try Self.made(profile) { () throws in
            let interchangeProfile = side.interchangeProfile
            guard side.kernel == .c2 else {
                // Account number, dates and usage control; the rest comes with the processing options.
                let read: [TLV.Tag] = [
                    .expirationDate, .effectiveDate, .issuerCountry, .pan, .usageControl, .sdaTagList,
                ]
                return try Self(
                    profile, habit, interchangeProfile[0] & 0x20 != 0 ? .dda : .none, interchangeProfile, plain: [],
                    proved: try Self.staticObjects(profile, []).filter { read.contains($0.tag) }, lists: [])
            }
            return try Self(
                profile, habit, .cda, interchangeProfile,
                plain: [TLV(.track2, try profile.track2()), TLV(.cardholderName, Array("TEST CARD/TENDER".utf8))],
                proved: try Self.staticObjects(profile, side.cvmList),
                lists: [
                    TLV(.cdol1, side.cdol1), TLV(.cardVersion, profile.version),
                    TLV(.serviceCode, try BCD.encode(profile.serviceCode)),
                ] + (side.drdol.isEmpty ? [] : [TLV(.drdol, side.drdol)]))
        }
    }

    /// File 1 with `plain`, file 2 with what is `proved` and with `lists`, file 3 with certificates and signatures.
    private init(
        _ profile: ApplicationProfile, _ habit: CardHabit, _ authentication: ApplicationProfile.DataAuthentication,
        _ interchangeProfile: [UInt8], plain: [TLV], proved: [TLV], lists: [TLV]
    ) throws {
        var records: [Address: [UInt8]] = [:]
        var locator: [UInt8] = []
        func keep(_ file: UInt8, _ objects: [[TLV]], authenticated: UInt8 = 0) {
            let objects = objects.filter { !$0.isEmpty }
            guard !objects.isEmpty else { return }
            for (index, objects) in objects.enumerated() {
                let address = Address(file: file, record: UInt8(truncatingIfNeeded: index + 1))
                records[address] = TLV(.record, TLV.encode(habit.edited(objects, false))).encoded
            }
            locator += [file << 3, 1, UInt8(truncatingIfNeeded: objects.count), authenticated]
        }
        let signed = habit.edited(proved, true)
        let proofs = try Self.proofs(
            profile, habit, authentication, staticData: TLV.encode(signed) + interchangeProfile)
        keep(1, [plain])
        keep(2, [signed, habit.edited(lists, true)], authenticated: proofs.isEmpty ? 0 : 1)
        keep(3, proofs)
        self.records = records
        self.locator = locator
    }

    /// The mistakes of a profile in the words of a card.
    private static func made(
        _ profile: ApplicationProfile, _ make: () throws -> ApplicationFiles
    ) throws(CardError) -> ApplicationFiles {
        do { return try make() } catch let error as CryptographyError {
            throw CardError(profile.label, error.description)
        } catch {
            throw CardError(profile.label, "a digit of its profile")
        }
    }

    /// Record 1 of file 2, the one that is signed where anything is.
    private static func staticObjects(_ profile: ApplicationProfile, _ cvmList: [UInt8]) throws -> [TLV] {
        let account = profile.account
        var objects = [
            TLV(.expirationDate, try BCD.encode(account.expiry + Self.lastDay)),
            TLV(.effectiveDate, try BCD.encode(profile.effectiveDate)),
            TLV(.issuerCountry, profile.issuerCountry),
            TLV(.panSequenceNumber, try BCD.encode(Digits.padded(account.sequenceNumber, 2))),
            TLV(.pan, try BCD.encode(account.number, .left(pad: 0x0F))),
            TLV(.usageControl, profile.usageControl),
            TLV(.cvmList, cvmList),
            TLV(.iacDefault, profile.defaultCode),
            TLV(.iacDenial, profile.denialCode),
            TLV(.iacOnline, profile.onlineCode),
        ]
        if profile.letsTerminalCount {
            objects.append(TLV(.lowerOfflineLimit, [profile.lowerOfflineLimit]))
            objects.append(TLV(.upperOfflineLimit, [profile.upperOfflineLimit]))
        }
        if profile.authentication != .none || profile.contactless != nil { objects.append(TLV(.sdaTagList, [0x82])) }
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
    private static func proofs(
        _ profile: ApplicationProfile, _ habit: CardHabit, _ authentication: ApplicationProfile.DataAuthentication,
        staticData: [UInt8]
    ) throws -> [[TLV]] {
        guard authentication != .none else { return [] }
        let account = profile.account
        let issuerKey = try account.issuer.key.key()
        let issuer = try Certificate.issuer(
            issuerKey.publicKey, identifier: try BCD.encode(account.number.prefix(6), .left(pad: 0x0F)) + [0xFF],
            signedBy: try account.scheme.authorityKey.key(), habit.flaws(of: .issuerKey))
        var records = [
            [TLV(.issuerCertificate, issuer.certificate)],
            [TLV(.caIndex, [TestAuthority.index]), TLV(.issuerExponent, issuer.exponent)],
        ]
        if !issuer.remainder.isEmpty { records[1].append(TLV(.issuerRemainder, issuer.remainder)) }
        guard authentication >= .dda else {
            let signature = try Certificate.staticData(
                staticData, authenticationCode: [0xDA, 0xC1], signedBy: issuerKey, habit.flaws(of: .staticData))
            records.append([TLV(.signedStaticData, signature)])
            return records
        }
        var number = try BCD.encode(account.number, .left(pad: 0x0F))
        number += [UInt8](repeating: 0xFF, count: 10 - number.count)
        let card = try Certificate.card(
            try account.issuer.cardKey.key().publicKey, account: number, staticData: staticData, signedBy: issuerKey,
            habit.flaws(of: .cardKey))
        // The longest certificate fills a record of its own.
        let isLong = card.certificate.count > 230
        records += isLong ? [[TLV(.iccCertificate, card.certificate)], []] : [[TLV(.iccCertificate, card.certificate)]]
        records[records.count - 1].append(TLV(.iccExponent, card.exponent))
        if !card.remainder.isEmpty { records[records.count - 1].append(TLV(.iccRemainder, card.remainder)) }
        if profile.hasPINKey {
            let pin = try Certificate.card(
                try TestKeys.cardPIN.key().publicKey, account: number, staticData: [], signedBy: issuerKey,
                habit.flaws(of: .pinKey))
            records.append([TLV(.pinCertificate, pin.certificate), TLV(.pinExponent, pin.exponent)])
            if !pin.remainder.isEmpty { records[records.count - 1].append(TLV(.pinRemainder, pin.remainder)) }
        }
        return records
    }

    /// Cards end on the 28th, a day that every month has.
    private static let lastDay = "28"
}

extension ApplicationProfile {
    /// Track 2 equivalent data (57).
    func track2() throws(WireError) -> [UInt8] {
        try BCD.encode("\(account.number)D\(account.expiry)\(serviceCode)0000", .left(pad: 0x0F))
    }
}
