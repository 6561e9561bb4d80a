import EMV
import PaymentCryptography

/// A certification authority, an issuer and a card of our own, made once for a run of the tests.
struct TestKeys: Sendable {
    let authority: RSAPrivateKey
    let issuer: RSAPrivateKey
    let card: RSAPrivateKey
    /// The card's key for PINs alone; most cards use the other one.
    let pin: RSAPrivateKey

    /// Keys with exponent 3; the issuer's needs a remainder, the card's does not.
    static let small = Result { try TestKeys(authority: 1152, issuer: 1152, card: 768, exponent: 3) }
    /// Keys with exponent 65537 under the longest authority's; the card's needs a remainder, the issuer's does not.
    static let large = Result { try TestKeys(authority: 1984, issuer: 1408, card: 1408, exponent: 65537) }

    init(authority: Int, issuer: Int, card: Int, exponent: Int) throws {
        self.authority = try RSAPrivateKey.generate(bits: authority, exponent: exponent)
        self.issuer = try RSAPrivateKey.generate(bits: issuer, exponent: exponent)
        self.card = try RSAPrivateKey.generate(bits: card, exponent: exponent)
        pin = try RSAPrivateKey.generate(bits: card, exponent: exponent)
    }

    func authorityKey(rid: [UInt8], index: UInt8, expiry: Int? = nil) throws -> CAPublicKey {
        let key = authority.publicKey
        return try CAPublicKey(
            rid: rid, index: index, modulus: key.modulus, exponent: key.exponent, expiry: expiry,
            checksum: Digest.sha1(rid + [index] + key.modulus + key.exponentBytes))
    }
}

/// Signatures as EMV forms them (EMV 4.4 Book 2, A2.1), with every part open to be spoilt.
struct TestSignature {
    var header: UInt8 = 0x6A
    var trailer: UInt8 = 0xBC
    var spoilsHash = false

    func sign(_ body: [UInt8], _ extra: [UInt8], _ key: RSAPrivateKey) throws -> [UInt8] {
        var hash = try Digest.sha1(body + extra)
        if spoilsHash { hash[0] ^= 1 }
        return try key.sign([header] + body + hash + [trailer])
    }

    /// The key's part of a certificate: hash and key algorithm, lengths, the leftmost part padded with BB.
    static func keyPart(_ key: RSAPublicKey, capacity: Int, algorithm: UInt8 = 0x01) -> [UInt8] {
        let leftmost = key.modulus.prefix(capacity)
        let head: [UInt8] = [0x01, algorithm, UInt8(key.modulus.count), UInt8(key.exponentBytes.count)]
        return head + leftmost + [UInt8](repeating: 0xBB, count: capacity - leftmost.count)
    }
}
