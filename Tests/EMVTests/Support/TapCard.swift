import EMV
import PaymentCryptography
import Payments
import Wire

/// A quickPass or qVSDC card for the tests of the Entry Point and of kernels C-7 and C-3. Every part of it is open, to be right or
/// wrong as a test wants.
struct TapCard: Sendable {
    /// An application as the directory names it.
    struct Entry: Sendable {
        var aid: [UInt8]
        var priority: UInt8? = 1
        var kernel: [UInt8]?
        var extended: [UInt8]?
    }

    static let debit: [UInt8] = [0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x01]
    static let credit: [UInt8] = [0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x02]
    static let quasiCredit: [UInt8] = [0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x03]
    static let visa: [UInt8] = [0xA0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10]
    static let pan = "6225880212345678901"
    static let counter: [UInt8] = [0x00, 0x2A]

    var entries = [Entry(aid: TapCard.credit)]
    var pdol: [UInt8] = [
        0x9F, 0x66, 0x04, 0x9F, 0x02, 0x06, 0x9F, 0x03, 0x06, 0x9F, 0x1A, 0x02, 0x95, 0x05, 0x5F, 0x2A, 0x02, 0x9A,
        0x03,
        0x9C, 0x01, 0x9F, 0x37, 0x04,
    ]
    var type = ChipResult.CryptogramType.arqc
    /// Card transaction qualifiers (9F6C).
    var qualifiers: [UInt8]? = [0x00, 0x00]
    /// First bytes of the card authentication data (9F69); the qualifiers follow. Nil for none.
    var authentication: [UInt8]? = [0x01, 0x11, 0x22, 0x33, 0x44]
    /// The qualifiers that stand under the signature, where they are others.
    var signedQualifiers: [UInt8]?
    /// Whether the records with certificates and signature come with a request too.
    var signsRequests = false
    var signature = TestSignature()
    var keys: TestKeys
    /// Objects of the answer to GET PROCESSING OPTIONS that are changed, or left out where nil.
    var changes: [TLV.Tag: [UInt8]?] = [:]
    /// Objects put behind all others of that answer.
    var additions: [TLV] = []
    /// Replaces the answer to a command, by the number of the presentation, counted from 1.
    var override: @Sendable (Int, CommandAPDU) -> [UInt8]? = { _, _ in nil }

    /// Answers come in pieces, announced by 61xx.
    var splitsAnswers = false

    var presentation = 1
    private(set) var log: [CommandAPDU] = []
    private(set) var pdolValues: [[UInt8]] = []
    private var open: [UInt8] = []
    private var pieces: [UInt8] = []
    var records: [TestCard.Record]

    init(_ keys: TestKeys, certificates: TestCertificates = .init()) throws {
        self.keys = keys
        records = [
            TestCard.Record(
                number: 1, isAuthenticated: true,
                objects: [
                    TLV(.pan, try Hex.decode(Self.pan + "F")), TLV(.expirationDate, [0x30, 0x12, 0x31]),
                    TLV(.sdaTagList, [0x82]), TLV(.issuerCountry, [0x01, 0x56]), TLV(.usageControl, [0xFF, 0xC0]),
                ])
        ]
        try certify(certificates)
    }

    /// Makes the certificates anew over the card's present data.
    mutating func certify(_ certificates: TestCertificates = .init()) throws {
        let covered = records[0].objects.flatMap(\.encoded) + [0x20, 0x00]
        let objects =
            try certificates.issuerObjects(keys, Self.pan) + certificates.cardObjects(keys, Self.pan, covered: covered)
        records.removeAll { $0.sfi == 2 }
        let small = objects.filter { $0.value.count < 60 }
        for group in [small] + objects.filter({ $0.value.count >= 60 }).map({ [$0] }) {
            records.append(TestCard.Record(sfi: 2, number: UInt8(records.count), objects: group))
        }
    }

    /// Changes an object of the first record; nil leaves it out.
    mutating func set(_ tag: TLV.Tag, _ value: [UInt8]?) {
        records[0].objects = records[0].objects.filter { $0.tag != tag } + (value.map { [TLV(tag, $0)] } ?? [])
    }

    /// Answers a command.
    mutating func answer(_ bytes: [UInt8]) -> [UInt8] {
        guard let command = CommandAPDU(bytes: bytes) else { return StatusWord.wrongLength.bytes }
        log.append(command)
        if let replaced = override(presentation, command) { return replaced }
        guard splitsAnswers else { return respond(command).bytes }
        let whole = command.ins == 0xC0 ? Response(pieces) : respond(command)
        guard whole.status == .success else { return whole.bytes }
        let piece = command.ins == 0xC0 ? Array(whole.data.prefix(command.expectedLength ?? 0)) : []
        pieces = Array(whole.data.dropFirst(piece.count))
        return piece + (pieces.isEmpty ? [0x90, 0x00] : [0x61, UInt8(min(pieces.count, 100))])
    }

