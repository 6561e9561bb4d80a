import Wire

/// Why a message or a part of it could not be read or made, and where. Never holds the bytes themselves.
public struct MessageError: Error, Equatable, Sendable {
    /// What was wrong.
    public enum Reason: String, Equatable, Sendable {
        /// The input ended before the value did.
        case truncated
        /// Bytes were left over where none may be.
        case trailingBytes
        /// A nibble or character that the field's format does not know.
        case invalidDigit
        /// A length that the format forbids.
        case invalidLength
        /// The bitmap names a field that the table does not have, or announces a second bitmap.
        case unknownField
        /// Text for a binary field, or bytes for a field of digits.
        case wrongKind
        /// Text that GB 18030 cannot carry.
        case invalidText
        /// A data object that breaks the rules of BER-TLV.
        case invalidObject
        /// A value that the format forbids, such as an unknown sign of a balance.
        case invalidValue
    }

    /// What was wrong.
    public let reason: Reason
    /// Offset of the first offending byte or character from the start of what was read.
    public let offset: Int
    /// Which part: `mti`, `bitmap`, `tpdu`, `header`, `length`, `F55`, `F60.2`.
    public let path: String

    /// An error for `reason` found at `offset` of `path`.
    public init(_ reason: Reason, at offset: Int, in path: String) {
        self.reason = reason
        self.offset = offset
        self.path = path
    }

    /// An error of TLV inside the field at `path`.
    init(_ error: WireError, in path: String) {
        let reason: Reason =
            switch error.reason {
            case .truncated: .truncated
            case .trailingBytes: .trailingBytes
            case .invalidDigit: .invalidDigit
            case .invalidLength: .invalidLength
            case .invalidTag, .tooDeep, .tooMany: .invalidObject
            }
        self.init(reason, at: error.offset, in: path)
    }
}

extension MessageError: CustomStringConvertible {
    /// `F55: truncated at 12`.
    public var description: String { "\(path): \(reason.rawValue) at \(offset)" }
}
