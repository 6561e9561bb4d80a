import EMV
import Engine
import Foundation
import Payments
import Testing
import Wire

@testable import Terminal

/// The strict configuration file: what it is read as, and the place and reason of everything that is refused.
@Suite struct ConfigurationTests {
    let folder: ConfigurationFolder
    let example: String

    init() throws {
        folder = try ConfigurationFolder()
        example = try Document("configuration.md").block("json")
    }

    @Test func theExampleOfTheDocumentationIsGood() throws {
        let read = try folder.load(example)
        #expect(read.mode == .live)
        #expect(read.terminal.number == "10000001")
        #expect(read.terminal.name == BilingualText("街角便利店", "Corner Shop"))
        #expect(read.terminal.limit == Money(minorUnits: 5_000_000, .cny))
        #expect(read.acquirer.backup?.host == "pos2.acquirer.example")
        #expect(read.acquirer.tls.pinnedKey?.count == 64)
        #expect(read.reader == .pcsc(name: "ACS ACR39U ICC Reader 00 00"))
        #expect(read.contactlessReader == .pcsc(name: "ACS ACR1552 CL Reader PICC 01 00"))
        #expect(read.pinPad == nil)
        guard case .network(let printer) = read.printer else { return #expect(Bool(false), "no printer") }
        #expect(printer.host == "192.0.2.20" && printer.port == 9100)
        let data = read.terminalData
        #expect(data.applications.map { Hex.encode($0.aid) } == ["A000000333010101"])
        #expect(data.applications.first.map { Hex.encode($0.tacOnline.bytes) } == "D84004F800")
        #expect(data.caKeys.map(\.index) == [0x08])
        #expect(data.terminalType == 0x21, "every payment asks the acquirer")
    }

    /// Every key of the example has its line in the table of keys.
    @Test func everyKeyOfTheExampleIsExplained() throws {
        let explained = Set(try Document("configuration.md").firstColumn)
        for key in JSONTree(try JSONTree.parse(example)).leaves {
            let isExplained = explained.contains { $0 == key || key.hasPrefix("\($0).") }
            #expect(isExplained, "\(key)")
        }
    }

    @Test func relativePathsCountFromTheFile() throws {
        let read = try folder.load(example)
        #expect(read.acquirer.tls.ca == "\(folder.path)/ca.pem")
        #expect(read.files.keyEncryptionKey == "\(folder.path)/kek")
        #expect(read.files.journal == "/var/lib/tender/journal.db")
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        var tree = JSONTree(try JSONTree.parse(example))
        let optional = [
            "terminal.nameInEnglish", "terminal.currency", "terminal.limit", "acquirer.backup",
            "acquirer.tls.serverName",
            "acquirer.tls.pinnedKey", "acquirer.connectMilliseconds", "acquirer.handshakeMilliseconds",
            "acquirer.replyMilliseconds", "acquirer.tpdu", "acquirer.workingKeys", "acquirer.reversalTries",
            "acquirer.partialApproval",
            "contactlessReader", "reader.pcsc.name", "printer", "emv.country", "emv.merchantCategory",
            "emv.applications.0.allowsPartialMatch",
            "emv.applications.0.version", "emv.applications.0.defaultDDOL", "emv.caKeys.0.expiry", "waits", "store",
            "books",
        ]
        for key in optional { tree.set(key, nil) }
        let read = try folder.load(try tree.text)
        #expect(read.terminal.name == BilingualText("街角便利店", "街角便利店"))
        #expect(read.terminal.limit == Money(minorUnits: 5_000_000, .cny))
        #expect(
            read.acquirer.backup == nil && read.acquirer.tls.serverName == nil && read.acquirer.tls.pinnedKey == nil)
        #expect(read.acquirer.connectMilliseconds == 5_000 && read.acquirer.handshakeMilliseconds == 10_000)
        #expect(read.acquirer.replyMilliseconds == 60_000 && read.acquirer.tpdu == "6000030000")
        #expect(read.acquirer.workingKeys == .tripleDES && read.acquirer.reversalTries == 3)
        #expect(!read.acquirer.takesPartialApproval)
        #expect(read.store == StorePolicy() && read.books == BookSettings())
        #expect(read.reader == .pcsc(name: nil) && read.contactlessReader == nil && read.printer == nil)
        #expect(read.emv.country == 156 && read.emv.merchantCategory == 5_411)
        #expect(read.terminalData.applications.first?.version == 0x0020)
        #expect(read.terminalData.applications.first?.defaultDDOL == [0x9F, 0x37, 0x04])
        #expect(read.terminalData.caKeys.first?.expiry == nil)
        #expect(read.waits == WaitSettings())
    }

