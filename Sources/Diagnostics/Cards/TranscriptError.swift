/// Why a file is no transcript of a card session, and in which line. Never holds its bytes.
public struct TranscriptError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line, 1 first.
    public let line: Int
    /// What is wrong there, and what to do.
    public let reason: String

    init(_ line: Int, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    /// `line 7: …`.
    public var description: String { "line \(line): \(reason)" }
}
