/// A message type: four digits, `0200`.
public struct MTI: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// The digits as nibbles, `0x0200` for `0200`.
    public let rawValue: UInt16
    /// The type with these nibbles.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The type with these nibbles.
    public init(integerLiteral value: UInt16) { rawValue = value }

    /// Reads four digits.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 4, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = UInt16(text, radix: 16)
        else { return nil }
        rawValue = value
    }

    /// The type of the reply to this request: `0210` for `0200`.
    public var reply: MTI { MTI(rawValue: rawValue | 0x0010) }
    /// True for the type of a reply.
    public var isReply: Bool { rawValue & 0x0010 != 0 }
    /// True when all four nibbles are digits.
    var isDecimal: Bool { (0..<4).allSatisfy { rawValue >> (4 * $0) & 0x0F <= 9 } }
}

extension MTI: CustomStringConvertible {
    /// Four digits.
    public var description: String {
        let text = String(rawValue, radix: 16)
        return String(repeating: "0", count: 4 - text.count) + text
    }
}
