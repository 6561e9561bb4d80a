import COpenSSL
public import Payments

/// Message authentication codes of payment messages.
public enum MessageAuthentication {
    /// How a message is filled up to whole blocks (ISO/IEC 9797-1, 6.3).
    public enum Padding: Sendable {
        /// Method 1: zeros, none if the message is whole blocks already.
        case zeros
        /// Method 2: `80`, then zeros.
        case marked
        /// Method 3: a first block with the length in bits, then as method 1.
        case lengthFirst
    }

    /// The MAC of UnionPay messages (field 64): eight ASCII characters.
    ///
    /// All blocks are added (XOR), written as upper-case hexadecimal text, and the text enciphered chained; the first
    /// eight hexadecimal characters of the result are the MAC. DES works on 8-byte blocks, SM4 on 16-byte ones.
    /// `message` goes from the MTI up to the byte before field 64, with bit 64 set in the bitmap.
    public static func unionPayECB(
        _ key: CipherKey, over message: some Collection<UInt8>
    ) throws(CryptographyError) -> [UInt8] {
        let message = Array(message)
        let tail = message.count & ~15
        var sum = SIMD16<UInt8>()
        message.withUnsafeBytes { bytes in
            for offset in stride(from: 0, to: tail, by: 16) {
                sum ^= bytes.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
            }
        }
        for index in tail..<message.count { sum[index - tail] ^= message[index] }
        let text =
            if key.blockSize == 16 {
                hexadecimal(sum.indices.map { sum[$0] })
            } else {
                hexadecimal(sum.lowHalf.indices.map { sum.lowHalf[$0] ^ sum.highHalf[$0] })
            }
        let chained = try key.encryptCBC(text)
        return Array(hexadecimal(chained[key.blockSize...]).prefix(8))
    }

    /// The retail MAC of ANSI X9.19, MAC algorithm 3 of ISO/IEC 9797-1: chained single DES with the left half of the
    /// key, the last block with the whole. Eight bytes, of which schemes use four to eight. Takes a double-length DES
    /// key, throws `unsuitable` for others.
    public static func retail(
        _ key: CipherKey, over message: some Collection<UInt8>, padding: Padding = .zeros
    ) throws(CryptographyError) -> [UInt8] {
        guard key.algorithm == .tripleDES, key.count == 16 else {
            throw CryptographyError(.unsuitable, "X9.19 with \(key.algorithm) key of \(key.count) bytes")
        }
        let padded = pad(message, padding, size: 8)
        let left = try key.leftHalf()
        let chain = try left.encryptCBC(Array(padded.dropLast(8))).suffix(8)
        return try key.encryptCBC(Array(padded.suffix(8)), iv: chain.isEmpty ? nil : Array(chain))
    }

    /// The CBC-MAC of ANSI X9.9, MAC algorithm 1 of ISO/IEC 9797-1: the last block of the chain, 8 or 16 bytes.
    public static func cbc(
        _ key: CipherKey, over message: some Collection<UInt8>, padding: Padding = .zeros
    ) throws(CryptographyError) -> [UInt8] {
        Array(try key.encryptCBC(pad(message, padding, size: key.blockSize)).suffix(key.blockSize))
    }

    /// HMAC with SHA-256 (RFC 2104, FIPS 198-1): 32 bytes.
    public static func hmacSHA256(
        _ key: SecretBytes, over message: some Collection<UInt8>
    ) throws(CryptographyError) -> [UInt8] {
        let message = Array(message)
        var code = [UInt8](repeating: 0, count: 32)
        let context = try OpenSSL.context()
        try key.withBytes { (key) throws(CryptographyError) in
            var count = 0
            let made = EVP_Q_mac(
                context, "HMAC", "provider=default", "SHA256", nil, key.baseAddress, key.count, message,
                message.count, &code, code.count, &count)
            try OpenSSL.check(made != nil && count == code.count ? 1 : 0, "EVP_Q_mac")
        }
        return code
    }

    /// The message in whole blocks, at least one.
    private static func pad(_ message: some Collection<UInt8>, _ padding: Padding, size: Int) -> [UInt8] {
        var padded: [UInt8] = []
        padded.reserveCapacity(message.count + 2 * size)
        if padding == .lengthFirst {
            padded.append(contentsOf: repeatElement(0, count: size - 8))
            withUnsafeBytes(of: UInt64(message.count * 8).bigEndian) { padded.append(contentsOf: $0) }
        }
        padded.append(contentsOf: message)
        if padding == .marked { padded.append(0x80) }
        let filled = message.count + (padding == .marked ? 1 : 0)
        let missing = filled == 0 ? size : (size - filled % size) % size
        padded.append(contentsOf: repeatElement(0, count: missing))
        return padded
    }

    private static func hexadecimal(_ bytes: some Collection<UInt8>) -> [UInt8] {
        func character(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(character(byte >> 4))
            text.append(character(byte & 0x0F))
        }
        return text
    }
}
