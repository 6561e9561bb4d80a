public import PaymentCryptography

/// The certification authorities of the simulated cards: one for each scheme, with a key index that no scheme uses.
public enum TestAuthority {
    /// Registered application provider identifier of UnionPay.
    public static let rid = CardScheme.unionPay.rid
    /// Index of every authority's key (8F, 9F22).
    public static let index: UInt8 = 0xF0
    /// The last day of the keys, YYYYMMDD.
    public static let expiry = 20_491_231

    /// The public key that terminals hold. Throws only if the published numbers are damaged.
    public static func publicKey(of scheme: CardScheme = .unionPay) throws(CryptographyError) -> RSAPublicKey {
        try scheme.authorityKey.key().publicKey
    }

    /// The check sum that goes with it: SHA-1 over RID, index, modulus and exponent (EMV 4.4 Book 2, 11.2.2).
    public static func checksum(of scheme: CardScheme = .unionPay) throws(CryptographyError) -> [UInt8] {
        let key = try publicKey(of: scheme)
        return try Digest.sha1(scheme.rid + [index] + key.modulus + key.exponentBytes)
    }
}
