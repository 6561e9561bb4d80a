import ArgumentParser
import Control
import FoundationEssentials
import Terminal

/// The options of every command that asks the daemon, and the asking itself.
struct Daemon: ParsableArguments {
    @Option(help: "The daemon's control socket.")
    var socket = "/run/tender/control.sock"

    @Flag(help: "Print the answer as JSON.")
    var json = false

    var client: ControlClient { ControlClient(socket: socket) }

    /// Sends a request; prints the body as it is with `--json`, else what `text` makes of it. Ends the program with the
    /// exit code of a refusal or of a daemon that does not answer.
    func ask<Answer: Decodable>(
        _ method: ControlClient.Method, _ path: String, body: [UInt8] = [], as type: Answer.Type,
        text: (Answer) -> String
    ) async throws -> Answer {
        let body = try await raw(method, path, body: body)
        guard let answer = try? JSONDecoder().decode(type, from: Data(body)) else {
            Console.fail("tenderd answered something this tenderctl does not understand; are both of one release?")
            throw ExitStatus.software
        }
        Console.print(json ? String(decoding: body, as: UTF8.self) : text(answer))
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
                Console.fail(refusal.map { "\($0)" } ?? "tenderd answered with status \(response.status)")
            }
            throw ExitStatus.refused
        }
        return response.body
    }
}

/// What scripts branch on.
enum ExitStatus {
    static let declined = ExitCode(1)
    static let cancelled = ExitCode(2)
    static let failed = ExitCode(3)
    static let refused = ExitCode(4)
    static let undecodable = ExitCode(65)
    static let unavailable = ExitCode(69)
    static let software = ExitCode(70)
    static let configuration = ExitCode(78)
}
