import Acquiring
import EMV
import ISO8583
import PaymentCryptography
import Payments
import Testing
import Wire

@testable import Terminal

/// What is in force of the terminal's data, and what of a download is refused.
@Suite struct TerminalParametersTests {
    private static let debit = "A000000333010101"
    private static let today = LocalDateTime(year: 2026, month: 11, day: 22, hour: 12, minute: 0, second: 0)
    private static let modulus = String(repeating: "C3", count: 64)

    /// A configured terminal: one application on both interfaces and one key.
    private static func configured(_ change: (inout TerminalData) -> Void = { _ in }) throws -> TerminalData {
        var application = ApplicationParameters(
            aid: try Hex.decode(debit), tacDenial: [], tacOnline: [.serviceNotAllowed], tacDefault: [])
        application.floorLimit = 700
        var combination = Combination(parameters: application, kernel: .c7)
        combination.transactionLimit = 1_000
        combination.smallAmount = SmallAmountRule(withoutPIN: 300, withoutSignature: nil)
        combination.smallAmount?.excluded = ["621234"]
        var data = TerminalData(
            applications: [application], caKeys: [try key(0x08)], countryCode: 156, serialNumber: "TND00001",
            terminalID: "10000001", merchantID: "898100012340001")
        data.combinations = [combination]
        data.exceptionFile = ["622588"]
        change(&data)
        return data
    }

    private static func key(_ index: UInt8, expiry: Int? = 20_301_231) throws -> CAPublicKey {
        let (rid, modulus) = (try Hex.decode("A000000333"), try Hex.decode(modulus))
        return try CAPublicKey(
            rid: rid, index: index, modulus: modulus, exponent: 3, expiry: expiry,
            checksum: try Digest.sha1(rid + [index] + modulus + [3]))
    }

    /// The objects of a key in hexadecimal, by tag.
    private static func keyObjects(_ index: UInt8 = 0x09) throws -> [TLV.Tag: String] {
        let (rid, modulus) = (try Hex.decode("A000000333"), try Hex.decode(modulus))
        return [
            0x9F06: "A000000333", 0x9F22: Hex.encode([index]), 0xDF05: "3230333031323331", 0xDF02: Self.modulus,
            0xDF03: Hex.encode(try Digest.sha1(rid + [index] + modulus + [3])), 0xDF04: "03", 0xDF06: "01",
            0xDF07: "01",
        ]
    }

    /// The objects of an application in hexadecimal, by tag.
    private static let applicationObjects: [TLV.Tag: String] = [
        0x9F06: debit, 0xDF01: "00", 0x9F09: "0030", 0xDF11: "D84000A800", 0xDF12: "D84004F800", 0xDF13: "0010000000",
        0x9F1B: "00000064", 0xDF15: "00000032", 0xDF16: "50", 0xDF17: "10", 0xDF14: "9F3704", 0xDF18: "01",
        0x9F7B: "000000100000", 0xDF19: "000000000050", 0xDF20: "000000200000", 0xDF21: "000000000300",
    ]

    private static func entry(_ objects: [TLV.Tag: String]) throws -> [TLV] {
        // Identifying objects first, as acquirers send them.
        try objects.sorted { $0.key < $1.key }.map { TLV($0.key, try Hex.decode($0.value)) }
    }

    private static func parameters(_ downloaded: Downloaded...) throws -> TerminalParameters {
        TerminalParameters(configured: try configured(), downloaded: downloaded)
    }

    @Test func `Without a download the configuration is in force`() throws {
        let configured = try Self.configured()
        let parameters = TerminalParameters(configured: configured)
        #expect(parameters.data(on: Self.today) == configured)
        #expect(parameters.notes(on: Self.today).isEmpty)
        #expect(parameters.applications.map(\.source) == [.configured])
    }

