import Wire

/// SW1 and SW2, as one number (EMV 4.4 Book 3, 6.3.5).
public struct StatusWord: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// SW1 in the high byte, SW2 in the low one.
    public let rawValue: UInt16
    /// The status word with this number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// 9000: done.
    public static let success = StatusWord(rawValue: 0x9000)
    /// 6283: the selected file is invalidated; the application is blocked.
    public static let fileInvalidated = StatusWord(rawValue: 0x6283)
    /// 6700: wrong length.
    public static let wrongLength = StatusWord(rawValue: 0x6700)
    /// 6983: authentication method blocked.
    public static let methodBlocked = StatusWord(rawValue: 0x6983)
    /// 6984: referenced data invalidated; to GET PROCESSING OPTIONS over the air, use the other interface.
    public static let dataInvalidated = StatusWord(rawValue: 0x6984)
    /// 6985: conditions of use not satisfied.
    public static let conditionsNotSatisfied = StatusWord(rawValue: 0x6985)
    /// 6986: command not allowed; to GET PROCESSING OPTIONS over the air, the customer is to look at the phone.
    public static let commandNotAllowed = StatusWord(rawValue: 0x6986)
    /// 6A81: function not supported; to SELECT, the card is blocked.
    public static let functionNotSupported = StatusWord(rawValue: 0x6A81)
    /// 6A82: file not found.
    public static let fileNotFound = StatusWord(rawValue: 0x6A82)
    /// 6A83: record not found.
    public static let recordNotFound = StatusWord(rawValue: 0x6A83)
    /// 6A88: referenced data not found.
    public static let dataNotFound = StatusWord(rawValue: 0x6A88)
    /// 6D00: instruction not supported.
    public static let instructionNotSupported = StatusWord(rawValue: 0x6D00)
    /// 6E00: class not supported.
    public static let classNotSupported = StatusWord(rawValue: 0x6E00)

    /// First status byte.
    public var sw1: UInt8 { UInt8(rawValue >> 8) }
    /// Second status byte.
    public var sw2: UInt8 { UInt8(rawValue & 0xFF) }
    /// Both status bytes as they are sent.
    public var bytes: [UInt8] { [sw1, sw2] }
    /// Four hexadecimal digits.
    public var description: String { Hex.encode(bytes) }
}
