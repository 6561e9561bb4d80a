public import Wire

/// What EMV says about one data object: its name, its format and who makes it (EMV 4.4 Book 3, Annex A1).
public struct DataElement: Equatable, Sendable {
    /// The tag.
    public let tag: TLV.Tag
    /// The English name of the standard.
    public let name: String
    /// How the value is written.
    public let format: Format
    /// Allowed lengths of the value in bytes.
    public let lengths: ClosedRange<Int>
    /// Who makes the value.
    public let source: Source

    /// How a value is written (Book 3, 4.3).
    public enum Format: String, Sendable {
        /// Letters.
        case alphabetic = "a"
        /// Letters and digits.
        case alphanumeric = "an"
        /// Letters, digits and special characters.
        case text = "ans"
        /// Bytes or bits.
        case binary = "b"
        /// Digits, two a byte, left aligned, padded with F.
        case compressedNumeric = "cn"
        /// Digits, two a byte, right aligned, padded with 0.
        case numeric = "n"
        /// Data objects in a data object.
        case template = "var."
    }

    /// Who makes a value.
    public enum Source: String, Sendable {
        /// The card.
        case card = "ICC"
        /// The terminal.
        case terminal = "Terminal"
        /// The issuer, in its reply.
        case issuer = "Issuer"
    }

    /// Whether the value must never be shown or kept in clear (M8): account number, tracks, cardholder's name.
    public var isSensitive: Bool { DataDictionary.sensitiveTags.contains(tag) }

    /// Whether the tag is of a payment system's range (Book 3, Annex B).
    var isProprietary: Bool { (0x9F50...0x9F7F).contains(tag.rawValue) || tag.rawValue >> 8 == 0xDF }

    init(
        _ tag: TLV.Tag, _ name: String, _ format: Format, _ lengths: ClosedRange<Int>, _ source: Source
    ) {
        self.tag = tag
        self.name = name
        self.format = format
        self.lengths = lengths
        self.source = source
    }
}
