/// A working key under the terminal master key, as the acquirer sent it.
public struct EncryptedKey: Equatable, Sendable {
    /// 8, 16 or 24 bytes of cipher text.
    public let cipherText: [UInt8]
    /// The first four bytes of the clear key's encryption of zeros.
    public let checkValue: [UInt8]
    /// The cipher of the key.
    public let algorithm: KeyAlgorithm

    /// A key of these parts.
    public init(cipherText: [UInt8], checkValue: [UInt8], algorithm: KeyAlgorithm) {
        self.cipherText = cipherText
        self.checkValue = checkValue
        self.algorithm = algorithm
    }
}
