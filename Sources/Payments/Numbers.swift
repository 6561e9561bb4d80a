/// System trace audit number, field 11: 1–999999, wraps to 1. Unique in its batch (M7).
public struct STAN: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The number, 1–999999.
    public let value: Int

    /// The number `value`, if it is 1–999999.
    public init?(_ value: Int) {
        guard (1...999_999).contains(value) else { return nil }
        self.value = value
    }

    private init(wrapping value: Int) { self.value = value }

    /// The first number of all.
    public static let first = STAN(wrapping: 1)
    /// The number after this one; 999999 is followed by 1.
    public var next: STAN { STAN(wrapping: value % 999_999 + 1) }
    /// Six digits.
    public var description: String { Digits.padded(value, 6) }

    /// Reads a number.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let stan = STAN(try container.decode(Int.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not 1–999999")
        }
        self = stan
    }
    /// Writes a number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

/// Number of the batch that a settlement closes: 1–999999, wraps to 1. Told by the acquirer at sign-in.
public struct BatchNumber: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The number, 1–999999.
    public let value: Int

    /// The number `value`, if it is 1–999999.
    public init?(_ value: Int) {
        guard (1...999_999).contains(value) else { return nil }
        self.value = value
    }

    private init(wrapping value: Int) { self.value = value }

    /// The first batch of all.
    public static let first = BatchNumber(wrapping: 1)
    /// The number after this one; 999999 is followed by 1.
    public var next: BatchNumber { BatchNumber(wrapping: value % 999_999 + 1) }
    /// Six digits.
    public var description: String { Digits.padded(value, 6) }

    /// Reads a number.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let batch = BatchNumber(try container.decode(Int.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not 1–999999")
        }
        self = batch
    }
    /// Writes a number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}
