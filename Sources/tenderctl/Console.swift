import Glibc

/// Standard output and standard error.
enum Console {
    /// Writes a text to standard output, with one line end.
    static func print(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    /// Writes a text to standard error, with the program's name.
    static func fail(_ text: String) {
        write("tenderctl: \(text)", to: STDERR_FILENO)
    }

    /// Asks for a line on the terminal without showing what is typed; reads standard input where it is no terminal.
    static func readSecret(_ prompt: String) -> [UInt8]? {
        var settings = termios()
        let isTerminal = tcgetattr(STDIN_FILENO, &settings) == 0
        var silent = settings
        if isTerminal {
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
            _ = prompt.withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) }
        }
        defer {
            if isTerminal {
                tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
                _ = Glibc.write(STDERR_FILENO, "\n", 1)
            }
        }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(STDIN_FILENO, &byte, 1) == 1 {
            if byte == 0x0A { return line }
            guard line.count < 256 else { return nil }
            line.append(byte)
        }
        return line.isEmpty ? nil : line
    }

    /// Everything on standard input, up to `limit` bytes.
    static func readInput(limit: Int = 1 << 20) -> [UInt8] {
        var input: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while input.count < limit {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            guard count > 0 else { break }
            input += buffer[..<count]
        }
        return input
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)
        while bytes.last == 0x0A { bytes.removeLast() }
        bytes.append(0x0A)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            sent += count
        }
    }
}
