import COpenSSL
public import Payments

/// A symmetric key of the acquirer's scheme and the block cipher it belongs to. Wiped when it is freed, prints as dots.
public struct CipherKey: Equatable, Sendable {
    /// The block cipher.
    public let algorithm: KeyAlgorithm
    /// The key as it was given.
    let bytes: SecretBytes
    /// The key as the cipher takes it: DES keys as three parts.
    private let expanded: SecretBytes

    /// A key of these bytes. DES takes 8 bytes (as K|K|K), 16 (as K1|K2|K1) or 24, parity bits unchecked; SM4 takes 16;
    /// AES takes 16, 24 or 32. Throws `wrongLength` for others.
    public init(_ bytes: SecretBytes, _ algorithm: KeyAlgorithm = .tripleDES) throws(CryptographyError) {
        self.algorithm = algorithm
        self.bytes = bytes
        expanded =
            switch (algorithm, bytes.count) {
            case (.tripleDES, 8), (.tripleDES, 16):
                SecretBytes(count: 24) { buffer in
                    for index in 0..<24 { buffer[index] = bytes.withBytes { $0[index % $0.count] } }
                }
            case (.tripleDES, 24), (.sm4, 16), (.aes, 16), (.aes, 24), (.aes, 32): bytes
            default: throw CryptographyError(.wrongLength, "\(algorithm) key of \(bytes.count) bytes")
            }
    }

    /// A key of these bytes, which the caller forgets.
    public init(_ bytes: [UInt8], _ algorithm: KeyAlgorithm = .tripleDES) throws(CryptographyError) {
        try self.init(SecretBytes(bytes), algorithm)
    }

    /// A working key that came enciphered under `master` in ECB mode, and that has its cipher.
    ///
    /// A double-length DES key whose second cipher half is zero is a single DES key (a MAK in a field made for 16
    /// bytes). `checkValue` is four bytes. Throws `wrongCheckValue` if it does not fit.
    public init(
        deciphering cipherText: [UInt8], under master: CipherKey, expecting checkValue: [UInt8]
    ) throws(CryptographyError) {
        let isSingle =
            master.algorithm == .tripleDES && cipherText.count == 16 && cipherText[8...].allSatisfy { $0 == 0 }
        let count = isSingle ? 8 : cipherText.count
        let clear = try SecretBytes(count: count) { (buffer) throws(CryptographyError) in
            try master.transform(.decipher, cipherText, into: buffer.bindMemory(to: UInt8.self).baseAddress, count)
        }
        try self.init(clear, master.algorithm)
        guard checkValue.count == 4, try self.checkValue() == checkValue else {
            throw CryptographyError(.wrongCheckValue, "enciphered \(algorithm) key of \(cipherText.count) bytes")
        }
    }

    /// The single DES key of the first eight bytes.
    func leftHalf() throws(CryptographyError) -> CipherKey {
        try CipherKey(bytes.withBytes { SecretBytes($0.prefix(8)) }, .tripleDES)
    }

    /// Bytes that the cipher takes at once: 8 for DES, 16 for the others.
    public var blockSize: Int { algorithm == .tripleDES ? 8 : 16 }

    /// Number of bytes of the key as it was given.
    public var count: Int { bytes.count }

    /// The key check value: the first four bytes of a block of zeros enciphered. It says nothing about the key.
    public func checkValue() throws(CryptographyError) -> [UInt8] {
        Array(try encryptECB([UInt8](repeating: 0, count: blockSize)).prefix(4))
    }

    /// Enciphers each block on its own. Throws `wrongLength` unless `plain` is whole blocks.
    public func encryptECB(_ plain: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try transform(.encipher, plain, iv: nil)
    }

    /// Deciphers each block on its own. Throws `wrongLength` unless `cipherText` is whole blocks.
    public func decryptECB(_ cipherText: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try transform(.decipher, cipherText, iv: nil)
    }

    /// Enciphers in chained blocks, no padding. `iv` is one block; nil is zeros. Throws `wrongLength` unless `plain` is
    /// whole blocks.
    public func encryptCBC(_ plain: [UInt8], iv: [UInt8]? = nil) throws(CryptographyError) -> [UInt8] {
        try transform(.encipher, plain, iv: iv ?? [UInt8](repeating: 0, count: blockSize))
    }

    /// Deciphers chained blocks, no padding. `iv` is one block; nil is zeros. Throws `wrongLength` unless `cipherText`
    /// is whole blocks.
    public func decryptCBC(_ cipherText: [UInt8], iv: [UInt8]? = nil) throws(CryptographyError) -> [UInt8] {
        try transform(.decipher, cipherText, iv: iv ?? [UInt8](repeating: 0, count: blockSize))
    }

    /// What to do with the blocks, as EVP counts.
    enum Direction: Int32 { case decipher = 0, encipher = 1 }

    private func transform(
        _ direction: Direction, _ input: [UInt8], iv: [UInt8]?
    ) throws(CryptographyError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: input.count)
        try transform(direction, input, into: &output, input.count, iv: iv)
        return output
    }

    /// Enciphers or deciphers `count` bytes, whole blocks; ECB without `iv`, CBC with it.
    func transform(
        _ direction: Direction, _ input: UnsafePointer<UInt8>?, into output: UnsafeMutablePointer<UInt8>?,
        _ count: Int, iv: [UInt8]? = nil
    ) throws(CryptographyError) {
        guard count % blockSize == 0 else {
            throw CryptographyError(.wrongLength, "\(algorithm) input of \(count) bytes")
        }
        guard iv.map({ $0.count == blockSize }) ?? true else {
            throw CryptographyError(.wrongLength, "\(algorithm) initial vector")
        }
        let context = try CipherContext()
        try expanded.withBytes { (key) throws(CryptographyError) in
            try context.start(
                cipher(chained: iv != nil), key: key.bindMemory(to: UInt8.self).baseAddress, iv: iv,
                direction: direction.rawValue)
        }
        try context.update(input, count: count, into: output)
    }

    private func cipher(chained: Bool) -> OpaquePointer? {
        switch (algorithm, bytes.count) {
        case (.tripleDES, _): chained ? OpenSSL.tripleDESCBC : OpenSSL.tripleDESECB
        case (.sm4, _): chained ? OpenSSL.sm4CBC : OpenSSL.sm4ECB
        case (.aes, 16): chained ? OpenSSL.aes128CBC : OpenSSL.aes128ECB
        case (.aes, 24): chained ? OpenSSL.aes192CBC : OpenSSL.aes192ECB
        case (.aes, _): chained ? OpenSSL.aes256CBC : OpenSSL.aes256ECB
        }
    }
}

extension CipherKey: CustomStringConvertible, CustomDebugStringConvertible {
    /// The cipher and dots, never the key.
    public var description: String { "\(algorithm) ••••" }
    /// The cipher and dots, never the key.
    public var debugDescription: String { description }
}
