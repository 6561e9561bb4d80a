public import Acquiring
import Glibc
import HAL
import PaymentCryptography
public import SimulatedAcquirer
public import SimulatedCards
public import SimulatedDevices
import SystemDriver

/// A whole shop for people who have no hardware: card slot, PIN pad, printer and acquirer, and the files that a daemon
/// needs to work with them. Everything listens on loopback, on ports that the kernel chooses. `close` must be called.
public final class Shop: Sendable {
    /// Where files are: certificates, keys, configuration, journal, control socket.
    public let folder: String
    /// What the daemon is told; `open` filled in the ports.
    public let configuration: ShopConfiguration
    /// The acquirer's books.
    public let host: AcquirerHost
    /// What goes wrong at the acquirer.
    public let faults: FaultScript
    /// The acquirer's side of the line.
    public let server: AcquirerServer
    /// The receipt printer.
    public let printer: PaperPrinter
    /// The PIN pad and its display.
    public let pinPad: PINPadDevice
    /// The hand that inserts cards.
    public let slot: CardSlot
    /// The hand that taps them; nil in a shop without a contactless reader.
    public let field: CardSlot?

    /// Which certificate the acquirer shows.
    public enum Certificate: String, Sendable, CaseIterable {
        /// A good one.
        case good
        /// One that ended yesterday.
        case expired
        /// One for another host.
        case wrongHost
        /// One by an authority that the terminal does not know.
        case unknownAuthority
    }

    /// Opens a shop with its files in `folder`, which must exist. `host` changes what the acquirer is like.
    public init(
        folder: String, _ settings: ShopConfiguration, customer: @escaping Customer,
        certificate: Certificate = .good, tls: ClosedRange<TLSVersion>? = nil,
        host change: (inout AcquirerHost.Configuration) -> Void = { _ in },
        observer: @escaping CardSlot.Observer = { _, _ in },
        display: @escaping @Sendable (PINPadDevice.Message) -> Void = { _ in }
    ) throws {
        let clock = SystemClock()
        let masterKey = try CipherKey(PaymentCryptography.TestKeys.terminalMasterKey)
        self.folder = folder
        try Self.makeKeys(in: folder, masterKey, clock)
        faults = FaultScript()
        var acquirer = AcquirerHost.Configuration(
            terminal: ShopConfiguration.terminal, merchant: ShopConfiguration.merchant)
        change(&acquirer)
        host = try AcquirerHost(acquirer, faults: faults, clock: clock, entropy: SystemEntropy())
        let context = try Self.makeCertificates(in: folder, settings.serverName, certificate, tls ?? .tls12 ... .tls13)
        server = try AcquirerServer(context: context, handler: host, faults: faults)
        printer = try PaperPrinter()
        let slot = CardSlot(port: UInt16(settings.reader.port), observer: observer)
        field = settings.field.map { CardSlot(port: UInt16($0.port), observer: observer) }
        self.slot = slot
        let show: PINPadDevice.Slot = { slot.show($0) }
        pinPad = try PINPadDevice(
            masterKey: masterKey, customer: customer, slot: settings.hasPINPadWithSlot ? show : nil, observer: display)
        var settings = settings
        settings.acquirerPort = server.port
        settings.pinPadPort = pinPad.port
        settings.printerPort = printer.port
        configuration = settings
        try write(settings)
    }

    /// The daemon's configuration file.
    public var configurationFile: String { "\(folder)/tender.json" }
    /// The daemon's control socket.
    public var controlSocket: String { "\(folder)/control.sock" }

    /// Writes the daemon's configuration anew.
    public func write(_ settings: ShopConfiguration) throws {
        try Self.write(try settings.json(), to: configurationFile)
    }

    /// Puts the card with this name (see `CardLibrary.card(named:)`) into the slot; false if nobody has it.
    public func insert(_ name: String, seed: UInt64 = 1) throws -> Bool {
        guard let profile = CardLibrary.card(named: name) else { return false }
        try slot.insert(try SimulatedCard(profile, seed: seed))
        return true
    }

    /// Taps with the card or phone of this name, and leaves it in the field; false if nobody has it, or nobody can tap here.
    public func tap(_ name: String, seed: UInt64 = 1) throws -> Bool {
        guard let field, let profile = CardLibrary.card(named: name), profile.interfaces.contains(.contactless) else {
            return false
        }
        try field.insert(try SimulatedCard(profile, seed: seed, on: .contactless))
        return true
    }

    /// Ends everything that was opened. The files stay.
    public func close() {
        slot.remove()
        field?.remove()
        pinPad.stop()
        printer.stop()
        server.stop()
    }

    private static func makeKeys(in folder: String, _ masterKey: CipherKey, _ clock: SystemClock) throws {
        let keys = try KeyStore(
            path: "\(folder)/keys.json", keyEncryptionKey: try FileKeyEncryptionKey(path: "\(folder)/kek"))
        if keys.masterKey == nil { try keys.load(masterKey: masterKey, at: clock.localTime()) }
    }

    private static func makeCertificates(
        in folder: String, _ name: String, _ certificate: Certificate, _ versions: ClosedRange<TLSVersion>
    ) throws -> TLSContext {
        let authority = try CertificateMaker(authority: "Tender test authority")
        let other = try CertificateMaker(authority: "Some other test authority")
        try authority.writeAuthority(to: "\(folder)/ca.pem")
        try authority.write(
            .client, name: "terminal \(ShopConfiguration.terminal)", certificateFile: "\(folder)/terminal.pem",
            privateKeyFile: "\(folder)/terminal-key.pem")
        try (certificate == .unknownAuthority ? other : authority).write(
            .server([certificate == .wrongHost ? "elsewhere.example" : name]), name: "acquirer",
            validity: certificate == .expired ? .expired : .year, certificateFile: "\(folder)/acquirer.pem",
            privateKeyFile: "\(folder)/acquirer-key.pem")
        return try TLSContext(
            server: TLSConfiguration(
                authorityFile: "\(folder)/ca.pem", certificateFile: "\(folder)/acquirer.pem",
                privateKeyFile: "\(folder)/acquirer-key.pem"),
            versions: versions)
    }

    private static func write(_ text: String, to file: String) throws {
        let descriptor = Glibc.open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DeviceError(.other, "open \(file)", code: "errno \(errno)") }
        defer { Glibc.close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw DeviceError(.other, "write \(file)", code: "errno \(errno)")
        }
    }
}
