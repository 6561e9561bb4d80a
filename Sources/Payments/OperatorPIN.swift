/// What an operator types to prove who it is: 4–12 digits. Wiped when it is freed, and prints as dots (M8).
public struct OperatorPIN: Equatable, Codable, Sendable, CustomStringConvertible {
    /// The digits in ASCII.
    public let digits: SecretBytes

    /// The PIN of these digits in ASCII, if they are 4–12 digits.
    public init?(_ digits: some Collection<UInt8>) {
        guard (4...12).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        self.digits = SecretBytes(digits)
    }

    /// Dots, never the digits.
    public var description: String { digits.description }

    /// Reads digits.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let pin = OperatorPIN(Array(try container.decode(String.self).utf8)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be 4 to 12 digits")
        }
        self = pin
    }

    /// Writes digits: for the control socket, never for a file or a log.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(digits.withBytes { String(decoding: $0, as: UTF8.self) })
    }
}
