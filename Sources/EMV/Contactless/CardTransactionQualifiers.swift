/// Card transaction qualifiers (9F6C): what the card wants of this tap (EMV Contactless Book C-3, Annex A.2). C-7 knows the bits on
/// verification and on data authentication alone.
public struct CardTransactionQualifiers: OptionSet, Hashable, Sendable {
    /// Both bytes, byte 1 the high one.
    public let rawValue: UInt16
    /// The qualifiers with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The qualifiers in two bytes; nil for another number of bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 2 else { return nil }
        self.init(rawValue: bytes.reduce(0) { $0 << 8 | UInt16($1) })
    }

    /// PIN to the issuer.
    public static let onlinePIN = Self(rawValue: 0x8000)
    /// Signature.
    public static let signature = Self(rawValue: 0x4000)
    /// Go online if offline data authentication fails.
    public static let onlineIfUnauthenticated = Self(rawValue: 0x2000)
    /// Use the contacts if offline data authentication fails.
    public static let contactIfUnauthenticated = Self(rawValue: 0x1000)
    /// Go online if the application expired.
    public static let onlineIfExpired = Self(rawValue: 0x0800)
    /// Use the contacts for cash.
    public static let contactForCash = Self(rawValue: 0x0400)
    /// Use the contacts for cashback.
    public static let contactForCashback = Self(rawValue: 0x0200)
    /// Not for cash machines.
    public static let notForATM = Self(rawValue: 0x0100)
    /// The customer's own device verified the customer.
    public static let onDeviceVerified = Self(rawValue: 0x0080)
    /// Issuer updates after an online authorization are supported.
    public static let issuerUpdate = Self(rawValue: 0x0040)
}
