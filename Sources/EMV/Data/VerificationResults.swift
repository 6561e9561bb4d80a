/// Terminal verification results (95), and the action codes that ask for its bits (EMV 4.4 Book 3, Annex C5).
/// Byte 1 is the highest of five.
public struct TVR: OptionSet, Hashable, Sendable {
    /// Five bytes as a number, byte 1 the highest.
    public let rawValue: UInt64
    /// The results with these bits; what is above five bytes is dropped.
    public init(rawValue: UInt64) { self.rawValue = rawValue & 0xFF_FFFF_FFFF }

    /// The results in five bytes; nil for another number of bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 5 else { return nil }
        self.init(rawValue: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// The five bytes.
    public var bytes: [UInt8] { (0..<5).map { UInt8(truncatingIfNeeded: rawValue >> (32 - 8 * $0)) } }

    private init(_ byte: UInt64, _ bit: UInt64) { rawValue = bit << (8 * (5 - byte)) }

    /// Byte 1.
    public static let dataAuthenticationNotPerformed = TVR(1, 0x80)
    /// Byte 1.
    public static let sdaFailed = TVR(1, 0x40)
    /// Byte 1.
    public static let cardDataMissing = TVR(1, 0x20)
    /// Byte 1.
    public static let onExceptionFile = TVR(1, 0x10)
    /// Byte 1.
    public static let ddaFailed = TVR(1, 0x08)
    /// Byte 1.
    public static let cdaFailed = TVR(1, 0x04)
    /// Byte 1.
    public static let sdaSelected = TVR(1, 0x02)
    /// Byte 2.
    public static let versionsDiffer = TVR(2, 0x80)
    /// Byte 2.
    public static let expired = TVR(2, 0x40)
    /// Byte 2.
    public static let notYetEffective = TVR(2, 0x20)
    /// Byte 2.
    public static let serviceNotAllowed = TVR(2, 0x10)
    /// Byte 2.
    public static let newCard = TVR(2, 0x08)
    /// Byte 3.
    public static let verificationFailed = TVR(3, 0x80)
    /// Byte 3.
    public static let unrecognisedMethod = TVR(3, 0x40)
    /// Byte 3.
    public static let pinTryLimitExceeded = TVR(3, 0x20)
    /// Byte 3.
    public static let pinPadMissing = TVR(3, 0x10)
    /// Byte 3.
    public static let pinNotEntered = TVR(3, 0x08)
    /// Byte 3.
    public static let onlinePINEntered = TVR(3, 0x04)
    /// Byte 4.
    public static let floorLimitExceeded = TVR(4, 0x80)
    /// Byte 4.
    public static let lowerLimitExceeded = TVR(4, 0x40)
    /// Byte 4.
    public static let upperLimitExceeded = TVR(4, 0x20)
    /// Byte 4.
    public static let randomlySelected = TVR(4, 0x10)
    /// Byte 4.
    public static let merchantForcedOnline = TVR(4, 0x08)
    /// Byte 5.
    public static let defaultTDOLUsed = TVR(5, 0x80)
    /// Byte 5.
    public static let issuerAuthenticationFailed = TVR(5, 0x40)
    /// Byte 5.
    public static let scriptFailedBeforeFinal = TVR(5, 0x20)
    /// Byte 5.
    public static let scriptFailedAfterFinal = TVR(5, 0x10)
    /// Byte 5, Book C-2: relay resistance protocol not performed.
    public static let relayResistanceNotPerformed = TVR(5, 0x01)
    /// Byte 5, Book C-2: relay resistance protocol performed.
    public static let relayResistancePerformed = TVR(5, 0x02)
    /// What a terminal action code for online and default asks for where the acquirer gave none (Book 3, 10.7).
    public static let defaultActionCode: TVR = [.dataAuthenticationNotPerformed, .sdaFailed, .ddaFailed, .cdaFailed]
    /// Every bit of five bytes.
    public static let all = TVR(rawValue: 0xFF_FFFF_FFFF)
}

/// Transaction status information (9B): what was done (EMV 4.4 Book 3, Annex C6).
public struct TSI: OptionSet, Hashable, Sendable {
    /// Byte 1; byte 2 is always zero.
    public let rawValue: UInt8
    /// The information with these bits of byte 1.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The two bytes.
    public var bytes: [UInt8] { [rawValue, 0] }

