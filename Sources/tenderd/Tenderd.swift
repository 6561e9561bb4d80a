import ArgumentParser
import Glibc
import Hummingbird
import Logging
import ServiceLifecycle
import SystemDriver
import Terminal
import UnixSignals

/// The daemon on the counter.
@main struct Tenderd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenderd", abstract: "The Tender payment terminal.", version: Version.text)

    @Option(help: "The configuration file.")
    var config = "/etc/tender/tender.json"

    @Option(
        help: "The least level that is logged: trace, debug, info, notice, warning, error.",
        transform: { name in
            guard let level = Logger.Level(rawValue: name) else { throw ValidationError("no such level: \(name)") }
            return level
        })
    var logLevel = Logger.Level.info

    func run() async throws {
        ProcessSecrets.forbidDumps()
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
        let code = await serve(parts.terminal, on: settings.files.controlSocket, logger)
        // Not by way of `exit`: it takes OpenSSL down while a sign-in beside may be in the middle of its handshake.
        _exit(code)
    }

    /// Answers on the control socket until SIGTERM or SIGINT, and returns the exit code. Then the running payment comes to
    /// its end first, so that whoever waits for it still hears how it ended, and the server after it.
    private func serve(_ terminal: PaymentTerminal, on socket: String, _ logger: Logger) async -> Int32 {
        unlink(socket)
        // The socket is made with the process's mask: mode 0660, from its first moment on.
        umask(0o117)
        let application = Application(
            router: ControlAPI(terminal: terminal).router(),
            configuration: .init(address: .unixDomainSocket(path: socket), serverName: "tenderd"),
            onServerRunning: { _ in logger.info("ready", metadata: ["socket": "\(socket)"]) },
            logger: logger)
        let server = ServiceGroup(configuration: .init(services: [application], logger: logger))
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let stopper = Task {
            for await signal in signals {
                logger.info("told to stop", metadata: ["signal": "\(signal)"])
                await terminal.stop()
                return await server.triggerGracefulShutdown()
            }
        }
        defer { stopper.cancel() }
        do {
            try await server.run()
        } catch {
            Self.complain("\(socket): \(error)")
            return 78
        }
        unlink(socket)
        return 0
    }

    private func makeLogger() -> Logger {
        LoggingSystem.bootstrap { JSONLogHandler(label: $0) }
        var logger = Logger(label: "tenderd")
        logger.logLevel = logLevel
        return logger
    }

    private static func complain(_ text: String) {
        "tenderd: \(text)\n".withCString { _ = write(STDERR_FILENO, $0, strlen($0)) }
    }
}
