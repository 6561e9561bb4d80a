import FoundationEssentials
import Glibc
import SimulatedShop
import Subprocess
import SystemPackage

/// The programs under test: they lie beside the test bundle, built with it.
enum Programs {
    static let tenderd = beside("tenderd")
    static let tenderctl = beside("tenderctl")
    static let tenderSim = beside("tender-sim")

    private static func beside(_ name: String) -> String {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/\(name)"
    }

    /// What an environment variable says.
    static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Starts a program without the powers of root, where this has them: files and processes are closed to it as to
    /// anybody.
    static let powerless =
        geteuid() == 0 ? ["/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all"] : ["/usr/bin/env"]

    /// Whether this runs in namespaces of its own, where mounting disturbs nobody.
    static let isPrivate = environment("TENDER_PCSCD") == "private"
}

/// How a program that was asked one thing ended.
struct Answer: Sendable {
    let code: Int32
    let output: String
    let complaint: String

    /// The output read as JSON.
    func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(output.utf8))
    }
}

/// Runs a program to its end.
func run(_ program: String, _ arguments: [String], input: String = "") async throws -> Answer {
    let result = try await Subprocess.run(
        .path(FilePath(program)), arguments: .init(arguments), input: .string(input),
        output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    guard case .exited(let code) = result.terminationStatus else {
        return Answer(code: -1, output: "", complaint: "\(result.terminationStatus)")
    }
    return Answer(code: code, output: result.standardOutput, complaint: result.standardError)
}

/// Runs tenderctl to its end.
func tenderctl(_ arguments: [String], input: String = "") async throws -> Answer {
    try await run(Programs.tenderctl, arguments, input: input)
}