    @Test func `A downloaded application takes the place of the configured one of its name`() throws {
        var credit = Self.applicationObjects
        credit[0x9F06] = "A000000333010102"
        let parameters = try Self.parameters(
            .applications([try Self.entry(Self.applicationObjects), try Self.entry(credit)]))
        let data = parameters.data(on: Self.today)
        #expect(parameters.notes.isEmpty)
        #expect(data.applications.map { Hex.encode($0.aid) } == [Self.debit, "A000000333010102"])
        let application = try #require(data.applications.first)
        #expect(application.version == 0x0030 && application.floorLimit == 100 && application.allowsPartialMatch)
        #expect(Hex.encode(application.tacOnline.bytes) == "D84004F800")
        #expect(Hex.encode(application.tacDefault.bytes) == "D84000A800")
        #expect(Hex.encode(application.tacDenial.bytes) == "0010000000")
        #expect(application.randomSelection.threshold == 50)
        #expect(application.randomSelection.targetPercent == 10 && application.randomSelection.maximumPercent == 50)
        // The configured combination takes the limits, and keeps what the download does not speak of.
        let combination = try #require(data.combinations.first)
        #expect(combination.parameters == application && combination.kernel == .c7)
        #expect(combination.floorLimit == 50 && combination.transactionLimit == 200_000)
        #expect(combination.verificationLimit == 300 && combination.smallAmount?.withoutPIN == 300)
        #expect(combination.qualifiers.contains(.onlinePIN))
        // The other one is accepted on the reader with its scheme's kernel.
        #expect(data.combinations.map(\.kernel) == [.c7, .c7])
        #expect(data.combinations.last?.smallAmount == nil)
        #expect(parameters.combinations.map(\.source) == [.downloaded, .downloaded])
    }

    @Test(arguments: [("A0000000031010", ContactlessKernelID.c3), ("A0000000041010", .c2), ("A0000000651010", nil)])
    func `A downloaded application gets its scheme's kernel`(aid: String, kernel: ContactlessKernelID?) throws {
        var objects = Self.applicationObjects
        objects[0x9F06] = aid
        var parameters = try Self.parameters(.applications([try Self.entry(objects)]))
        #expect(parameters.combinations.dropFirst().map(\.value.kernel) == (kernel.map { [$0] } ?? []))
        for tag: TLV.Tag in [0xDF19, 0xDF20, 0xDF21] { objects[tag] = nil }
        parameters = try Self.parameters(.applications([try Self.entry(objects)]))
        #expect(parameters.combinations.count == 1, "an application without contactless limits is none of the reader's")
        #expect(parameters.applications.count == 2)
    }

    @Test func `A downloaded key takes the place of the configured one of its name`() throws {
        let entries = [try Self.entry(try Self.keyObjects(0x08)), try Self.entry(try Self.keyObjects(0x09))]
        let parameters = try Self.parameters(.caPublicKeys(entries))
        #expect(parameters.notes.isEmpty)
        #expect(parameters.caKeys.map(\.value) == [try Self.key(0x08), try Self.key(0x09)])
        #expect(parameters.caKeys.map(\.source) == [.downloaded, .downloaded])
        var packed = try Self.keyObjects()
        packed[0xDF05] = "20301231"
        packed[0xDF04] = "000003"
        let again = try Self.parameters(.caPublicKeys([try Self.entry(packed)]))
        #expect(again.caKeys.last?.value == (try Self.key(0x09)))
    }

    @Test func `An expired key is warned of and not used`() throws {
        let expired = try Self.key(0x0B, expiry: 20_261_121)
        let configured = try Self.configured { $0.caKeys.append(expired) }
        let parameters = TerminalParameters(configured: configured)
        #expect(parameters.data(on: Self.today).caKeys.map(\.index) == [0x08])
        let note = try #require(parameters.notes(on: Self.today).first)
        #expect(note.item == "CA key A000000333 0B" && note.verdict == .expired && note.reason.contains("20261121"))
        let eve = Self.today.advanced(seconds: -86_400)
        #expect(parameters.data(on: eve).caKeys.map(\.index) == [0x08, 0x0B], "good to the end of its last day")
        #expect(parameters.notes(on: eve).isEmpty)
    }

    @Test func `A kernel of another scheme is doubtful, and used`() throws {
        let configured = try Self.configured { $0.combinations[0].kernel = .c3 }
        let parameters = TerminalParameters(configured: configured)
        #expect(parameters.notes.map(\.verdict) == [.doubtful])
        #expect(parameters.notes.first?.item == "contactless \(Self.debit) c3")
        #expect(parameters.data(on: Self.today) == configured)
    }

