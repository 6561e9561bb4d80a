import COpenSSL
public import Payments

/// A whole RSA key, for simulated cards and their issuers. Wiped when it is freed, prints as dots.
public struct RSAPrivateKey: Sendable {
    /// The public half.
    public let publicKey: RSAPublicKey
    /// The private exponent, big-endian.
    let privateExponent: SecretBytes

    /// A key of these numbers. Throws as `RSAPublicKey` does.
    public init(modulus: [UInt8], exponent: Int, privateExponent: SecretBytes) throws(CryptographyError) {
        publicKey = try RSAPublicKey(modulus: modulus, exponent: exponent)
        self.privateExponent = privateExponent
    }

    /// A new key of 512 to 2048 bits, a multiple of 8, with exponent 3 or 65537.
    public static func generate(bits: Int, exponent: Int = 3) throws(CryptographyError) -> RSAPrivateKey {
        guard (512...2048).contains(bits), bits % 8 == 0 else {
            throw CryptographyError(.wrongLength, "RSA key of \(bits) bits")
        }
        let key = try RSAContext(generating: bits, exponent: exponent)
        return try RSAPrivateKey(
            modulus: key.number(OSSL_PKEY_PARAM_RSA_N), exponent: exponent,
            privateExponent: SecretBytes(key.number(OSSL_PKEY_PARAM_RSA_D)))
    }

    /// `message` to the power of the private exponent, as long as the modulus (EMV 4.4 Book 2, B2.1). Throws
    /// `wrongLength` for another length than the modulus', `library` for a number that is not below it.
    public func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let key = try RSAContext(
            modulus: publicKey.modulus, exponent: publicKey.exponentBytes, privateExponent: privateExponent)
        return try key.power(message, size: publicKey.modulus.count)
    }
}