    /// What is changed in a good file, and what is said about it.
    struct Change: CustomTestStringConvertible, Sendable {
        let key: String
        /// JSON; nil takes the key away.
        let value: String?
        let path: String
        /// `{folder}` stands for the file's folder.
        let reason: String
        var testDescription: String { "\(key) = \(value ?? "nothing")" }

        init(_ key: String, _ value: String?, at path: String? = nil, _ reason: String) {
            self.key = key
            self.value = value
            self.path = path ?? key
            self.reason = reason
        }
    }

    static let unknownKeys = [
        "colour", "terminal.colour", "files.colour", "acquirer.colour", "acquirer.primary.colour",
        "acquirer.backup.colour",
        "acquirer.tls.colour", "reader.colour", "reader.pcsc.colour",
        "contactlessReader.colour", "printer.colour", "printer.network.colour",
        "emv.colour", "emv.applications.0.colour", "emv.caKeys.0.colour", "waits.colour",
    ].map { Change($0, "1", at: $0.replacing(".0.", with: "[0]."), "this key is not known") }

    static let missingKeys = [
        "mode", "terminal", "terminal.number", "terminal.merchant", "terminal.name", "files", "files.journal",
        "files.keys",
        "files.keyEncryptionKey", "files.controlSocket", "acquirer", "acquirer.primary", "acquirer.primary.host",
        "acquirer.primary.port", "acquirer.tls", "acquirer.tls.ca", "acquirer.tls.certificate", "acquirer.tls.key",
        "reader",
        "emv", "emv.serialNumber", "emv.applications", "emv.applications.0.aid", "emv.applications.0.tacDenial",
        "emv.caKeys.0.rid", "emv.caKeys.0.index", "emv.caKeys.0.modulus", "emv.caKeys.0.exponent",
        "emv.caKeys.0.checksum",
    ].map { Change($0, nil, at: $0.replacing(".0.", with: "[0]."), "is missing") }

