import EMV
public import Engine
import Glibc
public import HAL
import PaymentCryptography
public import Payments
import SimulatedCards
import SimulatedDevices
import Wire

/// The configuration file of a simulated shop's daemon, as its makers would write one.
public struct ShopConfiguration: Sendable {
    /// Where the daemon finds a reader, and cards find it: on the loopback port to which a card connects.
    public enum Reader: Sendable {
        /// The virtual reader of pcscd with this name.
        case pcsc(name: String, port: Int)
        /// The daemon itself listens there.
        case vpcd(port: Int)

        /// The port to which a card connects.
        public var port: Int {
            switch self {
            case .pcsc(_, let port), .vpcd(let port): port
            }
        }
    }

    /// Where the daemon finds the card slot.
    public var reader: Reader
    /// Where the daemon finds the field of the contactless reader; nil leaves it out.
    public var field: Reader?
    /// Port of the acquirer on loopback.
    public var acquirerPort = 0
    /// Whether the acquirer may approve a part.
    public var takesPartialApproval = false
    /// Port of the second acquirer, if there is one.
    public var backupPort: Int?
    /// The name that the acquirer's certificate must bear.
    public var serverName = "acquirer.example"
    /// Port of the PIN pad on loopback; nil leaves it out.
    public var pinPadPort: Int?
    /// Whether the PIN pad is one device with the card slot, and shows PINs in the clear to the card. The daemon asks it.
    public var hasPINPadWithSlot = false
    /// Port of the printer on loopback; nil leaves it out.
    public var printerPort: Int?
    /// Another printer than that one, as the configuration file says it: `{"usb": {}}`.
    public var printer: String?
    /// The scanner, as the configuration file says it; nil leaves it out.
    public var scanner: String?
    /// Displays beside the PIN pad's, as the configuration file says them: `[{"console": {"path": …}}]`.
    public var displays: String?
    /// What is printed, as the configuration file says it: `{"languages": "chinese"}`.
    public var receipts: String?
    /// Milliseconds from request to reply.
    public var replyMilliseconds = 60_000
    /// Seconds to wait for a card.
    public var cardSeconds = 60
    /// Seconds to wait for a PIN.
    public var pinSeconds = 60
    /// Milliseconds for one response of the card.
    public var responseMilliseconds = 5_000
    /// Seconds for one receipt.
    public var printSeconds = 10

    /// Floor limit of every application, minor units: from there on the issuer is always asked.
    public var floorLimit: Int64 = 0
    /// What the shop takes without the acquirer's word.
    public var store = StorePolicy()
    /// When a batch is closed without being asked for, `hh:mm`; nil for never.
    public var settleAt: String?

    /// A configuration with this reader; the rest has defaults and can be set.
    public init(reader: Reader) { self.reader = reader }

    /// A configuration for the virtual readers of the private pcscd that this process runs beside (Scripts/private-pcscd);
    /// without one, for a daemon that listens for cards itself.
    public static func ofEnvironment() throws(DeviceError) -> ShopConfiguration {
        // Ports that nobody has now: card and daemon both have to know them before either is there.
        let probes = [try PaperPrinter(), try PaperPrinter()]
        defer { for probe in probes { probe.stop() } }
        var configuration = ShopConfiguration(reader: pcscReader("VPCD") ?? .vpcd(port: probes[0].port))
        configuration.field = pcscReader("FIELD") ?? .vpcd(port: probes[1].port)
        return configuration
    }

    /// The reader of the private pcscd that the script calls so; nil without one.
    public static func pcscReader(_ name: String) -> Reader? {
        guard let reader = getenv("TENDER_\(name)_READER"), let port = getenv("TENDER_\(name)_PORT"),
            let number = Int(String(cString: port))
        else { return nil }
        return .pcsc(name: String(cString: reader), port: number)
    }

    /// Terminal number, field 41.
    public static let terminal = "10000001"
    /// Merchant number, field 42.
    public static let merchant = "898100012340001"

    /// PIN of the administrator, 99: `975310`.
    public static let administratorPIN = OperatorPIN("975310".utf8)
    /// PIN of the supervisor, 00: `246810`.
    public static let supervisorPIN = OperatorPIN("246810".utf8)

