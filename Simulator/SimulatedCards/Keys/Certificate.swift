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

    /// Serial number of the certificates, and of the one that is revoked.
    static let serialNumber: [UInt8] = [0x00, 0x00, 0x01]
    static let revokedSerialNumber: [UInt8] = [0x00, 0x0B, 0xAD]

    /// A public key as its certificate's owner presents it: certificate, remainder and exponent.
    struct PublicKey {
        let certificate: [UInt8]
        let remainder: [UInt8]
        let exponent: [UInt8]
    }

    /// The issuer's certificate (90, 92, 9F32; Book 2, table 1). `identifier` is the first digits of its account
    /// numbers padded with F.
    static func issuer(
        _ key: RSAPublicKey, identifier: [UInt8], signedBy authority: RSAPrivateKey, _ flaws: [Flaw] = []
    ) throws(CryptographyError) -> PublicKey {
        try publicKey(key, .issuerKey, owner: identifier, hashed: [], signedBy: authority, flaws)
    }

    /// The card's certificate (9F46, 9F48, 9F47; Book 2, table 2), or that of its key for PINs (9F2D, 9F2F, 9F2E; table 21),
    /// which covers no static data. `account` is the number padded with F to ten bytes; `staticData` is the data to be
    /// authenticated.
    static func card(
        _ key: RSAPublicKey, account: [UInt8], staticData: [UInt8], signedBy issuer: RSAPrivateKey,
        _ flaws: [Flaw] = []
    ) throws(CryptographyError) -> PublicKey {
        try publicKey(key, .cardKey, owner: account, hashed: staticData, signedBy: issuer, flaws)
    }

    /// Signed static application data (93; Book 2, 5.1).
    static func staticData(
        _ data: [UInt8], authenticationCode: [UInt8], signedBy issuer: RSAPrivateKey, _ flaws: [Flaw] = []
    ) throws(CryptographyError) -> [UInt8] {
        let body = [Format.staticData.rawValue, 0x01] + authenticationCode
        return try sign(body, hashed: data, by: issuer, flaws)
    }

    /// Signed dynamic application data (9F4B; Book 2, 6.5 and 6.6): `dynamicData` is what the card adds, `hashed` what
    /// the terminal sent.
    static func dynamicData(
        _ dynamicData: [UInt8], hashed: [UInt8], signedBy card: RSAPrivateKey, _ flaws: [Flaw] = []
    ) throws(CryptographyError) -> [UInt8] {
        let body = [Format.dynamicData.rawValue, 0x01, UInt8(truncatingIfNeeded: dynamicData.count)] + dynamicData
        let challenge = flaws.contains(.challenge) ? hashed.map { ~$0 } : hashed
        return try sign(body, hashed: challenge, by: card, flaws)
    }

    private static func publicKey(
        _ key: RSAPublicKey, _ format: Format, owner: [UInt8], hashed: [UInt8], signedBy signer: RSAPrivateKey,
        _ flaws: [Flaw]
    ) throws(CryptographyError) -> PublicKey {
        let exponent = key.exponentBytes
        let holder = flaws.contains(.holder) ? owner.map { $0 == 0xFF ? $0 : 0x99 } : owner
        // December 2049 outlives the cards.
        let expiry: [UInt8] = flaws.contains(.expiry) ? [0x01, 0x20] : [0x12, 0x49]
        let serial = flaws.contains(.revoked) ? revokedSerialNumber : serialNumber
        let algorithms: [UInt8] = flaws.contains(.algorithm) ? [0x01, 0x02] : [0x01, 0x01]
        let fixed =
            [format.rawValue] + holder + expiry + serial + algorithms
            + [UInt8(key.modulus.count), UInt8(exponent.count)]
        let room = signer.publicKey.modulus.count - 22 - fixed.count
        let remainder = Array(key.modulus.dropFirst(room))
        let body = fixed + key.modulus.prefix(room)
        let certificate = try sign(body, hashed: remainder + exponent + hashed, by: signer, flaws)
        return PublicKey(certificate: certificate, remainder: remainder, exponent: exponent)
    }

    /// Signs `body`, filled up with BB, with the hash of it and of what the other side knows already.
    private static func sign(
        _ body: [UInt8], hashed: [UInt8], by key: RSAPrivateKey, _ flaws: [Flaw]
    ) throws(CryptographyError) -> [UInt8] {
        let missing = key.publicKey.modulus.count - 22 - body.count
        guard missing >= 0 else { throw CryptographyError(.wrongLength, "signed data") }
        var filled = body + [UInt8](repeating: 0xBB, count: missing)
        if flaws.contains(.format) { filled[0] ^= 0x08 }
        var message = try [0x6A] + filled + Digest.sha1(filled + hashed) + [0xBC]
        if flaws.contains(.header) { message[0] ^= 0x01 }
        if flaws.contains(.hash) { message[message.count - 2] ^= 0x01 }
        if flaws.contains(.trailer) { message[message.count - 1] ^= 0x01 }
        let signed = try key.sign(message)
        return flaws.contains(.length) ? Array(signed.dropLast()) : signed
    }
}
