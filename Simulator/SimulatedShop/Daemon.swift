public import Control
import FoundationEssentials
import Payments
import Subprocess
import SystemPackage
public import Terminal

/// A running `tenderd`: a process of its own, watched over its log and spoken to over its control socket.
public struct Daemon: Sendable {
    /// The process.
    public let processID: Int32
    /// Its control socket.
    public let client: ControlClient

    /// How a daemon ended.
    public struct End: Sendable, Equatable {
        /// Exit code, or the number of the signal that killed it.
        public let code: Int32
        /// Whether a signal killed it.
        public let isKilled: Bool
        /// All it wrote to standard error.
        public let log: String
        /// Whether it ended by itself, with exit code 0.
        public var isClean: Bool { !isKilled && code == 0 }
    }

    /// Starts `program` with a shop's files, waits until it answers, lends it to `body`, and ends it with SIGTERM if it
    /// still runs. `environment` is added to this process's own. `launcher` is a program that starts it and becomes it,
    /// with the words before its name: `/usr/bin/setpriv --no-new-privs`.
    public static func run<Value: Sendable>(
        _ program: String, in shop: Shop, arguments: [String] = [], environment: [String: String] = [:],
        launcher: [String] = [],
        line: @escaping @Sendable (String) -> Void = { _ in }, body: @escaping @Sendable (Daemon) async throws -> Value
    ) async throws -> (value: Value?, end: End) {
        var updates: [Environment.Key: String?] = [:]
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { updates[key] = value }
        }
        let words = launcher + [program, "--config", shop.configurationFile] + arguments
        let result = try await Subprocess.run(
            .path(FilePath(words[0])), arguments: .init(Array(words.dropFirst())),
            environment: .inherit.updating(updates), input: .none, output: .discarded, error: .sequence
        ) { execution in
            let (ready, source) = AsyncStream.makeStream(of: Void.self)
            async let log = {
                var all = ""
                for try await text in execution.standardError.strings() {
                    all += text + "\n"
                    line(text)
                    if text.contains("\"message\":\"ready\"") { source.yield() }
                }
                source.finish()
                return all
            }()
            var value: Value?
            var failure: (any Error)?
            if await ready.first(where: { true }) != nil {
                let daemon = Daemon(
                    processID: execution.processIdentifier.value, client: ControlClient(socket: shop.controlSocket))
                do {
                    value = try await body(daemon)
                } catch {
                    failure = error
                }
                try? execution.send(signal: .terminate)
            }
            let written = try await log
            if let failure { throw failure }
            return (value, written)
        }
        let (value, log) = result.closureResult
        let end: End =
            switch result.terminationStatus {
            case .exited(let code): End(code: code, isKilled: false, log: log)
            case .signaled(let signal): End(code: signal, isKilled: true, log: log)
            }
        return (value, end)
    }

    /// Asks for a sale and waits for its end.
    public func sale(_ amount: String, id: String) async throws -> PaymentReport {
        try await pay(PaymentOrder(id: id, amount: amount))
    }

    /// Asks for a payment of any kind and waits for its end.
    public func pay(_ order: PaymentOrder) async throws -> PaymentReport {
        try await ask(.post, "/v1/payments", body: [UInt8](try JSONEncoder().encode(order)))
    }

    /// Closes the batch, with the supervisor's leave, and waits for its end.
    public func closeBatch() async throws -> SettlementReport {
        try await ask(.post, "/v1/settlement", body: [UInt8](try JSONEncoder().encode(Supervisor.ofShop)))
    }

    /// Takes off the list what the acquirer refused, with the supervisor's leave.
    public func resolve(_ id: String) async throws -> PaymentReport {
        try await ask(
            .post, "/v1/payments/\(PathSegment.encode(id))/resolve",
            body: [UInt8](try JSONEncoder().encode(Supervisor.ofShop)))
    }

    /// Sets up the shop's administrator and supervisor with the PINs of `ShopConfiguration`, as a technician does.
    public func setUpOperators() async throws {
        let (administrator, supervisor) = (ShopConfiguration.administratorPIN, ShopConfiguration.supervisorPIN)
        func add(_ number: OperatorNumber, _ order: OperatorOrder) async throws {
            let _: OperatorList = try await ask(
                .post, "/v1/operators/\(number)/add", body: [UInt8](try JSONEncoder().encode(order)))
        }
        try await add(.administrator, OperatorOrder(newPIN: administrator))
        try await add(.supervisor, OperatorOrder(by: .administrator, pin: administrator, newPIN: supervisor))
    }

    /// What the daemon knows of a payment.
    public func payment(_ id: String) async throws -> PaymentReport {
        try await ask(.get, "/v1/payments/\(PathSegment.encode(id))")
    }

    /// What is there, what is missing and what waits.
    public func status() async throws -> TerminalStatus { try await ask(.get, "/v1/status") }

    /// Sends a request and reads its answer; throws the refusal.
    public func ask<Answer: Decodable>(
        _ method: ControlClient.Method, _ path: String, body: [UInt8] = []
    ) async throws -> Answer {
        let response = try await client.send(method, path, body: body)
        guard response.status == 200 else {
            throw try JSONDecoder().decode(Refusal.self, from: Data(response.body))
        }
        return try JSONDecoder().decode(Answer.self, from: Data(response.body))
    }

    /// Hands each step to `step` until it answers false or the daemon ends; calls `started` once no later step is missed.
    public func followSteps(
        started: () -> Void = {}, _ step: (StepReport) async throws -> Bool
    ) async throws {
        try await client.follow("/v1/steps") { line in
            guard !line.isEmpty else {
                started()
                return true
            }
            return try await step(try JSONDecoder().decode(StepReport.self, from: Data(line.utf8)))
        }
    }
}

extension Supervisor {
    /// The shop's supervisor, with the PIN.
    public static let ofShop = ShopConfiguration.supervisorPIN.map { Supervisor(number: .supervisor, pin: $0) }
}