    @Test func `The blacklist is added to the exception file`() throws {
        let parameters = try Self.parameters(
            .blacklist(["622588", "6200000000000021", "62", "62000000000000210000", "62123A"]))
        #expect(parameters.data(on: Self.today).exceptionFile == ["622588", "6200000000000021"])
        #expect(parameters.exceptionFile.map(\.source) == [.configured, .downloaded])
        #expect(parameters.notes.map(\.item) == ["blacklist entry 3", "blacklist entry 4", "blacklist entry 5"])
        #expect(parameters.notes.allSatisfy { !$0.reason.contains("62") }, "no account number in a note")
    }

    @Test func `Terminal parameters that are of use are used`() throws {
        let name = Array("街角便利店".utf8)
        let gbk = try #require(GB18030.encode("街角便利店")) + [UInt8](repeating: 0x20, count: 30)
        #expect(name.count != gbk.count)
        var parameters = try Self.parameters(
            .terminalParameters(
                CodedValues([.init("13", "5".utf8), .init("22", gbk), .init("18", "0".utf8)])))
        #expect(parameters.reversalTries == 5 && parameters.merchantName == "街角便利店")
        #expect(parameters.notes.map(\.verdict) == [.unused] && parameters.notes[0].item == "terminal parameter 18")
        parameters = try Self.parameters(
            .terminalParameters(CodedValues([.init("13", "0".utf8), .init("22", [UInt8](repeating: 0x20, count: 40))])))
        #expect(parameters.reversalTries == nil && parameters.merchantName == nil)
        #expect(parameters.notes.map(\.verdict) == [.refused, .refused] && parameters.changesNothing)
    }

    /// Contactless parameters beside a rule that is configured or not, and what comes of them.
    struct Rule: CustomTestStringConvertible, Sendable {
        let tags: [String: String]
        let configured: Int64?
        let withoutPIN: Int64?
        let withoutSignature: Int64?
        let refused: [String]
        var testDescription: String { "\(tags.sorted { $0.key < $1.key }) beside \(configured ?? -1)" }

        init(
            _ tags: [String: String], beside configured: Int64? = nil, _ withoutPIN: Int64?,
            _ withoutSignature: Int64? = nil, refused: [String] = []
        ) {
            self.tags = tags
            self.configured = configured
            self.withoutPIN = withoutPIN
            self.withoutSignature = withoutSignature
            self.refused = refused
        }
    }

    static let rules = [
        Rule(["FF8054": "1", "FF8058": "000000100000"], 100_000),
        Rule(["FF8054": "1", "FF8058": "000000100000"], beside: 300, 100_000),
        Rule(["FF8054": "0", "FF8058": "000000100000"], beside: 300, nil),
        Rule(["FF8054": "1"], beside: 300, 300),
        Rule(["FF8054": "1"], nil),
        Rule(["FF8058": "000000100000"], beside: 300, 100_000),
        Rule(["FF8058": "000000100000"], nil),
        Rule(["FF805A": "1", "FF8059": "30000"], beside: 300, 300, 30_000),
        Rule(["ff805a": "1", "ff8059": "30000"], nil, 30_000),
        Rule(["FF8054": "2"], beside: 300, 300, refused: ["FF8054"]),
        Rule(["FF8058": "1000.00"], beside: 300, 300, refused: ["FF8058"]),
        Rule(["FF8058": ""], beside: 300, 300, refused: ["FF8058"]),
        Rule(["FF8058": "0000000100000"], beside: 300, 300, refused: ["FF8058"]),
    ]

    @Test(arguments: rules) func `UnionPay's small amounts follow switches and limits`(rule: Rule) throws {
        let configured = try Self.configured { data in
            data.combinations[0].smallAmount = rule.configured.map {
                SmallAmountRule(withoutPIN: $0, withoutSignature: nil)
            }
        }
        let sent = rule.tags.map { Downloaded.ContactlessParameter(tag: $0.key, value: Array($0.value.utf8)) }
        let parameters = TerminalParameters(configured: configured, downloaded: [.contactlessParameters(sent)])
        let found = parameters.data(on: Self.today).combinations.first?.smallAmount
        #expect(found?.withoutPIN == rule.withoutPIN && found?.withoutSignature == rule.withoutSignature)
        #expect(parameters.notes.filter { $0.verdict == .refused }.map(\.item) == rule.refused)
    }

