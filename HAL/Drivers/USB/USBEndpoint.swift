/// One end of a pipe in a device (USB 2.0, 9.6.6).
public struct USBEndpoint: Equatable, Sendable {
    /// How it moves data.
    public enum Kind: UInt8, Sendable { case control, isochronous, bulk, interrupt }

    /// Its number, 1 to 15, and in bit 7 its direction: set towards the host.
    public let address: UInt8
    /// How it moves data.
    public let kind: Kind
    /// The most bytes of one packet, 1 to 1024.
    public let packetBytes: Int

    /// Whether it brings data to the host.
    public var isInput: Bool { address & 0x80 != 0 }
}