    /// Offline data authentication was performed.
    public static let dataAuthentication = TSI(rawValue: 0x80)
    /// Cardholder verification was performed.
    public static let cardholderVerification = TSI(rawValue: 0x40)
    /// Card risk management was performed.
    public static let cardRiskManagement = TSI(rawValue: 0x20)
    /// Issuer authentication was performed.
    public static let issuerAuthentication = TSI(rawValue: 0x10)
    /// Terminal risk management was performed.
    public static let terminalRiskManagement = TSI(rawValue: 0x08)
    /// Script processing was performed.
    public static let scriptProcessing = TSI(rawValue: 0x04)
}

/// Application interchange profile (82): what the card can do (EMV 4.4 Book 3, Annex C1;
/// Book C-2, A.1.16).
public struct AIP: OptionSet, Hashable, Sendable {
    /// Both bytes, byte 1 the high one.
    public let rawValue: UInt16
    /// The profile with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Static data authentication.
    public static let sda = AIP(rawValue: 0x4000)
    /// Dynamic data authentication.
    public static let dda = AIP(rawValue: 0x2000)
    /// Cardholder verification.
    public static let cardholderVerification = AIP(rawValue: 0x1000)
    /// Terminal risk management is to be performed.
    public static let terminalRiskManagement = AIP(rawValue: 0x0800)
    /// Issuer authentication by EXTERNAL AUTHENTICATE.
    public static let issuerAuthentication = AIP(rawValue: 0x0400)
    /// Verification on the customer's own device (Book C-2).
    public static let onDeviceVerification = AIP(rawValue: 0x0200)
    /// Combined DDA and application cryptogram.
    public static let cda = AIP(rawValue: 0x0100)
    /// Contactless chip, not only a stripe's data (Book C-2).
    public static let chipMode = AIP(rawValue: 0x0080)
}

/// Terminal capabilities (9F33): what the terminal can do (EMV 4.4 Book 4, Annex A2).
public struct TerminalCapabilities: OptionSet, Hashable, Sendable {
    /// Three bytes as a number, byte 1 the highest.
    public let rawValue: UInt32
    /// The capabilities with these bits; what is above three bytes is dropped.
    public init(rawValue: UInt32) { self.rawValue = rawValue & 0xFF_FFFF }
    /// The three bytes.
    public var bytes: [UInt8] { (0..<3).map { UInt8(truncatingIfNeeded: rawValue >> (16 - 8 * $0)) } }

    /// Manual key entry.
    public static let manualEntry = TerminalCapabilities(rawValue: 0x80_0000)
    /// Magnetic stripe.
    public static let stripe = TerminalCapabilities(rawValue: 0x40_0000)
    /// Chip with contacts.
    public static let contactChip = TerminalCapabilities(rawValue: 0x20_0000)
    /// Plaintext PIN, checked by the card.
    public static let plaintextPIN = TerminalCapabilities(rawValue: 0x00_8000)
    /// Enciphered PIN, checked by the issuer.
    public static let onlinePIN = TerminalCapabilities(rawValue: 0x00_4000)
    /// Signature on paper.
    public static let signature = TerminalCapabilities(rawValue: 0x00_2000)
    /// Enciphered PIN, checked by the card.
    public static let encipheredPIN = TerminalCapabilities(rawValue: 0x00_1000)
    /// No cardholder verification.
    public static let noVerification = TerminalCapabilities(rawValue: 0x00_0800)
    /// Static data authentication.
    public static let sda = TerminalCapabilities(rawValue: 0x00_0080)
    /// Dynamic data authentication.
    public static let dda = TerminalCapabilities(rawValue: 0x00_0040)
    /// Card capture.
    public static let cardCapture = TerminalCapabilities(rawValue: 0x00_0020)
    /// Combined DDA and application cryptogram.
    public static let cda = TerminalCapabilities(rawValue: 0x00_0008)
}
