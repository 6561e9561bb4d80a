/// What a vpcd reader tells a card in a message of one byte. A longer message is a command APDU; each message follows
/// its length in two bytes (`LengthPrefixedSplitter`).
public enum VPCDControl: UInt8, Sendable {
    /// Power off; no answer.
    case powerOff = 0
    /// Power on; no answer.
    case powerOn = 1
    /// Reset; no answer.
    case reset = 2
    /// Send the answer to reset; also asked to see whether the card is there.
    case answerToReset = 4

    /// Longest message in either direction.
    public static let messageLimit = 0xFFFF
}
