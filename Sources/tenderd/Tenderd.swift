import ArgumentParser
import Glibc
import Hummingbird
import Journaling
import Logging
import PaymentCryptography
import Payments
import SystemDriver
import Terminal

/// The daemon on the counter.
@main struct Tenderd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenderd", abstract: "The Tender payment terminal.", version: Version.text)

    @Option(help: "The configuration file.")
    var config = "/etc/tender/tender.json"

    @Option(help: "The least level that is logged: trace, debug, info, notice, warning, error.")
    var logLevel = Logger.Level.info

    func run() async throws {
        Self.forbidCoreDumps()
        let logger = makeLogger()
        let settings: Configuration
        let parts: TerminalParts
        do {
            settings = try Configuration.load(config)
            parts = try TerminalParts(settings, logger)
            try await parts.terminal.start()
        } catch {
            Self.complain("\(config): \(error)")
            throw ExitCode(78)
        }
        try await serve(parts.terminal, on: settings.files.controlSocket, logger)
    }

    /// Answers on the control socket until SIGTERM or SIGINT; then the running payment is finished or cancelled first.
    private func serve(_ terminal: PaymentTerminal, on socket: String, _ logger: Logger) async throws {
        unlink(socket)
        // The socket is made with the process's mask: mode 0660, from its first moment on.
        umask(0o117)
        var application = Application(
            router: ControlAPI(terminal: terminal).router(),
            configuration: .init(address: .unixDomainSocket(path: socket), serverName: "tenderd"),
            onServerRunning: { _ in logger.info("ready", metadata: ["socket": "\(socket)"]) },
            logger: logger)
        application.addServices(Shutdown(terminal: terminal))
        do {
            try await application.runService()
        } catch {
            Self.complain("\(socket): \(error)")
            throw ExitCode(78)
        }
        unlink(socket)
    }

    private func makeLogger() -> Logger {
        LoggingSystem.bootstrap { JSONLogHandler(label: $0) }
        var logger = Logger(label: "tenderd")
        logger.logLevel = logLevel
        return logger
    }

    /// Keys and account numbers are in this process's memory: it leaves no core, and nobody may attach to it (M8).
    private static func forbidCoreDumps() {
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        prctl(PR_SET_DUMPABLE, 0)
    }

    private static func complain(_ text: String) {
        "tenderd: \(text)\n".withCString { _ = write(STDERR_FILENO, $0, strlen($0)) }
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
