/// A request on endpoint 0 (USB 2.0, 9.3).
public struct ControlRequest: Equatable, Sendable {
    /// bmRequestType: direction, kind, recipient.
    public let type: UInt8
    /// bRequest.
    public let request: UInt8
    /// wValue.
    public let value: UInt16
    /// wIndex.
    public let index: UInt16
    /// wLength.
    public let length: UInt16
    /// What comes with it, if it goes out.
    public let data: [UInt8]

    /// Whether its data goes in, to the host.
    public var isInput: Bool { type & 0x80 != 0 }

    /// The eight bytes of setup and what follows; nil if they are fewer.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.setupBytes else { return nil }
        func word(_ at: Int) -> UInt16 { UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8 }
        (type, request, value, index, length) = (bytes[0], bytes[1], word(2), word(4), word(6))
        data = Array(bytes.dropFirst(Self.setupBytes))
    }

    static let setupBytes = 8
}