    private mutating func respond(_ command: CommandAPDU) -> Response {
        switch command.ins {
        case 0xA4: return select(command.data)
        case 0xA8:
            pdolValues.append(Array(command.data.dropFirst(2)))
            return Response(processingOptions)
        case 0xB2:
            guard let record = allRecords.first(where: { $0.sfi == command.p2 >> 3 && $0.number == command.p1 }) else {
                return Response([], .recordNotFound)
            }
            return Response(record.raw ?? TLV(.record, TLV.encode(record.objects)).encoded)
        default: return Response([], .instructionNotSupported)
        }
    }

    static let directory = Array("2PAY.SYS.DDF01".utf8)

    static func directory(_ entries: [[UInt8]]) -> [UInt8] {
        let templates = entries.map { TLV(.applicationTemplate, $0) }
        return TestCard.fci(directory, [TLV(.fciDiscretionary, TLV.encode(templates))])
    }

    private mutating func select(_ name: [UInt8]) -> Response {
        if name == Self.directory {
            return Response(
                Self.directory(
                    entries.map { entry in
                        var objects = [TLV(.aid, entry.aid), TLV(.applicationLabel, Array("QUICK".utf8))]
                        if let priority = entry.priority { objects.append(TLV(.applicationPriority, [priority])) }
                        if let kernel = entry.kernel { objects.append(TLV(.kernelIdentifier, kernel)) }
                        if let extended = entry.extended { objects.append(TLV(.extendedSelection, extended)) }
                        return TLV.encode(objects)
                    }))
        }
        guard let entry = entries.first(where: { $0.aid == name || $0.aid + ($0.extended ?? []) == name }) else {
            return Response([], .fileNotFound)
        }
        open = entry.aid
        return Response(
            TestCard.fci(
                entry.aid,
                [TLV(.applicationLabel, Array("QUICK".utf8)), TLV(.languagePreference, Array("zhen".utf8))]
                    + (pdol.isEmpty ? [] : [TLV(.pdol, pdol)])))
    }

    private var isSigned: Bool { type == .tc || signsRequests }

    /// The fixed records, and the one with the signature over what the reader sent last.
    private var allRecords: [TestCard.Record] {
        guard isSigned else { return [] }
        var objects = [TLV(.signedDynamicData, signed)]
        if let data = authenticationData { objects.append(TLV(.cardAuthenticationData, data)) }
        return records + [TestCard.Record(sfi: 3, number: 1, objects: objects)]
    }

    private var authenticationData: [UInt8]? { authentication.map { $0 + (signedQualifiers ?? qualifiers ?? [0, 0]) } }

    private func sent(_ tag: TLV.Tag) -> [UInt8] {
        var position = 0
        for entry in (try? DOL(pdol))?.entries ?? [] {
            if entry.tag == tag { return Array((pdolValues.last ?? []).dropFirst(position).prefix(entry.length)) }
            position += entry.length
        }
        return []
    }

    private var signed: [UInt8] {
        let dynamic = [0x02] + Self.counter
        let head = [0x05, 0x01, UInt8(dynamic.count)] + dynamic
        let body = head + [UInt8](repeating: 0xBB, count: keys.card.publicKey.modulus.count - 22 - head.count)
        let isFirstVersion = authenticationData?.first == 0x01
        let covered =
            sent(.unpredictableNumber)
            + (isFirstVersion ? sent(.amount) + sent(.transactionCurrency) + (authenticationData ?? []) : [])
        return (try? signature.sign(body, covered, keys.card)) ?? []
    }

    /// The card verification results say the cryptogram's type as the cryptogram information does.
    private var issuerApplicationData: [UInt8] {
        [0x07, 0x01, 0x01, 0x03, type.controlBits >> 2 | 0x80, 0x00, 0x00, 0x01]
    }

    private var processingOptions: [UInt8] {
        var objects: [TLV] = [
            TLV(.aip, [0x20, 0x00]), TLV(.panSequenceNumber, [0x01]),
            TLV(.issuerApplicationData, issuerApplicationData), TLV(.cryptogramInformation, [type.controlBits]),
            TLV(.cryptogram, [0xC0, 0xDE, 0x03, 0x04, 0x05, 0x06, 0x07, UInt8(presentation)]), TLV(.atc, Self.counter),
        ]
        if let track = try? Hex.decode(Self.pan + "D30122011234500000F") { objects.append(TLV(.track2, track)) }
        if let qualifiers { objects.append(TLV(.cardTransactionQualifiers, qualifiers)) }
        let locator: [UInt8] = allRecords.flatMap { record -> [UInt8] in
            [record.sfi << 3, record.number, record.number, record.isAuthenticated ? 1 : 0]
        }
        if !locator.isEmpty { objects.append(TLV(.afl, locator)) }
        objects = objects.compactMap { object in
            guard let change = changes[object.tag] else { return object }
            return change.map { TLV(object.tag, $0) }
        }
        return TLV(.responseFormat2, TLV.encode(objects + additions)).encoded
    }
}
