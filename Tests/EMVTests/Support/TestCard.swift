import EMV
import PaymentCryptography
import Payments
import Wire

/// A card for the kernel's tests. Every part of it is open, to be right or wrong as a test wants.
struct TestCard {
    struct Record {
        var sfi: UInt8 = 1
        var number: UInt8
        var isAuthenticated = false
        var objects: [TLV]
        /// Replaces the record's bytes.
        var raw: [UInt8]?
    }

    static let rid: [UInt8] = [0xA0, 0x00, 0x00, 0x03, 0x33]
    static let aid: [UInt8] = rid + [0x01, 0x01, 0x01]

    var names: [[UInt8]] = [TestCard.aid]
    var hasDirectory = true
    var priorities: [UInt8] = [0x01]
    var pdol: [UInt8] = []
    var aip: UInt16 = 0x7D00
    var usesFormat1 = false
    var records: [Record] = []
    /// Replaces the answer to a command, by its instruction and the number of earlier commands with it.
    var overrides: [UInt8: (Int, CommandAPDU) -> Response?] = [:]
    var firstType = ChipResult.CryptogramType.arqc
    var finalType = ChipResult.CryptogramType.tc
    var issuerApplicationData: [UInt8] = [0x07, 0x01, 0x01, 0x03, 0xA0, 0x00, 0x00, 0x01]
    var counters: [TLV.Tag: UInt16] = [.atc: 5, .lastOnlineATC: 4]
    var keys: TestKeys
    var dynamicSignature = TestSignature()
    /// The PIN, and how often it may still be wrong; nil keeps the counter (9F17) from the terminal.
    var pin = "1234"
    var pinTries: Int? = 3
    /// Whether PINs are enciphered with a key of their own.
    var hasPINKey = false
    /// Changes the transaction data hash or the cryptogram information under the signature.
    var spoilsCombined = false

    /// What is answered to the commands behind the first cryptogram, but for GENERATE AC and EXTERNAL AUTHENTICATE.
    var scriptStatuses: [StatusWord]?

    private(set) var log: [CommandAPDU] = []
    private var counts: [UInt8: Int] = [:]
    private var pdolValues: [UInt8] = []
    private var cdolValues: [UInt8] = []
    private var generated = 0
    private var challenge: [UInt8] = []

    /// A card with everything a sale needs, its certificates of `keys` included.
    init(_ keys: TestKeys, pan: String = "6225880212345678901", certificates: TestCertificates = .init()) throws {
        self.keys = keys
        let padded = pan + (pan.count % 2 == 1 ? "F" : "")
        let staticObjects: [TLV] = [
            TLV(.pan, try Hex.decode(padded)), TLV(.panSequenceNumber, [0x01]),
            TLV(.expirationDate, [0x30, 0x12, 0x31]), TLV(.effectiveDate, [0x20, 0x01, 0x01]),
            TLV(.usageControl, [0xFF, 0xC0]), TLV(.issuerCountry, [0x01, 0x56]),
            TLV(.iacDefault, [0xD8, 0x40, 0x00, 0xF8, 0x00]), TLV(.iacDenial, [0x00, 0x10, 0x00, 0x00, 0x00]),
            TLV(.iacOnline, [0xD8, 0x40, 0x00, 0xF8, 0x00]),
            TLV(.cvmList, try Hex.decode("0000000000000000 4203 5E03 1F00")),
            TLV(.cdol1, try Hex.decode("9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3704 9F2103")),
            TLV(.cdol2, try Hex.decode("8A02 9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3704 9F2103")),
            TLV(.sdaTagList, [0x82]), TLV(.applicationCurrency, [0x01, 0x56]), TLV(.cardVersion, [0x00, 0x20]),
        ]
        records = [
            Record(
                number: 1,
                objects: [
                    TLV(
                        .track2,
                        try Hex.decode(pan.count % 2 == 1 ? pan + "D30122011234500000F" : pan + "D3012201123450000F")),
                    .init(.ddol, [0x9F, 0x37, 0x04]),
                ]),
            Record(number: 2, isAuthenticated: true, objects: staticObjects),
        ]
        try certify(certificates, pan)
    }

