import FoundationEssentials
import Testing

/// Golden files beside the tests. `RECORD=1` in the environment writes them anew: review the difference.
enum Fixture {
    static func expect(_ actual: String, equals name: String, _ location: SourceLocation = #_sourceLocation) throws {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let path = "\(folder)/Fixtures/\(name)"
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try actual.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == actual, sourceLocation: location)
    }
}
