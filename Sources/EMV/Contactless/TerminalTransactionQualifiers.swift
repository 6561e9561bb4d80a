/// Terminal transaction qualifiers (9F66): what the reader can do and wants of this tap (EMV Contactless Book C-3, Annex A.2;
/// C-7 has the same bits).
public struct TerminalTransactionQualifiers: OptionSet, Hashable, Sendable {
    /// Four bytes as a number, byte 1 the highest.
    public let rawValue: UInt32
    /// The qualifiers with these bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// The four bytes.
    public var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> (24 - 8 * $0)) } }

    /// Contactless magnetic stripe is supported.
    public static let stripeMode = Self(rawValue: 0x8000_0000)
    /// Contactless chip (qVSDC, qPBOC) is supported.
    public static let chipMode = Self(rawValue: 0x2000_0000)
    /// Contact chip is supported beside it.
    public static let contactChip = Self(rawValue: 0x1000_0000)
    /// The reader never goes online.
    public static let offlineOnly = Self(rawValue: 0x0800_0000)
    /// PIN to the issuer is supported.
    public static let onlinePIN = Self(rawValue: 0x0400_0000)
    /// Signature is supported.
    public static let signature = Self(rawValue: 0x0200_0000)
    /// Offline data authentication for online authorizations is supported.
    public static let authenticationOnline = Self(rawValue: 0x0100_0000)
    /// This payment needs an online cryptogram.
    public static let onlineRequired = Self(rawValue: 0x0080_0000)
    /// This payment needs a verified cardholder.
    public static let verificationRequired = Self(rawValue: 0x0040_0000)
    /// PIN checked by the card over the contact interface is supported.
    public static let contactOfflinePIN = Self(rawValue: 0x0020_0000)
    /// Issuer updates after an online authorization are supported.
    public static let issuerUpdate = Self(rawValue: 0x0000_8000)
    /// Verification on the customer's own device is supported.
    public static let onDeviceVerification = Self(rawValue: 0x0000_4000)
    /// fDDA version 01 is supported.
    public static let fddaVersion1 = Self(rawValue: 0x0000_0080)
}
