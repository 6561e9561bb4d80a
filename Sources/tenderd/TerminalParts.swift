import Acquiring
import Glibc
import HAL
import ISO8583
import Journaling
import Logging
import NetworkDriver
import PaymentCryptography
import Payments
import SystemDriver
import Terminal
import Wire

/// Makes a terminal from its configuration: the one place that names drivers.
struct TerminalParts {
    let terminal: PaymentTerminal

    /// Opens files and keys; devices and acquirer may be absent. Throws what the configuration gets wrong, with its path.
    init(_ settings: Configuration, _ logger: Logger) throws {
        let plug = PlugPuller(settings.mode)
        // 75, a failure that the next start gets over: systemd starts the daemon anew.
        let halt: @Sendable () -> Never = { _exit(75) }
        let clock = SystemClock()
        let connector = TCPConnector(clock: clock)
        let encryption = try Self.at("files.keyEncryptionKey") {
            try FileKeyEncryptionKey(path: settings.files.keyEncryptionKey)
        }
        let keys = try Self.keys(settings, encryption)
        let journal = try Self.at("files.journal") {
            try Journal(path: settings.files.journal, key: try keys.journalKey())
        }
        let operators = try Self.at("files.operators") {
            try OperatorStore(
                path: settings.files.operators, key: encryption,
                journal: {
                    do throws(JournalError) {
                        try journal.append(.operatorActed($0), at: clock.localTime())
                    } catch {
                        if error.kind == .inDoubt { halt() }
                        throw error
                    }
                    plug.reached(.actSaved)
                })
        }
        let devices = try CounterParts(settings, clock, connector, logger).devices()
        let link = try Self.at("acquirer.tls") {
            try AcquirerLink(Self.link(settings.acquirer), connector: connector, clock: clock)
        }
        let acquirer = Acquirer(try Self.dialect(settings), keys: keys, link: link, clock: clock)
        terminal = PaymentTerminal(
            configuration: settings, devices: devices, journal: journal, acquirer: acquirer, operators: operators,
            downloads: DownloadStore(folder: settings.files.folder, key: encryption), logger: logger,
            observer: plug.reached, halt: halt)
    }

    private static func keys(_ settings: Configuration, _ encryption: FileKeyEncryptionKey) throws -> KeyStore {
        let keys = try at("files.keys") {
            try KeyStore(path: settings.files.keys, keyEncryptionKey: encryption)
        }
        guard keys.masterKey != nil else {
            throw ConfigurationError("files.keys", "no terminal master key is loaded: run tenderctl keys load")
        }
        switch (settings.mode, keys.isPublishedTestKey) {
        case (.simulation, false):
            throw ConfigurationError("files.keys", "in simulation the master key must be the published test key")
        case (.live, true):
            throw ConfigurationError("files.keys", "the master key is the published test key: anybody knows it")
        default: return keys
        }
    }

    private static func link(_ settings: AcquirerSettings) -> AcquirerLinkConfiguration {
        func endpoint(_ address: HostAddress) -> AcquirerLinkConfiguration.Endpoint {
            .init(host: address.host, port: address.port, serverName: settings.tls.serverName)
        }
        return AcquirerLinkConfiguration(
            primary: endpoint(settings.primary), backUp: settings.backup.map(endpoint),
            tls: TLSConfiguration(
                authorityFile: settings.tls.ca, certificateFile: settings.tls.certificate,
                privateKeyFile: settings.tls.key, pinnedKey: settings.tls.pinnedKey.flatMap { try? Hex.decode($0) }),
            connectMilliseconds: settings.connectMilliseconds, handshakeMilliseconds: settings.handshakeMilliseconds,
            replyMilliseconds: settings.replyMilliseconds)
    }

    private static func dialect(_ settings: Configuration) throws -> UnionPayDialect {
        guard
            let identity = TerminalIdentity(
                terminal: settings.terminal.number, merchant: settings.terminal.merchant)
        else { throw ConfigurationError("terminal", "number and merchant must be letters and digits") }
        var options = DialectOptions()
        options.announcesPartialApproval = settings.acquirer.takesPartialApproval
        if settings.contactlessReader != nil { options.terminalCapability = 6 }
        options.keySet =
            switch settings.acquirer.workingKeys {
            case .tripleDES: .doubleLength
            case .tripleDESWithTrackKey: .doubleLengthWithTrackKey
            case .sm4: .sm4
            }
        guard let tpdu = (try? Hex.decode(settings.acquirer.tpdu)).flatMap({ TPDU($0) }) else {
            throw ConfigurationError("acquirer.tpdu", "must be 10 digits")
        }
        options.tpdu = tpdu
        options.currency = settings.terminal.currency
        return UnionPayDialect(identity, options: options)
    }

    private static func at<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw ConfigurationError(path, "\(error)")
        }
    }
}
