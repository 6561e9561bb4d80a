public import Payments

/// The working keys of a sign-in reply (field 62), still enciphered under the terminal master key.
public struct WorkingKeyBlock: Equatable, Sendable {
    /// Enciphers PIN blocks; it belongs into the PIN pad.
    public let pinKey: EncryptedKey
    /// Makes and checks message authentication codes.
    public let macKey: EncryptedKey
    /// Enciphers tracks, where the key set has it.
    public let trackKey: EncryptedKey?

    /// Reads the keys one after another, each followed by four bytes of check value: PIN, MAC, track. A block of any
    /// other length than the key set's (24, 40, 60 bytes) is refused with `badKeyBlock`.
    public init(_ bytes: some Collection<UInt8>, _ keySet: DialectOptions.KeySet) throws(AcquiringError) {
        let size = keySet.keyLength + 4
        let count = keySet.encryptsTrack ? 3 : 2
        guard bytes.count == size * count else {
            throw AcquiringError(
                .badKeyBlock,
                "field 62 of the sign-in reply has \(bytes.count) bytes, not the \(size * count) of 60.3 = "
                    + keySet.rawValue)
        }
        func key(_ index: Int) -> EncryptedKey {
            let part = bytes.dropFirst(index * size).prefix(size)
            return EncryptedKey(
                cipherText: Array(part.dropLast(4)), checkValue: Array(part.suffix(4)), algorithm: keySet.algorithm)
        }
        pinKey = key(0)
        macKey = key(1)
        trackKey = count == 3 ? key(2) : nil
    }
}
