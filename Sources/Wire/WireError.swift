/// Why bytes could not be read, and where. Never holds the bytes themselves.
public struct WireError: Error, Equatable, Sendable {
    /// What was wrong.
    public enum Reason: String, Equatable, Sendable {
        /// The input ended before the value did.
        case truncated
        /// Bytes were left over where none may be.
        case trailingBytes
        /// A character or nibble that the encoding does not know.
        case invalidDigit
        /// A length that the encoding forbids or that no limit allows.
        case invalidLength
        /// A tag that the encoding forbids.
        case invalidTag
        /// Constructed objects are nested deeper than the limit.
        case tooDeep
        /// More objects than the limit.
        case tooMany
    }

    /// What was wrong.
    public let reason: Reason
    /// Offset of the first offending byte, from the start of the input.
    public let offset: Int

    /// An error for `reason` found at `offset`.
    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension WireError: CustomStringConvertible {
    /// What was wrong and where, in words.
    public var description: String {
        let what =
            switch reason {
            case .truncated: "the input ends too early"
            case .trailingBytes: "bytes are left over"
            case .invalidDigit: "no digit that belongs here"
            case .invalidLength: "a length that is not allowed"
            case .invalidTag: "a tag that is not allowed"
            case .tooDeep: "objects nested too deep"
            case .tooMany: "too many objects"
            }
        return "\(what), at offset \(offset)"
    }
}
