import ArgumentParser
import Control
import FoundationEssentials
import Payments
import SystemDriver
import Terminal

/// The options of every command that asks the daemon, and the asking itself.
struct Daemon: ParsableArguments {
    @Option(help: "The daemon's control socket.")
    var socket = "/run/tender/control.sock"

    @Flag(help: "Print the answer as JSON.")
    var json = false

    var client: ControlClient { ControlClient(socket: socket) }

    /// Sends a request; prints the body as it is with `--json`, else what it says to people. Ends the program with the
    /// exit code of a refusal or of a daemon that does not answer.
    func ask<Answer: Decodable & Summarized>(
        _ method: ControlClient.Method, _ path: String, body: [UInt8] = []
    ) async throws -> Answer {
        let body = try await raw(method, path, body: body)
        let answer: Answer = try decode(body)
        Console.print(json ? String(decoding: body, as: UTF8.self) : answer.summary)
        return answer
    }

    /// Has something done that the operator `supervisor` allows with a PIN.
    func ask<Answer: Decodable & Summarized>(
        _ method: ControlClient.Method, _ path: String, by supervisor: OperatorNumber
    ) async throws -> Answer {
        ProcessSecrets.forbidDumps()
        let who = try await self.supervisor(supervisor)
        return try await ask(method, path, body: try who.map { [UInt8](try JSONEncoder().encode($0)) } ?? [])
    }

    /// The operator `number` with the PIN that is typed; nil in a shop without operators, whose daemon says what to do.
    func supervisor(_ number: OperatorNumber) async throws -> Supervisor? {
        let list: OperatorList = try decode(try await raw(.get, "/v1/operators"))
        guard !list.operators.isEmpty else { return nil }
        return Supervisor(number: number, pin: try Console.readPIN("PIN of operator \(number): "))
    }

    /// Reads an answer.
    func decode<Answer: Decodable>(_ body: [UInt8]) throws -> Answer {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)) else {
            Console.fail("tenderd answered something this tenderctl does not understand; are both of one release?")
            throw ExitStatus.software
        }
        return answer
    }

    /// Sends a request and returns the body of a good answer.
    func raw(_ method: ControlClient.Method, _ path: String, body: [UInt8] = []) async throws -> [UInt8] {
        let response: ControlClient.Response
        do {
            response = try await client.send(method, path, body: body)
        } catch {
            Console.fail("\(error)")
            throw ExitStatus.unavailable
        }
        guard response.status == 200 else {
            let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(response.body))
            if json {
                Console.print(String(decoding: response.body, as: UTF8.self))
            } else {
                Console.fail(refusal?.summary ?? "tenderd answered with status \(response.status)")
            }
            throw ExitStatus.refused
        }
        return response.body
    }
}

/// A command that asks one question and prints the answer.
protocol QuestionCommand: AsyncParsableCommand {
    associatedtype Answer: Decodable & Summarized
    static var question: Question<Answer> { get }
    var daemon: Daemon { get }
}

/// A request that needs nothing but its path.
struct Question<Answer>: Sendable {
    let method: ControlClient.Method
    let path: String

    init(_ method: ControlClient.Method, _ path: String) {
        self.method = method
        self.path = path
    }
}

extension QuestionCommand {
    func run() async throws {
        let _: Answer = try await daemon.ask(Self.question.method, Self.question.path)
    }
}

/// A question whose answer can also be printed: its path with `/print` behind it.
protocol PrintableCommand: QuestionCommand {
    var paper: PaperOptions { get }
}

/// Where an answer goes.
struct PaperOptions: ParsableArguments {
    @Flag(help: "Print it on the receipt printer in place of showing it.")
    var print = false
}

extension PrintableCommand {
    func run() async throws {
        if paper.print {
            let _: PrintedReport = try await daemon.ask(.post, "\(Self.question.path)/print")
        } else {
            let _: Answer = try await daemon.ask(Self.question.method, Self.question.path)
        }
    }
}

/// What scripts branch on.
enum ExitStatus {
    static let declined = ExitCode(1)
    static let cancelled = ExitCode(2)
    /// A replay found differences.
    static let different = ExitCode(2)
    static let failed = ExitCode(3)
    static let refused = ExitCode(4)
    static let undecodable = ExitCode(65)
    static let unavailable = ExitCode(69)
    static let software = ExitCode(70)
    static let configuration = ExitCode(78)
}
