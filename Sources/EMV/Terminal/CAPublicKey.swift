public import PaymentCryptography

/// A certification authority's public key (EMV 4.4 Book 2, 11.2.2).
public struct CAPublicKey: Equatable, Sendable {
    /// Registered application provider identifier, five bytes (9F06 of the download).
    public let rid: [UInt8]
    /// Index of the key (9F22).
    public let index: UInt8
    /// The key itself, up to 1984 bits.
    public let key: RSAPublicKey
    /// Last day of the key, `YYYYMMDD` (DF05); nil for none.
    public let expiry: Int?

    /// A key of these parts (9F06, 9F22, DF02, DF04, DF05). Throws if a part has a wrong form, or if `checksum` (DF03)
    /// is not the SHA-1 of RID, index, modulus and exponent.
    public init(
        rid: [UInt8], index: UInt8, modulus: [UInt8], exponent: Int, expiry: Int? = nil, checksum: [UInt8]
    ) throws(CAPublicKeyError) {
        guard rid.count == 5 else { throw .invalidRID }
        guard exponent == 3 || exponent == 65537 else { throw .invalidExponent }
        guard modulus.count <= 248, let key = try? RSAPublicKey(modulus: modulus, exponent: exponent) else {
            throw .invalidModulus
        }
        guard (try? Digest.sha1(rid + [index] + modulus + key.exponentBytes)) == checksum else {
            throw .wrongChecksum
        }
        self.rid = rid
        self.index = index
        self.key = key
        self.expiry = expiry
    }
}

/// Why a certification authority's key was refused.
public enum CAPublicKeyError: String, Error, Sendable {
    /// Not five bytes.
    case invalidRID
    /// Not 64–248 bytes, or no modulus of RSA.
    case invalidModulus
    /// Neither 3 nor 65537 (Book 2, 11.2).
    case invalidExponent
    /// The SHA-1 of the key is another one.
    case wrongChecksum
}