    /// The file's text. All paths are relative to its folder.
    func json() throws -> String {
        func driver(_ reader: Reader) -> String {
            switch reader {
            case .pcsc(let name, _): #"{"pcsc": {"name": "\#(name)"}}"#
            case .vpcd(let port): #"{"vpcd": {"port": \#(port)}}"#
            }
        }
        let field = field.map { #""contactlessReader": \#(driver($0)),"# } ?? ""
        let backup = backupPort.map { #""backup": {"host": "127.0.0.1", "port": \#($0)}, "# } ?? ""
        let books = settleAt.map { #""books": {"settleAt": "\#($0)"},"# } ?? ""
        let pinPad = pinPadPort.map { #""pinPad": {"simulated": {"host": "127.0.0.1", "port": \#($0)}},"# } ?? ""
        let network = printerPort.map { #"{"network": {"host": "127.0.0.1", "port": \#($0)}}"# }
        let counter = [
            ("printer", printer ?? network), ("scanner", scanner), ("displays", displays), ("receipts", receipts),
        ].compactMap { key, value in value.map { "\"\(key)\": \($0)," } }.joined(separator: "\n  ")
        return """
            {
              "mode": "simulation",
              "terminal": {
                "number": "\(Self.terminal)", "merchant": "\(Self.merchant)",
                "name": "模拟便利店", "nameInEnglish": "Simulated Corner Shop"
              },
              "files": {
                "journal": "journal.db", "keys": "keys.json", "keyEncryptionKey": "kek", "controlSocket": "control.sock"
              },
              "acquirer": {
                "primary": {"host": "127.0.0.1", "port": \(acquirerPort)}, \(backup)
                "tls": {
                  "ca": "ca.pem", "certificate": "terminal.pem", "key": "terminal-key.pem", "serverName": "\(serverName)"
                },
                "connectMilliseconds": 2000, "handshakeMilliseconds": 5000, "replyMilliseconds": \(replyMilliseconds),
                "partialApproval": \(takesPartialApproval)
              },
              "reader": \(driver(reader)),
              \(field)
              \(pinPad)
              \(counter)
              "store": \(stored),
              \(books)
              "emv": {
                "serialNumber": "SIM00001", "applications": [\(applications)], "contactless": [\(contactless)],
                "revokedCertificates": [\(revokedCertificates)], "caKeys": [\(try caKeys())]
              },
              "waits": {
                "cardSeconds": \(cardSeconds), "pinSeconds": \(pinSeconds),
                "responseMilliseconds": \(responseMilliseconds), "printSeconds": \(printSeconds)
              }
            }

            """
    }

    private func money(_ minorUnits: Int64) -> String { "\(Money(minorUnits: minorUnits, .cny))" }

    private var stored: String {
        func limit(_ tally: Tally) -> String { #"{"count": \#(tally.count), "amount": "\#(money(tally.amount))"}"# }
        return """
            {"offline": \(store.takesOffline), "deferred": \(store.defers), "perPayment": "\(money(store.perPayment))", \
            "perCard": \(limit(store.perCard)), "perDay": \(limit(store.perDay)), "total": \(limit(store.total)), \
            "alarmHours": \(store.alarmHours)}
            """
    }

    private var applications: String {
        TestTerminalParameters.applications.map { application in
            let codes = [
                ("tacDenial", application.tacDenial), ("tacOnline", application.tacOnline),
                ("tacDefault", application.tacDefault),
            ].map { #""\#($0)": "\#(Hex.encode($1.bytes))""# }.joined(separator: ", ")
            let version = Hex.encode([UInt8(application.version >> 8), UInt8(application.version & 0xFF)])
            return
                #"{"aid": "\#(Hex.encode(application.aid))", "version": "\#(version)", "floorLimit": "\#(money(floorLimit))", \#(codes)}"#
        }.joined(separator: ", ")
    }

    /// The contactless reader's part, UnionPay's with its rule for small amounts. The issuer is always asked, unless the shop
    /// takes offline approvals.
    private var contactless: String {
        TestTerminalParameters.combinations.map { combination in
            let floorLimit = store.takesOffline ? combination.floorLimit ?? 0 : 0
            let rule =
                combination.kernel == .c7
                ? #", "smallAmount": {"withoutPIN": "1000.00", "withoutSignature": "1000.00"}"# : ""
            return """
                {"aid": "\(Hex.encode(combination.parameters.aid))", "kernel": "c\(combination.kernel.rawValue)", \
                "verificationLimit": "\(money(combination.verificationLimit ?? 0))", \
                "floorLimit": "\(money(floorLimit))"\(rule)}
                """
        }.joined(separator: ", ")
    }

    private var revokedCertificates: String {
        TestTerminalParameters.revokedCertificates.map { certificate in
            """
            {"rid": "\(Hex.encode(certificate.rid))", "index": "\(Hex.encode([certificate.index]))", \
            "serialNumber": "\(Hex.encode(certificate.serialNumber))"}
            """
        }.joined(separator: ", ")
    }

    private func caKeys() throws -> String {
        try TestTerminalParameters.caKeys().map { key in
            let expiry = key.expiry.map { #""expiry": \#($0), "# } ?? ""
            let checksum = try Digest.sha1(key.rid + [key.index] + key.key.modulus + key.key.exponentBytes)
            return """
                {"rid": "\(Hex.encode(key.rid))", "index": "\(Hex.encode([key.index]))", "exponent": \(key.key.exponent), \
                "modulus": "\(Hex.encode(key.key.modulus))", \(expiry)"checksum": "\(Hex.encode(checksum))"}
                """
        }.joined(separator: ", ")
    }
}
