public import PaymentCryptography

/// What the PIN pad needs for a PIN that the card checks (EMV 4.4 Book 3, 10.5.1; Book 2, 7).
public struct OfflinePINQuery: Equatable, Sendable {
    /// How the PIN goes to the card.
    public let method: Method
    /// Tries left (9F17); nil if the card does not say. 1 is the last.
    public let triesLeft: Int?
    /// Whether the last PIN was wrong.
    public let isRetry: Bool

    /// How the PIN goes to the card.
    public enum Method: Equatable, Sendable {
        /// In the clear, which only a device that has both keys and slot may do.
        case plaintext
        /// Enciphered with the card's key, together with the card's unpredictable number of 8 bytes.
        case enciphered(RSAPublicKey, challenge: [UInt8])
    }
}