    static let wrongTypes = [
        Change("mode", "1", "must be a text"),
        Change("terminal", "[]", "must be an object"),
        Change("terminal", "null", "must be an object, not null"),
        Change("terminal.number", "10000001", "must be a text"),
        Change("files.journal", "{}", "must be a text"),
        Change("acquirer.primary.port", #""8443""#, "must be a whole number"),
        Change("acquirer.primary.port", "8443.5", "must be a whole number"),
        Change("acquirer.primary.port", "1e99", "must be a whole number"),
        Change("acquirer.connectMilliseconds", "true", "must be a whole number"),
        Change("emv.applications", "{}", "must be a list"),
        Change(
            "emv.applications.0.allowsPartialMatch", #""yes""#, at: "emv.applications[0].allowsPartialMatch",
            "must be true or false"),
        Change("emv.applications.0.aid", "1", at: "emv.applications[0].aid", "must be 5 to 16 bytes in hexadecimal"),
        Change("emv.applications.0", "1", at: "emv.applications[0]", "must be an object"),
        Change("reader", #""pcsc""#, "must be an object"),
        Change("contactlessReader", #""pcsc""#, "must be an object"),
        Change("waits.cardSeconds", #""60""#, "must be a whole number"),
    ]

    static let outOfRange = [
        Change("mode", #""test""#, "must be live or simulation"),
        Change("terminal.number", #""1000001""#, "must be 8 letters or digits"),
        Change("terminal.number", #""1000000é""#, "must be 8 letters or digits"),
        Change("terminal.merchant", #""8981000123 0001""#, "must be 15 letters or digits"),
        Change("terminal.name", #""""#, "must be 1 to 40 characters"),
        Change("terminal.nameInEnglish", #""""#, "must be 1 to 40 characters"),
        Change("terminal.currency", #""XXX""#, "XXX is no currency known here"),
        Change("terminal.limit", #""12.345""#, "must be an amount of CNY: too many decimals"),
        Change("terminal.limit", #""much""#, "must be an amount of CNY: it is no number"),
        Change("terminal.limit", #""0""#, "must be more than zero and have 12 digits at most"),
        Change("terminal.limit", #""-1""#, "must be more than zero and have 12 digits at most"),
        Change("terminal.limit", #""10000000000.00""#, "must be more than zero and have 12 digits at most"),
        Change("files.journal", #""""#, "must be a path"),
        Change(
            "files.controlSocket", "\"/\(String(repeating: "s", count: 107))\"", "a socket's path has at most 107 bytes"
        ),
        Change("acquirer.primary.host", #""""#, "must be a host name or address"),
        Change("acquirer.primary.port", "0", "must be 1 to 65535"),
        Change("acquirer.backup.port", "65536", "must be 1 to 65535"),
        Change("acquirer.connectMilliseconds", "99", "must be 100 to 60000"),
        Change("acquirer.handshakeMilliseconds", "60001", "must be 100 to 60000"),
        Change("acquirer.replyMilliseconds", "180001", "must be 100 to 180000"),
        Change("acquirer.reversalTries", "0", "must be 1 to 99"),
        Change("acquirer.partialApproval", "1", "must be true or false"),
        Change("store", #"{"offline": 1}"#, at: "store.offline", "must be true or false"),
        Change("store", #"{"perPayment": 0}"#, at: "store.perPayment", "must be 1 to 999999999999"),
        Change("store", #"{"total": {"count": 1}}"#, at: "store.total.amount", "is missing"),
        Change("store", #"{"alarmHours": 721}"#, at: "store.alarmHours", "must be 1 to 720"),
        Change("store", #"{"ofline": true}"#, at: "store.ofline", "this key is not known"),
        Change("books", #"{"settleAt": "24:00"}"#, at: "books.settleAt", "must be hh:mm"),
        Change("books", #"{"retentionDays": 2}"#, at: "books.retentionDays", "must be 3 to 36500"),
        Change("acquirer.tpdu", #""600003000""#, "must be 10 digits"),
        Change("acquirer.tpdu", #""60000300AA""#, "must be 10 digits"),
        Change("acquirer.workingKeys", #""des""#, "must be tripleDES or tripleDESWithTrackKey or sm4"),
        Change("acquirer.tls.pinnedKey", #""5F70""#, "must be 64 hexadecimal digits (SHA-256 of the public key)"),
        Change("reader", "{}", "must name exactly one driver"),
        Change("reader", #"{"pcsc": {}, "vpcd": {"port": 1}}"#, "must name exactly one driver"),
        Change("printer.network.port", "65536", "must be 1 to 65535"),
        Change("emv.country", "1000", "must be 1 to 999"),
        Change("emv.merchantCategory", "-1", "must be 0 to 9999"),
        Change("emv.serialNumber", #""short""#, "must be 8 letters or digits"),
        Change("emv.applications", "[]", "must name one application at least"),
        Change("waits.cardSeconds", "601", "must be 1 to 600"),
        Change("waits.pinSeconds", "0", "must be 1 to 600"),
        Change("waits.responseMilliseconds", "99", "must be 100 to 60000"),
        Change("waits.printSeconds", "-1", "must be 1 to 600"),
    ]

    static let bytes = [
        Change(
            "emv.applications.0.aid", #""A0""#, at: "emv.applications[0].aid", "must be 5 to 16 bytes in hexadecimal"),
        Change(
            "emv.applications.0.aid", #""A00000033Z""#, at: "emv.applications[0].aid",
            "must be 5 to 16 bytes in hexadecimal"),
        Change(
            "emv.applications.0.tacOnline", #""D84004F8""#, at: "emv.applications[0].tacOnline",
            "must be 5 bytes in hexadecimal"),
        Change(
            "emv.applications.0.version", #""003""#, at: "emv.applications[0].version", "must be 2 bytes in hexadecimal"
        ),
        Change(
            "emv.applications.0.defaultDDOL", #""""#, at: "emv.applications[0].defaultDDOL",
            "must be 1 to 64 bytes in hexadecimal"),
        Change("emv.caKeys.0.rid", #""A0000003""#, at: "emv.caKeys[0].rid", "must be 5 bytes in hexadecimal"),
        Change("emv.caKeys.0.modulus", #""AB""#, at: "emv.caKeys[0].modulus", "must be 64 to 248 bytes in hexadecimal"),
        Change("emv.caKeys.0.exponent", "5", at: "emv.caKeys[0].exponent", "must be 3 or 65537"),
        Change(
            "emv.caKeys.0.exponent", "65537", at: "emv.caKeys[0].checksum",
            "is not the SHA-1 of RID, index, modulus and exponent"),
        Change(
            "emv.caKeys.0.index", #""09""#, at: "emv.caKeys[0].checksum",
            "is not the SHA-1 of RID, index, modulus and exponent"),
        Change("emv.caKeys.0.expiry", "301231", at: "emv.caKeys[0].expiry", "must be 20000101 to 99991231"),
    ]

    static let files = [
        Change("acquirer.tls.ca", #""nowhere.pem""#, "{folder}/nowhere.pem cannot be read: no such file or directory"),
        Change(
            "acquirer.tls.certificate", #""/nowhere/it.pem""#,
            "/nowhere/it.pem cannot be read: no such file or directory"),
        Change("acquirer.tls.key", #""nowhere.pem""#, "{folder}/nowhere.pem cannot be read: no such file or directory"),
        Change(
            "acquirer.tls.key", #""open.pem""#,
            "{folder}/open.pem can be read by others than its owner: run chmod 600 on it"),
    ]

    static let simulatedInLive = [
        Change("contactlessReader", #"{"pcsc": {}}"#, "must be named"),
        Change(
            "contactlessReader", #"{"pcsc": {"name": "ACS ACR39U ICC Reader 00 00"}}"#,
            "is the reader of inserted cards"),
        Change("reader", #"{"pcsc": {}}"#, "name it: there is a contactless reader too"),
        Change(
            "contactlessReader", #"{"vpcd": {"port": 35964}}"#, "vpcd is a simulated reader: mode must be simulation"),
        Change("reader", #"{"vpcd": {"port": 35963}}"#, "vpcd is a simulated reader: mode must be simulation"),
        Change(
            "pinPad", #"{"simulated": {"host": "127.0.0.1", "port": 1}}"#,
            "this is a simulated PIN pad: mode must be simulation"),
    ]

    @Test(arguments: [unknownKeys, missingKeys, wrongTypes, outOfRange, bytes, files, simulatedInLive].flatMap { $0 })
    func refusesWithPlaceAndReason(change: Change) throws {
        var tree = JSONTree(try JSONTree.parse(example))
        tree.set(change.key, try change.value.map { try JSONTree.parse($0) })
        let expected = ConfigurationError(change.path, change.reason.replacing("{folder}", with: folder.path))
        let text = try tree.text
        #expect(throws: expected) { try folder.load(text) }
    }

    @Test func simulatedDevicesAreForSimulation() throws {
        var tree = JSONTree(try JSONTree.parse(example))
        tree.set("mode", "simulation")
        tree.set("reader", try JSONTree.parse(#"{"vpcd": {"port": 0}}"#))
        tree.set("pinPad", try JSONTree.parse(#"{"simulated": {"host": "127.0.0.1", "port": 1}}"#))
        let read = try folder.load(try tree.text)
        #expect(read.reader == .vpcd(port: 0))
        #expect(read.pinPad != nil)
    }

    @Test(arguments: ["", "{", "[1, 2", "\u{0}", "{\"mode\": \"live\",}x"])
    func noJSONIsSaidToBeNone(text: String) {
        #expect(throws: ConfigurationError("", "this is no JSON")) { try folder.load(text) }
    }

    @Test func aFileThatIsNotThereIsSaidSo() {
        #expect(throws: ConfigurationError("", "cannot be read: no such file or directory")) {
            try Configuration.load("\(folder.path)/nowhere.json")
        }
    }

    @Test func theErrorIsOneLineThatBeginsWithThePlace() {
        #expect("\(ConfigurationError("acquirer.tls.key", "is missing"))" == "acquirer.tls.key: is missing")
        #expect("\(ConfigurationError("", "this is no JSON"))" == "this is no JSON")
    }
}
