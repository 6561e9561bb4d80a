public import Payments

/// Keys that everybody knows. A terminal in simulation mode takes no other terminal master key than the one here.
public enum TestKeys {
    /// The terminal master key of published examples of the protocol.
    public static let terminalMasterKey = SecretBytes([
        0x70, 0xF2, 0xA8, 0x4C, 0xCB, 0xC2, 0xAE, 0x86, 0x25, 0xCB, 0xB0, 0xF2, 0xC2, 0x2A, 0xB9, 0x23,
    ])
}