    /// Makes the certificates anew over the card's present data and profile, each large object in a record of its own.
    mutating func certify(
        _ certificates: TestCertificates = .init(), _ pan: String = "6225880212345678901", isStatic: Bool = false
    ) throws {
        let covered = records[1].objects.flatMap(\.encoded) + [UInt8(aip >> 8), UInt8(aip & 0xFF)]
        var objects = try certificates.issuerObjects(keys, pan)
        objects += try certificates.cardObjects(keys, pan, covered: covered)
        if hasPINKey { objects += try certificates.pinObjects(keys, pan) }
        if isStatic { objects.append(TLV(.signedStaticData, try certificates.staticData(keys, covered: covered))) }
        records.removeAll { $0.sfi == 2 }
        let small = objects.filter { $0.value.count < 60 }
        for group in [small] + objects.filter({ $0.value.count >= 60 }).map({ [$0] }) {
            records.append(Record(sfi: 2, number: UInt8(records.count), objects: group))
        }
    }

    /// The card's application interchange profile with data authentication `method` alone.
    mutating func authenticates(by method: AIP, other: AIP = [.cardholderVerification, .terminalRiskManagement]) {
        aip = method.union(other).rawValue
    }

    mutating func set(_ tag: TLV.Tag, _ value: [UInt8]?) {
        for record in records.indices {
            records[record].objects = records[record].objects.compactMap { object in
                guard object.tag == tag else { return object }
                return value.map { TLV(tag, $0) }
            }
        }
        guard let value, !records.contains(where: { $0.objects.contains { $0.tag == tag } }) else { return }
        records[0].objects.append(TLV(tag, value))
    }

    /// Answers a command.
    mutating func answer(_ bytes: [UInt8]) -> [UInt8] {
        guard let command = CommandAPDU(bytes: bytes) else { return StatusWord.wrongLength.bytes }
        log.append(command)
        let count = counts[command.ins, default: 0]
        counts[command.ins] = count + 1
        if let replaced = overrides[command.ins]?(count, command) { return replaced.bytes }
        if generated > 0, command.ins != 0xAE, command.ins != 0x82, let statuses = scriptStatuses {
            scriptStatuses = Array(statuses.dropFirst())
            return (statuses.first ?? .instructionNotSupported).bytes
        }
        return respond(command).bytes
    }

    private mutating func respond(_ command: CommandAPDU) -> Response {
        switch command.ins {
        case 0xA4: return select(command.data)
        case 0xB2: return record(command.p1, command.p2 >> 3)
        case 0xA8:
            pdolValues = Array(command.data.dropFirst(2))
            return processingOptions()
        case 0xCA:
            let tag = TLV.Tag(rawValue: UInt32(command.p1) << 8 | UInt32(command.p2))
            if tag == .pinTryCounter, let pinTries { return Response(TLV(tag, [UInt8(pinTries)]).encoded) }
            guard let value = counters[tag] else { return Response([], .dataNotFound) }
            return Response(TLV(tag, [UInt8(value >> 8), UInt8(value & 0xFF)]).encoded)
        case 0x88:
            let signed = signDynamic([0x08, 1, 2, 3, 4, 5, 6, 7, 8], command.data)
            return Response(TLV(.responseFormat1, signed).encoded)
        case 0x82: return Response()
        case 0x84:
            challenge = (1...8).map { UInt8(log.count) ^ $0 }
            return Response(challenge)
        case 0x20: return verify(command)
        case 0xAE: return generate(command)
        default: return Response([], .instructionNotSupported)
        }
    }

    private func select(_ name: [UInt8]) -> Response {
        if name == Array("1PAY.SYS.DDF01".utf8) {
            guard hasDirectory else { return Response([], .fileNotFound) }
            return Response(Self.fci(name, [TLV(.shortFileIdentifier, [0x01])]))
        }
        guard let index = names.firstIndex(of: name) else { return Response([], .fileNotFound) }
        var objects = [
            TLV(.applicationLabel, Array("UnionPay".utf8)), TLV(.applicationPriority, [priorities[index]]),
            TLV(.languagePreference, Array("zhen".utf8)),
        ]
        if !pdol.isEmpty { objects.append(TLV(.pdol, pdol)) }
        return Response(Self.fci(name, objects))
    }

