import ArgumentParser
import Glibc
import Payments
import Terminal

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

    /// Writes a text to standard error, as it is.
    static func note(_ text: String) {
        write(text, to: STDERR_FILENO)
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

    /// Asks for an operator's PIN.
    static func readPIN(_ prompt: String) throws -> OperatorPIN {
        guard let pin = OperatorPIN(readSecret(prompt) ?? []) else {
            fail("a PIN is 4 to 12 digits; nothing was done")
            throw ExitCode.validationFailure
        }
        return pin
    }

    /// How a card is typed, for the help of the commands that ask for one.
    static let cardDiscussion = """
        Number, expiry and CVN2 are asked for and not shown, never given as arguments; from a file or a pipe they are \
        read line by line. An empty line is no CVN2.
        """

    /// Asks for a card's data.
    static func readCard() throws -> PaymentOrder.TypedCard {
        func line(_ prompt: String) throws -> String {
            guard let typed = readSecret(prompt) else {
                fail("the card's number, expiry and CVN2 are needed, a line each; nothing was done")
                throw ExitCode.validationFailure
            }
            return String(decoding: typed.filter { $0 != 0x20 }, as: UTF8.self)
        }
        let (pan, expiry) = (try line("Card number: "), try line("Expiry, YYMM: "))
        let cvn2 = readSecret("CVN2, or nothing: ").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return PaymentOrder.TypedCard(pan: pan, expiry: expiry, cvn2: cvn2.isEmpty ? nil : cvn2)
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

    /// Everything on standard input as text.
    static func inputText() -> String { String(decoding: readInput(), as: UTF8.self) }

    /// Writes bytes to standard output, as they are.
    static func write(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)
        while bytes.last == 0x0A { bytes.removeLast() }
        write(bytes + [0x0A], to: descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            sent += count
        }
    }
}
