public import Payments

/// A PIN as it travels to a card that checks it itself (EMV 4.4 Book 2, 7; Book 3, 6.5.12). PINs are ASCII digits, 4 to 12
/// of them.
public enum CardPIN {
    /// Plaintext offline PIN: the PIN block of ISO 9564-1 format 2, 8 bytes.
    public static func block(_ pin: SecretBytes) throws(CryptographyError) -> SecretBytes {
        try PINBlock.pinField(pin, .iso2, [UInt8](repeating: 0, count: 8))
    }

    /// The PIN in a block of format 2. Throws `wrongPINBlock` if there is none.
    public static func pin(in block: SecretBytes) throws(CryptographyError) -> SecretBytes {
        guard block.count == 8 else { throw CryptographyError(.wrongLength, "PIN block") }
        return try PINBlock.pin(in: block, .iso2)
    }

    /// Enciphered PIN data: `7F`, the block, the card's unpredictable number (`challenge`, 8 bytes) and random padding, as
    /// long as the card's key and enciphered with it (Book 2, 7.1 and 7.2). Throws `wrongLength` for another challenge.
    public static func encipher(
        _ pin: SecretBytes, for key: RSAPublicKey, challenge: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try encipher(pin, for: key, challenge: challenge, padding: RandomBytes.make(key.modulus.count - 17))
    }

    static func encipher(
        _ pin: SecretBytes, for key: RSAPublicKey, challenge: [UInt8], padding: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard challenge.count == 8 else { throw CryptographyError(.wrongLength, "card's unpredictable number") }
        let clear = try block(pin).withBytes { [0x7F] + $0 } + challenge + padding
        // The public operation is the same for what is recovered and what is enciphered (Book 2, B2.1).
        return try key.recover(clear)
    }
}
