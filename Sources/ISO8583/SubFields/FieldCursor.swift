/// Cuts the ASCII text of a field into its parts from the left.
struct FieldCursor {
    private var rest: ArraySlice<UInt8>
    private let path: String

    init(_ text: String, _ path: String) {
        rest = ArraySlice(text.utf8)
        self.path = path
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// The next `count` characters, which must be there. `part` names them in errors: `F60.2`.
    mutating func take(_ count: Int, _ part: String = "") throws(MessageError) -> String {
        guard rest.count >= count else { throw error(.truncated, at: rest.endIndex, part) }
        defer { rest = rest.dropFirst(count) }
        return String(decoding: rest.prefix(count), as: UTF8.self)
    }

    /// The next `count` characters as a decimal number.
    mutating func takeNumber(_ count: Int, _ part: String = "") throws(MessageError) -> Int {
        let start = rest.startIndex
        let text = try take(count, part)
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text) else {
            throw error(.invalidDigit, at: start, part)
        }
        return value
    }

    /// The next `count` characters, or nil if nothing is left.
    mutating func takeIfPresent(_ count: Int, _ part: String = "") throws(MessageError) -> String? {
        isAtEnd ? nil : try take(count, part)
    }

    /// All that is left.
    mutating func takeRest() -> String {
        defer { rest = rest[rest.endIndex...] }
        return String(decoding: rest, as: UTF8.self)
    }

    func expectEnd() throws(MessageError) {
        guard isAtEnd else { throw error(.trailingBytes, at: rest.startIndex) }
    }

    private func error(_ reason: MessageError.Reason, at offset: Int, _ part: String = "") -> MessageError {
        MessageError(reason, at: offset, in: part.isEmpty ? path : "\(path).\(part)")
    }
}

extension String {
    /// `value` in decimal with leading zeros; more digits than `width` stay.
    init(_ value: Int, width: Int) {
        let digits = String(value)
        self.init(repeating: "0", count: Swift.max(0, width - digits.utf8.count))
        self += digits
    }

    /// This text with spaces behind it to `width` bytes.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - utf8.count))
    }
}
