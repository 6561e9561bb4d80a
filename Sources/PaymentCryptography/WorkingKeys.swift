public import Payments

/// The keys that the acquirer gives at sign-in, good until the next one.
public struct WorkingKeys: Equatable, Sendable {
    /// The PIN key (PIK), still enciphered under the terminal master key: the PIN pad alone uses it.
    public let pinKey: EncryptedKey
    /// The key of message authentication codes (MAK).
    public let macKey: CipherKey
    /// The key of track encryption (TDK); nil where the acquirer gives none.
    public let trackKey: CipherKey?

    /// The keys as they came, each enciphered under `masterKey`. Throws `wrongCheckValue` if the check value of any
    /// does not fit: then none may be used, and the terminal signs in again.
    public init(
        pinKey: EncryptedKey, macKey: EncryptedKey, trackKey: EncryptedKey?, under masterKey: CipherKey
    ) throws(CryptographyError) {
        _ = try Self.decipher(pinKey, masterKey)
        self.pinKey = pinKey
        self.macKey = try Self.decipher(macKey, masterKey)
        self.trackKey =
            if let trackKey { try Self.decipher(trackKey, masterKey) } else { nil }
    }

    init(pinKey: EncryptedKey, macKey: CipherKey, trackKey: CipherKey?) {
        self.pinKey = pinKey
        self.macKey = macKey
        self.trackKey = trackKey
    }

    private static func decipher(_ key: EncryptedKey, _ masterKey: CipherKey) throws(CryptographyError) -> CipherKey {
        guard key.algorithm == masterKey.algorithm else {
            throw CryptographyError(.unsuitable, "\(key.algorithm) key under a \(masterKey.algorithm) master key")
        }
        return try CipherKey(deciphering: key.cipherText, under: masterKey, expecting: key.checkValue)
    }
}
