public import Payments

/// What a receipt says, line by line, in Chinese and English. It knows no paper: a renderer gives it a width, a language
/// and a form.
public struct Receipt: Equatable, Sendable {
    /// One thing a receipt says.
    public enum Line: Equatable, Sendable {
        /// A heading in the middle, emphasised.
        case heading(BilingualText)
        /// A name at the left, its value at the right.
        case item(BilingualText, BilingualText)
        /// An item that must be seen: amounts, results.
        case emphasis(BilingualText, BilingualText)
        /// Short technical values, as many in a line as fit.
        case technical([Technical])
        /// A sentence, in both languages, one after the other.
        case note(BilingualText)
        /// Room to sign.
        case signature(BilingualText)
        /// A line across the paper.
        case rule
        /// A QR symbol of a text of at most 300 bytes, `https://…`, under its caption. A longer one is printed as text.
        case symbol(String, BilingualText)
        /// Digits across the paper, one a column.
        case ruler

        /// A name at the left, a value that is the same in every language at the right.
        public static func item(_ name: BilingualText, _ value: String) -> Line {
            .item(name, BilingualText(plain: value))
        }

        /// The same where it must be seen.
        public static func emphasis(_ name: BilingualText, _ value: String) -> Line {
            .emphasis(name, BilingualText(plain: value))
        }
    }

    /// A technical value under its standard name.
    public struct Technical: Equatable, Sendable {
        /// `TVR`.
        public let name: String
        /// Hexadecimal or digits.
        public let value: String

        /// A value under `name`.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The lines from top to bottom.
    public let lines: [Line]

    /// A receipt of these lines.
    public init(lines: [Line]) { self.lines = lines }

    /// The same with the mark of a duplicate under its heading, if it has none yet.
    public var duplicate: Receipt {
        lines.contains(Receipt.reprintMark)
            ? self : Receipt(lines: Array(lines.prefix(1)) + [Receipt.reprintMark] + lines.dropFirst())
    }
}
