/// The transport header before a message: `60`, where it goes, where it comes from.
public struct TPDU: Hashable, Sendable {
    /// Protocol identifier, 0x60.
    public let identifier: UInt8
    /// Network identifier of the receiver.
    public let destination: UInt16
    /// Network identifier of the sender.
    public let source: UInt16

    /// A header of these parts.
    public init(identifier: UInt8 = 0x60, destination: UInt16, source: UInt16) {
        self.identifier = identifier
        self.destination = destination
        self.source = source
    }

    /// The header in these bytes, which are five.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 5 else { return nil }
        let all = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        identifier = UInt8(truncatingIfNeeded: all >> 32)
        destination = UInt16(truncatingIfNeeded: all >> 16)
        source = UInt16(truncatingIfNeeded: all)
    }

    /// As it is sent.
    public var bytes: [UInt8] {
        [
            identifier, UInt8(destination >> 8), UInt8(destination & 0xFF), UInt8(source >> 8), UInt8(source & 0xFF),
        ]
    }

    /// The header of the answer: destination and source exchanged. Not every host does so; a receiver accepts both.
    public var swapped: TPDU { TPDU(identifier: identifier, destination: source, source: destination) }
}