    @Test func `Contactless switches are UnionPay's alone`() throws {
        let configured = try Self.configured { data in
            var visa = data.combinations[0]
            visa.kernel = .c3
            visa.smallAmount = nil
            data.combinations.append(visa)
        }
        let sent = [("FF8057", "0"), ("FF805D", "1")].map {
            Downloaded.ContactlessParameter(tag: $0.0, value: Array($0.1.utf8))
        }
        let parameters = TerminalParameters(configured: configured, downloaded: [.contactlessParameters(sent)])
        let combinations = parameters.data(on: Self.today).combinations
        #expect(combinations.map { $0.qualifiers.contains(.onDeviceVerification) } == [false, true])
        #expect(combinations.first?.smallAmount?.excluded == ["621234"], "tables are configured")
        #expect(parameters.notes.filter { $0.verdict == .unused }.map(\.item) == ["FF805D"])
    }

    /// One object of a good entry changed, and what is said of it.
    struct Fault: CustomTestStringConvertible, Sendable {
        let tag: TLV.Tag
        /// Hexadecimal; nil takes the object away.
        let value: String?
        let reason: String
        var testDescription: String { "\(tag) = \(value ?? "nothing")" }

        init(_ tag: TLV.Tag, _ value: String?, _ reason: String) {
            self.tag = tag
            self.value = value
            self.reason = reason
        }
    }

    static let applicationFaults = [
        Fault(0x9F06, nil, "9F06 is missing"),
        Fault(0x9F06, "A0000003", "9F06 has 4 bytes and must have 5 to 16"),
        Fault(0x9F06, "A000000333010101000000000000000000", "9F06 has 17 bytes and must have 5 to 16"),
        Fault(0xDF01, "0000", "DF01 has 2 bytes and must have 1"),
        Fault(0x9F09, "30", "9F09 has 1 bytes and must have 2"),
        Fault(0xDF11, nil, "DF11 is missing"),
        Fault(0xDF11, "", "DF11 is missing"),
        Fault(0xDF12, nil, "DF12 is missing"),
        Fault(0xDF13, nil, "DF13 is missing"),
        Fault(0xDF13, "00100000", "DF13 has 4 bytes and must have 5"),
        Fault(0xDF12, "D84004F80000", "DF12 has 6 bytes and must have 5"),
        Fault(0x9F1B, "000064", "9F1B has 3 bytes and must have 4"),
        Fault(0xDF15, "0000000032", "DF15 has 5 bytes and must have 4"),
        Fault(0xDF15, "00000065", "the threshold of random selection is above the floor limit"),
        Fault(0xDF16, "5A", "DF16 must be decimal digits"),
        Fault(0xDF17, "51", "the target of random selection (51 %) is above its maximum (50 %)"),
        Fault(0xDF14, "9F0206", "the default DDOL does not ask for the unpredictable number (9F37)"),
        Fault(0xDF18, "0001", "DF18 has 2 bytes and must have 1"),
        Fault(0xDF19, "00000000005A", "DF19 must be decimal digits"),
        Fault(0xDF20, "0000002000", "DF20 has 5 bytes and must have 6"),
        Fault(0xDF21, "FFFFFFFFFFFF", "DF21 must be decimal digits"),
    ]

    /// A wrong application beside a right one: it is refused by name, and the other one is used.
    @Test(arguments: applicationFaults) func `A wrong application is refused by name`(fault: Fault) throws {
        var (wrong, right) = (Self.applicationObjects, Self.applicationObjects)
        wrong[fault.tag] = fault.value
        right[0x9F06] = "A000000333010106"
        let parameters = try Self.parameters(.applications([try Self.entry(wrong), try Self.entry(right)]))
        let name = wrong[0x9F06] ?? "1 of the list"
        #expect(parameters.notes == [ParameterNote("application \(name)", .downloaded, .refused, fault.reason)])
        #expect(parameters.applications.map { Hex.encode($0.value.aid) } == [Self.debit, "A000000333010106"])
        #expect(parameters.applications.map(\.source) == [.configured, .downloaded])
        #expect(parameters.applications.first?.value == (try Self.configured().applications.first))
        #expect(!parameters.changesNothing)
        let alone = try Self.parameters(.applications([try Self.entry(wrong)]))
        #expect(alone.changesNothing)
    }

