import PaymentCryptography
import Wire

/// Signs what proves a card: public key certificates, static and dynamic data (EMV 4.4 Book 2, 5, 6 and Annex A).
/// Every message is header 6A, a format, the data filled up with BB, a SHA-1 hash and trailer BC.
enum Certificate {
    /// The kinds of signed data by their format byte.
    enum Format: UInt8 {
        case issuerKey = 0x02
        case staticData = 0x03
        case cardKey = 0x04
        case dynamicData = 0x05
    }

    /// A public key as its certificate's owner presents it: certificate, remainder and exponent.
    struct PublicKey {
        let certificate: [UInt8]
        let remainder: [UInt8]
        let exponent: [UInt8]
    }

    /// The issuer's certificate (90, 92, 9F32; Book 2, table 1). `identifier` is the first digits of its account
    /// numbers padded with F, `expiry` MMYY in BCD.
    static func issuer(
        _ key: RSAPublicKey, identifier: [UInt8], expiry: [UInt8], signedBy authority: RSAPrivateKey
    ) throws(CryptographyError) -> PublicKey {
        try publicKey(key, .issuerKey, owner: identifier + expiry, hashed: [], signedBy: authority)
    }

    /// The card's certificate (9F46, 9F48, 9F47; Book 2, table 2). `account` is the number padded with F to ten bytes;
    /// `staticData` is the data to be authenticated.
    static func card(
        _ key: RSAPublicKey, account: [UInt8], expiry: [UInt8], staticData: [UInt8], signedBy issuer: RSAPrivateKey
    ) throws(CryptographyError) -> PublicKey {
        try publicKey(key, .cardKey, owner: account + expiry, hashed: staticData, signedBy: issuer)
    }

    /// Signed static application data (93; Book 2, 5.1).
    static func staticData(
        _ data: [UInt8], authenticationCode: [UInt8], signedBy issuer: RSAPrivateKey
    ) throws(CryptographyError) -> [UInt8] {
        let body = [Format.staticData.rawValue, 0x01] + authenticationCode
        return try sign(body, hashed: data, by: issuer)
    }

    /// Signed dynamic application data (9F4B; Book 2, 6.5 and 6.6): `dynamicData` is what the card adds, `hashed` what
    /// the terminal sent.
    static func dynamicData(
        _ dynamicData: [UInt8], hashed: [UInt8], signedBy card: RSAPrivateKey
    ) throws(CryptographyError) -> [UInt8] {
        let body = [Format.dynamicData.rawValue, 0x01, UInt8(truncatingIfNeeded: dynamicData.count)] + dynamicData
        return try sign(body, hashed: hashed, by: card)
    }

    private static func publicKey(
        _ key: RSAPublicKey, _ format: Format, owner: [UInt8], hashed: [UInt8], signedBy signer: RSAPrivateKey
    ) throws(CryptographyError) -> PublicKey {
        let exponent = key.exponentBytes
        // Serial number, hash and public key algorithm, lengths of modulus and exponent.
        let fixed =
            [format.rawValue] + owner
            + [0x00, 0x00, 0x01, 0x01, 0x01, UInt8(key.modulus.count), UInt8(exponent.count)]
        let room = signer.publicKey.modulus.count - 22 - fixed.count
        let remainder = Array(key.modulus.dropFirst(room))
        let body = fixed + key.modulus.prefix(room)
        let certificate = try sign(body, hashed: remainder + exponent + hashed, by: signer)
        return PublicKey(certificate: certificate, remainder: remainder, exponent: exponent)
    }

    /// Signs `body`, filled up with BB, with the hash of it and of what the other side knows already.
    private static func sign(
        _ body: [UInt8], hashed: [UInt8], by key: RSAPrivateKey
    ) throws(CryptographyError) -> [UInt8] {
        let missing = key.publicKey.modulus.count - 22 - body.count
        guard missing >= 0 else { throw CryptographyError(.wrongLength, "signed data") }
        let filled = body + [UInt8](repeating: 0xBB, count: missing)
        return try key.sign([0x6A] + filled + Digest.sha1(filled + hashed) + [0xBC])
    }
}
