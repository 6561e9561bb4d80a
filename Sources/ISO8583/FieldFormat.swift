/// How one field stands on the wire: what it holds, how long it is, and where padding goes.
public struct FieldFormat: Hashable, Sendable {
    /// What a field holds, and so how it is encoded.
    public enum Content: Sendable {
        /// `n`: decimal digits, two in a byte.
        case digits
        /// `z`: track data, two nibbles in a byte; `=` is nibble D, and an encrypted track has any nibble.
        case track
        /// `an`, `ans`: characters, one byte each in ASCII, two in GBK.
        case characters
        /// `b`: bytes as they are.
        case binary
    }

    /// What stands before the content and tells its length.
    public enum Prefix: Sendable {
        /// Nothing: the length is fixed.
        case fixed
        /// Two digits in one byte.
        case ll
        /// Three digits in two bytes.
        case lll
    }

    /// Where the digits of an odd count stand in their bytes.
    public enum Alignment: Sendable {
        /// At the start, the pad nibble after them.
        case left
        /// At the end, the pad nibble before them.
        case right
    }

    /// What it holds.
    public let content: Content
    /// How its length is told.
    public let prefix: Prefix
    /// The length if fixed, else the greatest: in digits (`n`, `z`) or bytes.
    public let length: Int
    /// Where an odd count of digits stands.
    public let alignment: Alignment

    /// A field of fixed length.
    public static func fixed(_ content: Content, _ length: Int, _ alignment: Alignment = .right) -> FieldFormat {
        FieldFormat(content: content, prefix: .fixed, length: length, alignment: alignment)
    }

    /// A field of at most `length` digits or bytes, with two digits of length before it.
    public static func ll(_ content: Content, _ length: Int) -> FieldFormat {
        FieldFormat(content: content, prefix: .ll, length: min(length, 99), alignment: .left)
    }

    /// A field of at most `length` digits or bytes, with three digits of length before it.
    public static func lll(_ content: Content, _ length: Int) -> FieldFormat {
        FieldFormat(content: content, prefix: .lll, length: min(length, 999), alignment: .left)
    }

    /// True where two digits share a byte.
    public var isPacked: Bool { content == .digits || content == .track }

    /// Bytes that `count` digits or bytes of content take.
    func byteCount(_ count: Int) -> Int { isPacked ? (count + 1) / 2 : count }
}
