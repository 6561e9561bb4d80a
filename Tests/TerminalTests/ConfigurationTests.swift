import EMV
import Engine
import Foundation
import HAL
import Payments
import Receipts
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
        let printer = try #require(read.printer)
        guard case .usb(let device) = printer.place else { return #expect(Bool(false), "no USB printer") }
        #expect(device.vendor == 0x04B8 && device.product == 0x0E15 && device.port == "1-2")
        #expect(printer.profile == .chinese80)
        #expect(printer.changes.applied(to: .chinese80) == .chinese80, "the documented changes are the model's own")
        let scanner = try #require(read.scanner)
        guard case .usb(let gun) = scanner.place else { return #expect(Bool(false), "no USB scanner") }
        #expect(gun.vendor == 0x1EAB && gun.serial == "A1B2C3")
        #expect(scanner.listens == .asked && scanner.rules.maximumBytes == 4_296)
        guard case .pole(let line, chinese: false)? = read.displays.first else {
            return #expect(Bool(false), "no pole display")
        }
        #expect(line.settings.baud == 9_600)
        #expect(read.receipts.copies == [.merchant, .customer] && read.receipts.openDrawer == .never)
        let data = read.terminalData
        #expect(data.applications.map { Hex.encode($0.aid) } == ["A000000333010101"])
        #expect(data.applications.first.map { Hex.encode($0.tacOnline.bytes) } == "D84004F800")
        #expect(data.caKeys.map(\.index) == [0x08])
        #expect(data.terminalType == 0x21, "every payment asks the acquirer")
    }

    @Test func terminalDataIsAsTheExampleSays() throws {
        let data = try folder.load(example).terminalData
        let application = try #require(data.applications.first)
        #expect(application.defaultTDOL == [0x9F, 0x02, 0x06])
        #expect(application.randomSelection.targetPercent == 10 && application.randomSelection.maximumPercent == 50)
        var combination = Combination(parameters: application, kernel: .c7)
        combination.transactionLimit = 5_000_000
        combination.onDeviceTransactionLimit = 5_000_000
        combination.verificationLimit = 0
        combination.floorLimit = 0
        combination.smallAmount = SmallAmountRule(withoutPIN: 100_000, withoutSignature: 100_000)
        combination.smallAmount?.excluded = ["621234"]
        #expect(data.combinations == [combination], "the documented qualifiers are the default")
        #expect(
            data.revokedCertificates == [
                RevokedCertificate(
                    rid: [0xA0, 0x00, 0x00, 0x03, 0x33], index: 0x08, serialNumber: [0x00, 0x12, 0xAB])
            ])
        #expect(data.exceptionFile == ["6225880000000000"])
    }

    /// Amounts of every section are major units of the terminal's currency.
    @Test func amountsAreOfTheTerminalsCurrency() throws {
        var tree = JSONTree(try JSONTree.parse(example))
        tree.set("terminal.currency", "JPY")
        for key in [
            "terminal.limit", "emv.applications.0.floorLimit", "emv.contactless.0.floorLimit",
            "emv.contactless.0.transactionLimit", "emv.contactless.0.onDeviceTransactionLimit",
            "emv.contactless.0.smallAmount.withoutPIN", "emv.contactless.0.smallAmount.withoutSignature",
            "store.perPayment", "store.perCard.amount", "store.perDay.amount", "store.total.amount",
        ] {
            tree.set(key, "700")
        }
        let read = try folder.load(try tree.text)
        #expect(read.terminal.limit == Money(minorUnits: 700, .jpy))
        #expect(read.terminalData.applications.first?.floorLimit == 700)
        #expect(read.terminalData.combinations.first?.smallAmount?.withoutPIN == 700)
        #expect(read.store.perPayment == 700 && read.store.total.amount == 700)
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
            "contactlessReader", "reader.pcsc.name", "printer", "scanner", "displays", "receipts", "emv.country",
            "emv.merchantCategory",
            "emv.applications.0.allowsPartialMatch",
            "emv.applications.0.version", "emv.applications.0.defaultDDOL", "emv.applications.0.defaultTDOL",
            "emv.applications.0.floorLimit", "emv.applications.0.randomSelection", "emv.contactless",
            "emv.revokedCertificates", "emv.exceptionFile", "emv.caKeys.0.expiry", "waits", "store", "books",
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
        #expect(read.scanner == nil && read.displays.isEmpty && read.receipts == ReceiptSettings())
        #expect(read.emv.country == 156 && read.emv.merchantCategory == 5_411)
        let application = try #require(read.terminalData.applications.first)
        #expect(
            application
                == ApplicationParameters(
                    aid: application.aid, tacDenial: application.tacDenial, tacOnline: application.tacOnline,
                    tacDefault: application.tacDefault))
        #expect(read.terminalData.combinations.isEmpty && read.terminalData.revokedCertificates.isEmpty)
        #expect(read.terminalData.exceptionFile.isEmpty)
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
        "acquirer.tls.colour", "reader.colour", "reader.pcsc.colour", "contactlessReader.colour", "printer.colour",
        "printer.usb.colour", "printer.changes.colour", "scanner.colour", "scanner.usb.colour", "receipts.colour",
        "emv.colour", "emv.applications.0.colour", "emv.applications.0.randomSelection.colour",
        "emv.contactless.0.colour", "emv.contactless.0.smallAmount.colour", "emv.revokedCertificates.0.colour",
        "emv.caKeys.0.colour", "waits.colour",
    ].map { Change($0, "1", at: $0.replacing(".0.", with: "[0]."), "this key is not known") }

    static let missingKeys = [
        "mode", "terminal", "terminal.number", "terminal.merchant", "terminal.name", "files", "files.journal",
        "files.keys",
        "files.keyEncryptionKey", "files.controlSocket", "acquirer", "acquirer.primary", "acquirer.primary.host",
        "acquirer.primary.port", "acquirer.tls", "acquirer.tls.ca", "acquirer.tls.certificate", "acquirer.tls.key",
        "reader",
        "emv", "emv.serialNumber", "emv.applications", "emv.applications.0.aid", "emv.applications.0.tacDenial",
        "emv.applications.0.randomSelection.targetPercent", "emv.contactless.0.aid", "emv.contactless.0.kernel",
        "emv.revokedCertificates.0.rid", "emv.revokedCertificates.0.index", "emv.revokedCertificates.0.serialNumber",
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
        Change(
            "store", #"{"perPayment": "0"}"#, at: "store.perPayment",
            "must be more than zero and have 12 digits at most"),
        Change("store", #"{"perPayment": 5}"#, at: "store.perPayment", "must be a text"),
        Change(
            "store", #"{"total": {"count": 1, "amount": "-1"}}"#, at: "store.total.amount",
            "must be zero or more and have 12 digits at most"),
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
        Change(
            "printer", #"{"network": {"host": "192.0.2.20", "port": 65536}}"#, at: "printer.network.port",
            "must be 1 to 65535"),
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

    /// The counter's devices.
    static let counter = [
        Change("printer", "{}", "must name exactly one driver"),
        Change("printer", #"{"profile": "chinese-80"}"#, "must name exactly one driver"),
        Change(
            "printer", #"{"usb": {}, "network": {"host": "192.0.2.20", "port": 9100}}"#, "must name exactly one driver"),
        Change("printer", #"{"usb": 1}"#, at: "printer.usb", "must be an object"),
        Change("printer", #"{"network": {"host": "192.0.2.20"}}"#, at: "printer.network.port", "is missing"),
        Change("printer", #"{"serial": {}}"#, at: "printer.serial.path", "is missing"),
        Change(
            "printer", #"{"serial": {"path": "/dev/ttyS0", "baud": 9601}}"#, at: "printer.serial.baud",
            "must be 1200 or 2400 or 4800 or 9600 or 19200 or 38400 or 57600 or 115200 or 230400 or 460800 or 921600"),
        Change(
            "printer", #"{"serial": {"path": "/dev/ttyS0", "colour": 1}}"#, at: "printer.serial.colour",
            "this key is not known"),
        Change(
            "printer", #"{"serial": {"path": "/dev/ttyS0", "flowControl": "rts"}}"#, at: "printer.serial.flowControl",
            "must be none or hardware or software"),
        Change("printer.usb.vendor", #""4b8""#, "must be 2 bytes in hexadecimal"),
        Change("printer.usb.product", "1", "must be 2 bytes in hexadecimal"),
        Change("printer.usb.serial", #""""#, "must be 1 to 126 characters"),
        Change("printer.usb.port", #""2.3""#, "must be a bus and its ports, 1-2.3"),
        Change("printer.usb.port", #""1-2.x""#, "must be a bus and its ports, 1-2.3"),
        Change("printer.usb.port", #""1-1.2.3.4.5.6.7.8""#, "must be a bus and its ports, 1-2.3"),
        Change(
            "printer.profile", #""epson""#,
            "must be \(PrinterProfile.library.map(\.name).joined(separator: " or "))"),
        Change("printer.changes.columns", "80", "must be 24 to 64"),
        Change("printer.changes.dots", "577", "must be a multiple of 8"),
        Change("printer.changes.dots", "1000", "must be 192 to 832"),
        Change("printer.changes.chinese", #""big5""#, "must be none or gb2312 or gbk or gb18030"),
        Change("printer.changes.cutter", "true", "must be a text"),
        Change("printer.changes.opensDrawer", #""yes""#, "must be true or false"),
        Change("scanner", "{}", "must name exactly one driver"),
        Change("scanner", #"{"listens": "always"}"#, "must name exactly one driver"),
        Change("scanner", #"{"usb": {}, "serial": {"path": "/dev/ttyACM0"}}"#, "must name exactly one driver"),
        Change("scanner.prefix", #""扫""#, "must be at most 16 characters of ASCII"),
        Change("scanner.suffix", #""0123456789abcdefg""#, "must be at most 16 characters of ASCII"),
        Change("scanner.debounceMilliseconds", "10001", "must be 0 to 10000"),
        Change("scanner.gapMilliseconds", "19", "must be 20 to 2000"),
        Change("scanner.maximumLength", "4297", "must be 16 to 4296"),
        Change("scanner.listens", #""never""#, "must be asked or always"),
        Change("displays", "{}", "must be a list"),
        Change("displays", #"[{}]"#, at: "displays[0]", "must name exactly one driver"),
        Change("displays", #"[{"lamp": 1}]"#, at: "displays[0].lamp", "this key is not known"),
        Change("displays", #"[{"console": {}}]"#, at: "displays[0].console.path", "is missing"),
        Change(
            "displays", #"[{"console": {"path": "/dev/tty1", "colour": 1}}]"#, at: "displays[0].console.colour",
            "this key is not known"),
        Change(
            "displays", #"[{"pole": {"path": "/dev/ttyS0", "chinese": 1}}]"#, at: "displays[0].pole.chinese",
            "must be true or false"),
        Change("receipts.languages", #""german""#, "must be both or chinese or english"),
        Change("receipts.copies", #"["customer", "bank ledger"]"#, at: "receipts.copies[1]", "must be \(copies)"),
        Change("receipts.copies", #"["customer", "customer"]"#, at: "receipts.copies[1]", "stands above already"),
        Change("receipts.copies", "[]", "must name at least one"),
        Change("receipts.openDrawer", "true", "must be a text"),
        Change("receipts.eReceipt", #""http://shop.example/{id}""#, "must begin with https:// and a host"),
        Change("receipts.eReceipt", #""https:///{id}""#, "must begin with https:// and a host"),
        Change(
            "receipts.eReceipt", #""https://shop.example/""#, "must have at least one of {id}, {rrn}, {stan}, {amount}"),
        Change(
            "receipts.eReceipt", #""https://shop.example/{pan}""#,
            "{pan} is unknown: take {id}, {rrn}, {stan}, {amount}"),
        Change("receipts.eReceipt", #""https://shop.example/{id""#, "has a brace without its other half"),
        Change("receipts.eReceipt", #""https://shop.example/id}""#, "has a brace without its other half"),
        Change("receipts.eReceipt", #""https://店.example/{id}""#, "must be of visible ASCII characters"),
        Change(
            "receipts.eReceipt", "\"https://shop.example/{id}\(String(repeating: "x", count: 200))\"",
            "must have at most 200 characters"),
    ]

    private static let copies = ReceiptData.Copy.allCases.map(\.rawValue).joined(separator: " or ")

    private static func emv(_ key: String, _ value: String, at path: String? = nil, _ reason: String) -> Change {
        func places(_ key: String) -> String { key.replacing(".0", with: "[0]") }
        return Change("emv.\(key)", value, at: "emv.\(places(path ?? key))", reason)
    }

    /// What contradicts itself, comes twice or fits nothing.
    static let terminalData = [
        emv("applications.0.floorLimit", "0", "must be a text"),
        emv("applications.0.floorLimit", #""0.001""#, "must be an amount of CNY: too many decimals"),
        emv("applications.0.floorLimit", #""10000000000""#, "must be zero or more and have 12 digits at most"),
        emv("applications.0.defaultTDOL", #""9F02ZZ""#, "must be 0 to 64 bytes in hexadecimal"),
        emv(
            "applications.0.defaultTDOL", #""9F""#, at: "applications.0",
            "the default TDOL is no list of tags and lengths"),
        emv(
            "applications.0.defaultDDOL", #""9F0206""#, at: "applications.0",
            "the default DDOL does not ask for the unpredictable number (9F37)"),
        emv("applications.0.randomSelection.targetPercent", "100", "must be 0 to 99"),
        emv(
            "applications.0.randomSelection.targetPercent", "51", at: "applications.0",
            "the target of random selection (51 %) is above its maximum (50 %)"),
        emv(
            "applications.0",
            """
            {"aid": "A000000333010101", "tacDenial": "0000000000", "tacOnline": "0000000000", "tacDefault": "0000000000",
             "floorLimit": "10", "randomSelection": {"threshold": "10.01", "targetPercent": 1}}
            """, "the threshold of random selection is above the floor limit"),
        emv(
            "applications",
            """
            [{"aid": "A000000333010101", "tacDenial": "0000000000", "tacOnline": "0000000000", "tacDefault": "0000000000"},
             {"aid": "a000000333010101", "tacDenial": "0000000000", "tacOnline": "0000000000", "tacDefault": "0000000000"}]
            """, at: "applications[1].aid", "stands above already: leave one of the two"),
        emv("contactless.0.aid", #""A0000000031010""#, "must be the aid of one of emv.applications"),
        emv("contactless.0.kernel", #""c4""#, "must be c2 or c3 or c7"),
        emv("contactless.0.kernel", "7", "must be a text"),
        emv(
            "contactless.0.kernel", #""c3""#, at: "contactless.0.smallAmount",
            "is a rule of UnionPay: the kernel must be c7"),
        emv("contactless.0.zeroAmount", #""no""#, "must be online or refused"),
        emv("contactless.0.qualifiers", #""370040""#, "must be 4 bytes in hexadecimal"),
        emv(
            "contactless.0.floorLimit", #""50000.01""#, at: "contactless.0",
            "the floor limit is above the transaction limit"),
        emv(
            "contactless.0.onDeviceTransactionLimit", #""49999.99""#, at: "contactless.0",
            "the transaction limit with verification on the customer's device is below the one without"),
        emv(
            "contactless",
            """
            [{"aid": "A000000333010101", "kernel": "c7"}, {"aid": "A000000333010101", "kernel": "c3"},
             {"aid": "A000000333010101", "kernel": "c7"}]
            """, at: "contactless[2].aid", "stands above already with this kernel: leave one of the two"),
        emv(
            "contactless.0.smallAmount.excluded", #"["621234", "62123"]"#, at: "contactless.0.smallAmount.excluded[1]",
            "must be 6 to 19 digits"),
        emv("revokedCertificates.0.serialNumber", #""12AB""#, "must be 3 bytes in hexadecimal"),
        emv("revokedCertificates.0.index", #""0008""#, "must be 1 byte in hexadecimal"),
        emv("exceptionFile", #"["62258800000000000000"]"#, at: "exceptionFile[0]", "must be 6 to 19 digits"),
        emv("caKeys.0.expiry", "20300230", "must be a date of the calendar, YYYYMMDD"),
    ]

    @Test func aKeyThatComesTwiceIsRefused() throws {
        var tree = JSONTree(try JSONTree.parse(example))
        let root = try #require(try JSONTree.parse(example) as? [String: Any])
        let emv = try #require(root["emv"] as? [String: Any])
        let keys = try #require(emv["caKeys"] as? [Any])
        tree.set("emv.caKeys", keys + keys)
        let text = try tree.text
        let expected = ConfigurationError(
            "emv.caKeys[1].index", "stands above already for this RID: leave one of the two")
        #expect(throws: expected) { try folder.load(text) }
    }

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

    @Test(
        arguments: [
            unknownKeys, missingKeys, wrongTypes, outOfRange, bytes, terminalData, files, simulatedInLive, counter,
        ]
        .flatMap { $0 })
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
