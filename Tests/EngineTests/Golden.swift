import FoundationEssentials
import Testing

/// Tables of every state × every event: a changed case is a reviewed difference of the fixture. After a wanted change run
/// the test once with RECORD=1 in the environment and read the difference.
enum Golden {
    /// What one event does in one state; nil where it is ignored and changes nothing.
    typealias Step<Event> = (Event) -> String?

    /// The table as text: below each state the events that do something there, then the names of the others.
    static func table<Event>(
        _ states: [(name: String, step: Step<Event>, events: [(name: String, event: Event)])]
    ) -> String {
        states.map { state in
            var lines = ["\(state.name)"]
            var ignored: [String] = []
            for (name, event) in state.events {
                if let text = state.step(event) { lines.append("  \(name) -> \(text)") } else { ignored.append(name) }
            }
            return (lines + ["  ignored: \(ignored.joined(separator: ", "))"]).joined(separator: "\n") + "\n"
        }.joined(separator: "\n")
    }

    static func expect(_ table: String, equals name: String, _ location: SourceLocation = #_sourceLocation) throws {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let path = "\(folder)/Fixtures/\(name).txt"
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try table.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == table, sourceLocation: location)
    }
}
