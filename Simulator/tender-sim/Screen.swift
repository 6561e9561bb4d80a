import Glibc

/// Standard output: whole lines, from whichever thread.
enum Screen {
    /// Writes one line, or several.
    static func line(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Whether a person sits in front.
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// A line that the person types; nil at the end of input.
    static func ask(_ prompt: String) -> String? {
        _ = prompt.withCString { write(STDOUT_FILENO, $0, strlen($0)) }
        return readLine()
    }
}
