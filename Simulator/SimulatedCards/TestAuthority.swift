public import PaymentCryptography

/// The certification authority of the simulated cards: UnionPay's RID with a key index that the scheme does not use.
public enum TestAuthority {
    /// Registered application provider identifier of UnionPay.
    public static let rid: [UInt8] = [0xA0, 0x00, 0x00, 0x03, 0x33]
    /// Index of the key (8F, 9F22).
    public static let index: UInt8 = 0xF0
    /// The last day of the key, YYYYMMDD.
    public static let expiry = 20_491_231

    /// The public key that terminals hold.
    public static func publicKey() throws(CryptographyError) -> RSAPublicKey {
        try TestKeys.certificationAuthority.key().publicKey
    }

    /// The check sum that goes with it: SHA-1 over RID, index, modulus and exponent (EMV 4.4 Book 2, 11.2.2).
    public static func checksum() throws(CryptographyError) -> [UInt8] {
        let key = try publicKey()
        return try Digest.sha1(rid + [index] + key.modulus + key.exponentBytes)
    }
}
