import FoundationEssentials
import Raster
import Testing

/// Golden files beside the tests. `RECORD=1` in the environment writes them anew: review the difference.
enum Fixture {
    static func expect(_ actual: String, equals name: String, _ location: SourceLocation = #_sourceLocation) throws {
        if isRecording { try actual.write(toFile: path(name), atomically: true, encoding: .utf8) }
        #expect(try String(contentsOfFile: path(name), encoding: .utf8) == actual, sourceLocation: location)
    }

    /// Compares dots, not files: another library may compress better.
    static func expect(_ actual: Bitmap, equals name: String, _ location: SourceLocation = #_sourceLocation) throws {
        let url = URL(filePath: path(name))
        let known = try? PNG.decode(Array(try Data(contentsOf: url)))
        if isRecording, known != actual { try Data(try PNG.encode(actual)).write(to: url) }
        let golden = isRecording ? actual : try #require(known, sourceLocation: location)
        #expect(golden.width == actual.width && golden.height == actual.height, sourceLocation: location)
        let differing = zip(golden.bytes, actual.bytes).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
        #expect(differing == 0, "dots differ", sourceLocation: location)
    }

    private static var isRecording: Bool { ProcessInfo.processInfo.environment["RECORD"] == "1" }

    private static func path(_ name: String) -> String {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return "\(folder)/Fixtures/\(name)"
    }
}
