import Payments
import Wire

/// Enciphers one 8-byte block of a track under the TDK, as UnionPay terminals send fields 35 and 36: the block that
/// ends just before the last byte of the packed track. The length of the track stays the same.
public enum TrackEncryption {
    /// The track with its block enciphered, as hexadecimal characters: what the packed field holds.
    ///
    /// `track` is digits with `=` or `D` between the parts, at least 17 characters. Throws `unsuitable` for other
    /// characters and for a key that is not DES, `wrongLength` for a shorter track.
    public static func encipher(_ track: String, under key: CipherKey) throws(CryptographyError) -> String {
        try transform(track, .encipher, key)
    }

    /// The track in clear, `D` between the parts, from what `encipher` made.
    public static func decipher(_ track: String, under key: CipherKey) throws(CryptographyError) -> String {
        try transform(track, .decipher, key)
    }

    private static func transform(
        _ track: String, _ direction: CipherKey.Direction, _ key: CipherKey
    ) throws(CryptographyError) -> String {
        guard key.algorithm == .tripleDES else {
            throw CryptographyError(.unsuitable, "track encryption under \(key.algorithm)")
        }
        var characters = Array(track.utf8)
        // Packed in bytes, an odd track has a pad nibble behind its last digit, which the block never reaches.
        let packedCount = (characters.count + 1) / 2
        guard packedCount >= 9 else { throw CryptographyError(.wrongLength, "track of \(characters.count) digits") }
        let block = (packedCount - 9) * 2..<(packedCount - 1) * 2
        for index in characters.indices where characters[index] == 0x3D { characters[index] = 0x44 }
        let nibbles = characters.compactMap(Hex.nibble)
        guard nibbles.count == characters.count else { throw CryptographyError(.unsuitable, "track") }
        let clear = stride(from: block.lowerBound, to: block.upperBound, by: 2).map {
            nibbles[$0] << 4 | nibbles[$0 + 1]
        }
        let changed = try direction == .encipher ? key.encryptECB(clear) : key.decryptECB(clear)
        characters.replaceSubrange(block, with: Hex.encode(changed).utf8)
        return String(decoding: characters, as: UTF8.self)
    }
}
