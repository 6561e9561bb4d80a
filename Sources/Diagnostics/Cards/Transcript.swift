import Wire

/// A recorded session with a card, as text: `C: HEX` and `R: HEX` in turn, `ATR: HEX` before them, `@delay ms`, `@remove`,
/// and comments behind `#`, of which `# terminal: JSON` tells a replay what the terminal was.
public struct Transcript: Equatable, Sendable {
    /// Answer to reset; nil if nobody noted it.
    public var answerToReset: [UInt8]?
    /// The terminal's data (`ReplayTerminal`), JSON; nil if nobody noted them.
    public var terminal: String?
    /// What happened, in order.
    public var entries: [Entry] = []

    /// One thing that happened.
    public enum Entry: Equatable, Sendable {
        /// A command; the response is nil where the card gave none.
        case exchange(command: [UInt8], response: [UInt8]?)
        /// Time passed, milliseconds.
        case delay(Int)
        /// The card left.
        case removed
    }

    /// Limits on a file.
    public enum Limit {
        /// Most bytes of the file.
        public static let bytes = 1 << 20
        /// Most lines.
        public static let lines = 10_000
        /// Most bytes of a command or a response.
        public static let message = 4096
        /// Longest delay, milliseconds.
        public static let delay = 3_600_000
    }

    /// Whether it is of a card in the field: then the first command asks for `2PAY.SYS.DDF01`.
    public var isContactless: Bool {
        let first = entries.lazy.compactMap { if case .exchange(let command, _) = $0 { command } else { nil } }.first
        return first?.dropFirst(5).starts(with: Array("2PAY.".utf8)) ?? false
    }

    /// An empty transcript.
    public init() {}

    /// Reads a transcript. Lines may end with LF or CRLF, empty ones are passed over, and digits may be in either case and
    /// spaced.
    public init(_ file: [UInt8]) throws(TranscriptError) {
        guard file.count <= Limit.bytes else {
            throw TranscriptError(1, "a transcript has at most \(Limit.bytes) bytes")
        }
        let bytes = file.starts(with: [0xEF, 0xBB, 0xBF]) ? file.dropFirst(3) : file[...]
        var number = 0
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            guard number <= Limit.lines else {
                throw TranscriptError(number, "a transcript has at most \(Limit.lines) lines")
            }
            try read(line, number)
        }
    }

    private mutating func read(_ bytes: ArraySlice<UInt8>, _ number: Int) throws(TranscriptError) {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? bytes.startIndex
        let line = Array(bytes[..<end].drop(while: isBlank))
        guard let first = line.first else { return }
        if first == 0x23 { return readComment(line) }
        if first == 0x40 { return try readDirective(line, number) }
        guard let colon = line.prefix(8).firstIndex(of: 0x3A) else {
            throw TranscriptError(number, "must begin with C:, R:, ATR:, @delay, @remove or #")
        }
        let value: [UInt8]
        do throws(WireError) { value = try Hex.decode(line[(colon + 1)...]) } catch {
            throw TranscriptError(
                number,
                error.reason == .truncated
                    ? "an odd count of digits: a byte has two" : "behind the colon only hexadecimal digits and spaces")
        }
        guard value.count <= Limit.message else {
            throw TranscriptError(number, "a message has at most \(Limit.message) bytes")
        }
        switch String(decoding: line[..<colon], as: UTF8.self).uppercased() {
        case "C": try readCommand(value, number)
        case "R": try readResponse(value, number)
        case "ATR":
            guard entries.isEmpty, answerToReset == nil else {
                throw TranscriptError(number, "ATR: stands once, before the first command")
            }
            answerToReset = value
        default: throw TranscriptError(number, "must begin with C:, R:, ATR:, @delay, @remove or #")
        }
    }

    private mutating func readComment(_ line: [UInt8]) {
        let text = String(decoding: line, as: UTF8.self).drop { $0 == "#" || $0 == " " }
        guard terminal == nil, text.hasPrefix("terminal:") else { return }
        terminal = String(text.dropFirst(9).drop { $0 == " " })
    }

    private mutating func readDirective(_ line: [UInt8], _ number: Int) throws(TranscriptError) {
        let words = String(decoding: line, as: UTF8.self).lowercased().split(
            separator: " ", omittingEmptySubsequences: true)
        switch (words.first, words.count) {
        case ("@remove", 1): entries.append(.removed)
        case ("@delay", 2):
            guard let milliseconds = Int(words[1]), (0...Limit.delay).contains(milliseconds) else {
                throw TranscriptError(number, "@delay takes milliseconds, 0 to \(Limit.delay)")
            }
            entries.append(.delay(milliseconds))
        default: throw TranscriptError(number, "only @delay MILLISECONDS and @remove are known")
        }
    }

    /// A command after one without an answer would leave open what that one got.
    private mutating func readCommand(_ bytes: [UInt8], _ number: Int) throws(TranscriptError) {
        guard bytes.count >= 4 else { throw TranscriptError(number, "a command has four bytes at least") }
        let last = entries.last {
            if case .delay = $0 { false } else { true }
        }
        if case .exchange(_, nil) = last {
            throw TranscriptError(number, "the command before it has no response: add R:, or @remove if the card left")
        }
        entries.append(.exchange(command: bytes, response: nil))
    }

    private mutating func readResponse(_ bytes: [UInt8], _ number: Int) throws(TranscriptError) {
        guard bytes.count >= 2 else {
            throw TranscriptError(number, "a response has two bytes at least; where the card left, write @remove")
        }
        let open = entries.lastIndex {
            if case .delay = $0 { false } else { true }
        }
        guard let open, case .exchange(let command, nil) = entries[open] else {
            throw TranscriptError(number, "there is no command before this response: add C:, or remove it")
        }
        entries[open] = .exchange(command: command, response: bytes)
    }

    /// The transcript as text. The first line says whether card data stand in clear; what is replaced keeps its length.
    public func text(reveal: Bool) -> String {
        let shown = reveal ? self : masked
        var lines = [reveal ? Self.revealedLine : Self.maskedLine]
        if let terminal = shown.terminal { lines.append("# terminal: \(terminal)") }
        if let answerToReset { lines.append("ATR: \(Hex.encode(answerToReset))") }
        for entry in shown.entries {
            switch entry {
            case .exchange(let command, let response):
                lines.append("C: \(Hex.encode(command))")
                if let response { lines.append("R: \(Hex.encode(response))") }
            case .delay(let milliseconds): lines.append("@delay \(milliseconds)")
            case .removed: lines.append("@remove")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static let revealedLine = "# REVEALED: account number, tracks, name and PIN data of this card stand here in clear."
    static let maskedLine =
        "# Masked: account number, tracks, name, PIN data and the card's certificate are replaced, lengths stay."
}
