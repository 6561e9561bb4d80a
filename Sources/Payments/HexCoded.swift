import Wire

/// Bytes that are written as one hexadecimal string, where an array would write a number for each.
@propertyWrapper
public struct HexCoded: Hashable, Codable, Sendable {
    /// The bytes.
    public var wrappedValue: [UInt8]

    /// These bytes.
    public init(wrappedValue: [UInt8]) { self.wrappedValue = wrappedValue }

    /// Reads hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            wrappedValue = try Hex.decode(try container.decode(String.self))
        } catch is WireError {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not hexadecimal")
        }
    }

    /// Writes hexadecimal digits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Hex.encode(wrappedValue))
    }
}