    static func fci(_ name: [UInt8], _ objects: [TLV]) -> [UInt8] {
        let proprietary = TLV(.fciProprietary, TLV.encode(objects))
        return TLV(.fciTemplate, TLV(.dedicatedFileName, name).encoded + proprietary.encoded).encoded
    }

    private func record(_ number: UInt8, _ sfi: UInt8) -> Response {
        if log.allSatisfy({ $0.ins != 0xA8 }) {
            guard number <= names.count else { return Response([], .recordNotFound) }
            let index = Int(number) - 1
            let entry = TLV.encode([
                TLV(.aid, names[index]), TLV(.applicationLabel, Array("UnionPay".utf8)),
                TLV(.applicationPriority, [priorities[index]]),
            ])
            return Response(TLV(.record, TLV(.applicationTemplate, entry).encoded).encoded)
        }
        guard let record = records.first(where: { $0.sfi == sfi && $0.number == number }) else {
            return Response([], .recordNotFound)
        }
        return Response(record.raw ?? TLV(.record, TLV.encode(record.objects)).encoded)
    }

    private func processingOptions() -> Response {
        let locator: [UInt8] = records.flatMap { record -> [UInt8] in
            [record.sfi << 3, record.number, record.number, record.isAuthenticated ? 1 : 0]
        }
        let profile = [UInt8(aip >> 8), UInt8(aip & 0xFF)]
        if usesFormat1 { return Response(TLV(.responseFormat1, profile + locator).encoded) }
        return Response(TLV(.responseFormat2, TLV.encode([TLV(.aip, profile), TLV(.afl, locator)])).encoded)
    }

    /// VERIFY with a PIN enciphered for the card.
    private mutating func verify(_ command: CommandAPDU) -> Response {
        defer { challenge = [] }
        let key = hasPINKey ? keys.pin : keys.card
        guard command.p2 == 0x88, let plain = try? key.sign(command.data), plain.prefix(1) == [0x7F],
            !challenge.isEmpty, plain[9..<17].elementsEqual(challenge)
        else { return Response([], .dataInvalidated) }
        return check(Array(plain[1..<9]))
    }

    /// What the card answers to this PIN block.
    mutating func check(_ block: [UInt8]) -> Response {
        guard pinTries != 0 else { return Response([], .methodBlocked) }
        guard block == Self.pinBlock(pin) else {
            pinTries = (pinTries ?? 3) - 1
            return Response([], StatusWord(rawValue: 0x63C0 | UInt16(pinTries ?? 0)))
        }
        return Response()
    }

    /// The block of Book 3, 6.5.12.
    static func pinBlock(_ pin: String) -> [UInt8] {
        let digits = pin + String(repeating: "F", count: 14 - pin.count)
        return [0x20 | UInt8(pin.count)] + ((try? Hex.decode(digits)) ?? [])
    }

    private func signDynamic(_ data: [UInt8], _ extra: [UInt8]) -> [UInt8] {
        let size = keys.card.publicKey.modulus.count
        let body = [0x05, 0x01, UInt8(data.count)] + data
        let padding = [UInt8](repeating: 0xBB, count: size - 22 - body.count)
        return (try? dynamicSignature.sign(body + padding, extra, keys.card)) ?? []
    }

    private mutating func generate(_ command: CommandAPDU) -> Response {
        defer { generated += 1 }
        let asked = ChipResult.CryptogramType(cryptogramInformation: command.p1) ?? .aac
        let type = asked == .aac ? .aac : (generated == 0 ? firstType : finalType)
        let information = type.controlBits
        let cryptogram: [UInt8] = [0xC0, 0xDE, UInt8(generated), 4, 5, 6, 7, 8]
        cdolValues += command.data
        guard command.p1 & 0x10 != 0, type != .aac else {
            let fields = [information, 0x00, 0x05] + cryptogram + issuerApplicationData
            return Response(TLV(.responseFormat1, fields).encoded)
        }
        let objects = [
            TLV(.cryptogramInformation, [information]), TLV(.atc, [0x00, 0x05]),
            TLV(.issuerApplicationData, issuerApplicationData),
        ]
        var hash = (try? Digest.sha1(pdolValues + cdolValues + TLV.encode(objects))) ?? []
        if spoilsCombined { hash[0] ^= 1 }
        let data = [0x08, 1, 2, 3, 4, 5, 6, 7, 8, information] + cryptogram + hash
        let signed = TLV(.signedDynamicData, signDynamic(data, [0x12, 0x34, 0x56, 0x78]))
        return Response(TLV(.responseFormat2, TLV.encode(objects + [signed])).encoded)
    }
}

