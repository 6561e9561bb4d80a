import COpenSSL
public import Payments

/// Authenticated encryption with AES-256 in Galois/Counter Mode (NIST SP 800-38D).
public enum AESGCM {
    /// Bytes that sealing adds: a 12-byte nonce before and a 16-byte tag behind the cipher text.
    public static let overhead = 28

    /// Nonce, cipher text and tag in one. `key` is 32 bytes; the nonce is new and random, good for 2^32 seals of one
    /// key. `associated` is not in the result, but opening needs the same.
    public static func seal(
        _ plain: SecretBytes, key: SecretBytes, associated: [UInt8] = []
    ) throws(CryptographyError) -> [UInt8] {
        try seal(plain, key: key, associated: associated, nonce: RandomBytes.make(12))
    }

    static func seal(
        _ plain: SecretBytes, key: SecretBytes, associated: [UInt8], nonce: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let context = try start(key: key, nonce: nonce, associated: associated, direction: 1)
        var cipherText = [UInt8](repeating: 0, count: plain.count)
        try plain.withBytes { (plain) throws(CryptographyError) in
            try context.update(
                plain.bindMemory(to: UInt8.self).baseAddress, count: plain.count, into: &cipherText)
        }
        return nonce + cipherText + (try context.tag())
    }

    /// What was sealed. Throws `notAuthentic` for another key, other associated data or a changed byte.
    public static func open(
        _ sealed: [UInt8], key: SecretBytes, associated: [UInt8] = []
    ) throws(CryptographyError) -> SecretBytes {
        guard sealed.count >= overhead else { throw CryptographyError(.notAuthentic, "AES-GCM") }
        let context = try start(key: key, nonce: Array(sealed.prefix(12)), associated: associated, direction: 0)
        let cipherText = Array(sealed.dropFirst(12).dropLast(16))
        let plain = try SecretBytes(count: cipherText.count) { (buffer) throws(CryptographyError) in
            try context.update(
                cipherText, count: cipherText.count, into: buffer.bindMemory(to: UInt8.self).baseAddress)
        }
        guard try context.verify(tag: Array(sealed.suffix(16))) else {
            throw CryptographyError(.notAuthentic, "AES-GCM")
        }
        return plain
    }

    private static func start(
        key: SecretBytes, nonce: [UInt8], associated: [UInt8], direction: Int32
    ) throws(CryptographyError) -> CipherContext {
        guard key.count == 32, nonce.count == 12 else { throw CryptographyError(.wrongLength, "AES-256-GCM key") }
        let context = try CipherContext()
        try key.withBytes { (key) throws(CryptographyError) in
            try context.start(
                OpenSSL.aes256GCM, key: key.bindMemory(to: UInt8.self).baseAddress, iv: nonce,
                direction: direction)
        }
        if !associated.isEmpty { try context.update(associated, count: associated.count, into: nil) }
        return context
    }
}