    static let keyFaults = [
        Fault(0x9F06, nil, "9F06 is missing"),
        Fault(0x9F06, "A0000003", "9F06 has 4 bytes and must have 5"),
        Fault(0x9F06, "A000000003", "the checksum is not the SHA-1 of RID, index, modulus and exponent"),
        Fault(0x9F22, nil, "9F22 is missing"),
        Fault(0x9F22, "0908", "9F22 has 2 bytes and must have 1"),
        Fault(0x9F22, "0A", "the checksum is not the SHA-1 of RID, index, modulus and exponent"),
        Fault(0xDF02, nil, "DF02 is missing"),
        Fault(0xDF02, "C3", "DF02 has 1 bytes and must have 64 to 248"),
        Fault(0xDF02, String(repeating: "C3", count: 249), "DF02 has 249 bytes and must have 64 to 248"),
        Fault(0xDF02, String(repeating: "C2", count: 64), "the modulus is none of RSA with 512 to 1984 bits"),
        Fault(0xDF03, nil, "DF03 is missing"),
        Fault(
            0xDF03, String(repeating: "00", count: 20),
            "the checksum is not the SHA-1 of RID, index, modulus and exponent"),
        Fault(0xDF03, "00", "DF03 has 1 bytes and must have 20"),
        Fault(0xDF04, nil, "DF04 is missing"),
        Fault(0xDF04, "11", "the exponent is neither 3 nor 65537"),
        Fault(0xDF04, "00000003", "DF04 has 4 bytes and must have 1 to 3"),
        Fault(0xDF05, "3230333031333331", "the expiry is no date"),
        Fault(0xDF05, "303030", "DF05 has 3 bytes and must have 4 to 8"),
        Fault(0xDF05, "3230333031", "DF05 must be YYYYMMDD"),
        Fault(0xDF05, "4142434445464748", "DF05 must be YYYYMMDD"),
        Fault(0xDF06, "02", "DF06: its hash algorithm is not one that this terminal knows (01)"),
        Fault(0xDF07, "04", "DF07: its key algorithm is not one that this terminal knows (01)"),
    ]

    @Test(arguments: keyFaults) func `A wrong key is refused by name`(fault: Fault) throws {
        var wrong = try Self.keyObjects()
        wrong[fault.tag] = fault.value
        let right = try Self.keyObjects(0x0C)
        let parameters = try Self.parameters(.caPublicKeys([try Self.entry(wrong), try Self.entry(right)]))
        let name = [wrong[0x9F06], wrong[0x9F22]].compactMap { $0 }.joined(separator: " ")
        #expect(parameters.notes == [ParameterNote("CA key \(name)", .downloaded, .refused, fault.reason)])
        #expect(parameters.caKeys.map(\.value.index) == [0x08, 0x0C])
    }

    @Test func `What comes twice is used once`() throws {
        var second = Self.applicationObjects
        second[0x9F1B] = "00000200"
        let key = try Self.entry(try Self.keyObjects())
        let parameters = try Self.parameters(
            .applications([try Self.entry(Self.applicationObjects), try Self.entry(second)]),
            .caPublicKeys([key, key]))
        #expect(parameters.notes.map(\.item) == ["CA key A000000333 09", "application \(Self.debit)"])
        #expect(parameters.notes.allSatisfy { $0.reason == "comes twice; the first is used" })
        #expect(parameters.applications.first?.value.floorLimit == 100)
    }

    @Test func `Contactless limits that contradict each other leave the contacts alone`() throws {
        var objects = Self.applicationObjects
        objects[0xDF19] = "000000200001"
        let parameters = try Self.parameters(.applications([try Self.entry(objects)]))
        #expect(
            parameters.notes == [
                ParameterNote(
                    "contactless \(Self.debit) c7", .downloaded, .refused,
                    "the floor limit is above the transaction limit")
            ])
        let data = parameters.data(on: Self.today)
        #expect(data.applications.first?.floorLimit == 100 && data.combinations.first?.transactionLimit == 1_000)
        #expect(data.combinations.first?.parameters == data.applications.first)
        #expect(!parameters.changesNothing)
    }
}
