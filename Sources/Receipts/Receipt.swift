public import Payments

/// What a receipt says, line by line, in Chinese and English side by side. It knows no paper: a renderer gives it a
/// width and an encoding.
public struct Receipt: Equatable, Sendable {
    /// One thing a receipt says.
    public enum Line: Equatable, Sendable {
        /// A heading in the middle, emphasised.
        case heading(BilingualText)
        /// A name at the left, its value at the right.
        case item(BilingualText, String)
        /// An item that must be seen: amounts, results.
        case emphasis(BilingualText, String)
        /// Short technical values, as many in a line as fit.
        case technical([Technical])
        /// A sentence, in both languages, one after the other.
        case note(BilingualText)
        /// Room to sign.
        case signature(BilingualText)
        /// A line across the paper.
        case rule
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
}