/// The certificates of a test card, every check of EMV 4.4 Book 2 open to be broken.
struct TestCertificates {
    var issuerSignature = TestSignature()
    var cardSignature = TestSignature()
    var staticSignature = TestSignature()
    var issuerFormat: UInt8 = 0x02
    var cardFormat: UInt8 = 0x04
    var issuerExpiry: [UInt8] = [0x12, 0x30]
    var cardExpiry: [UInt8] = [0x12, 0x30]
    var issuerAlgorithm: UInt8 = 0x01
    var cardAlgorithm: UInt8 = 0x01
    var issuerIdentifier: [UInt8]?
    var cardHolder: String?
    var authorityIndex: UInt8 = 0x80

    func issuerObjects(_ keys: TestKeys, _ pan: String) throws -> [TLV] {
        let capacity = keys.authority.publicKey.modulus.count - 36
        let key = keys.issuer.publicKey
        let remainder = key.modulus.dropFirst(capacity)
        let identifier = try issuerIdentifier ?? Hex.decode(pan.prefix(6) + "FF")
        let body =
            [issuerFormat] + identifier + issuerExpiry + [0x00, 0x00, 0x07]
            + TestSignature.keyPart(key, capacity: capacity, algorithm: issuerAlgorithm)
        let certificate = try issuerSignature.sign(body, remainder + key.exponentBytes, keys.authority)
        return [
            TLV(.caIndex, [authorityIndex]), TLV(.issuerCertificate, certificate), TLV(.issuerRemainder, remainder),
            TLV(.issuerExponent, key.exponentBytes),
        ]
    }

    /// The certificate of the key for PINs, which covers no static data (Book 2, 7.1).
    func pinObjects(_ keys: TestKeys, _ pan: String) throws -> [TLV] {
        let tags: [TLV.Tag: TLV.Tag] = [
            .iccCertificate: .pinCertificate, .iccExponent: .pinExponent, .iccRemainder: .pinRemainder,
        ]
        return try cardObjects(keys, pan, covered: [], of: keys.pin.publicKey).map {
            TLV(tags[$0.tag] ?? $0.tag, $0.value)
        }
    }

    func cardObjects(
        _ keys: TestKeys, _ pan: String, covered: [UInt8], of key: RSAPublicKey? = nil
    ) throws -> [TLV] {
        let size = keys.issuer.publicKey.modulus.count
        let key = key ?? keys.card.publicKey
        let remainder = key.modulus.dropFirst(size - 42)
        let holder = cardHolder ?? pan
        let body =
            [cardFormat] + (try Hex.decode(holder + String(repeating: "F", count: 20 - holder.count))) + cardExpiry
            + [0x00, 0x00, 0x09] + TestSignature.keyPart(key, capacity: size - 42, algorithm: cardAlgorithm)
        let certificate = try cardSignature.sign(body, remainder + key.exponentBytes + covered, keys.issuer)
        var objects = [TLV(.iccCertificate, certificate), TLV(.iccExponent, key.exponentBytes)]
        if !remainder.isEmpty { objects.append(TLV(.iccRemainder, remainder)) }
        return objects
    }

    /// Signed static application data (93).
    func staticData(_ keys: TestKeys, covered: [UInt8]) throws -> [UInt8] {
        let size = keys.issuer.publicKey.modulus.count
        let body: [UInt8] = [0x03, 0x01, 0xDA, 0xC0] + [UInt8](repeating: 0xBB, count: size - 26)
        return try staticSignature.sign(body, covered, keys.issuer)
    }
}
