import PaymentCryptography
import SimulatedCards
import Testing
import Wire

/// The certificates on the cards, recovered step by step as EMV 4.4 Book 2 writes it, without the kernel.
struct CardCertificateTests {
    @Test(arguments: ["unionpay-debit", "unionpay-credit", "offline", "static", "expired"])
    func theAuthorityVouchesForIssuerAndCard(_ name: String) throws {
        let profile = try #require(CardLibrary.card(named: name)).applications[0]
        var hand = try CardInHand(try #require(CardLibrary.card(named: name)))
        try hand.open()
        var records: [[UInt8]] = []
        for (file, count) in [(UInt8(1), 1), (2, 2), (3, 3)] {
            for number in 1...count {
                let answer = try hand.send([0x00, 0xB2, UInt8(number), file << 3 | 0x04, 0x00])
                #expect(answer.status == "9000")
                #expect(answer.data.count <= 254)
                records.append(answer.data)
            }
        }
        func object(_ tag: TLV.Tag) throws -> [UInt8] {
            for record in records { if let found = try TLV.find(tag, in: record) { return Array(found.value) } }
            throw TestFailure("no \(tag)")
        }

        let authority = try TestAuthority.publicKey()
        #expect(authority.modulus.count == 248)
        let staticData = Array(try #require(try TLV.parse(records[1]).first).value) + [interchange(profile), 0x00]
        let issuerCertificate = try authority.recover(try object(0x90))
        try expectSigned(issuerCertificate, format: 2, hashed: try object(0x9F32))
        #expect(Hex.encode(issuerCertificate[2..<6]) == "620000FF")
        let issuerKey = try RSAPublicKey(
            modulus: Array(issuerCertificate[15..<15 + Int(issuerCertificate[13])]),
            exponent: try object(0x9F32) == [3] ? 3 : 65537)

        if profile.authentication == .sda {
            try expectSigned(try issuerKey.recover(try object(0x93)), format: 3, hashed: staticData)
            return
        }
        let remainder = (try? object(0x9F48)) ?? []
        let exponent = try object(0x9F47)
        let cardCertificate = try issuerKey.recover(try object(0x9F46))
        try expectSigned(cardCertificate, format: 4, hashed: remainder + exponent + staticData)
        let number = Hex.encode(cardCertificate[2..<12])
        #expect(number == profile.account.number + String(repeating: "F", count: 20 - profile.account.number.count))
        let length = Int(cardCertificate[19])
        let modulus = (Array(cardCertificate[21..<cardCertificate.count - 21]) + remainder).prefix(length)
        let cardKey = try RSAPublicKey(modulus: Array(modulus), exponent: exponent == [3] ? 3 : 65537)

        let signed = try hand.send("00880000041122334400").data
        let outer = try #require(try TLV.parse(signed).first)
        let signature = try TLV.find(0x9F4B, in: signed)?.value ?? outer.value
        try expectSigned(try cardKey.recover(Array(signature)), format: 5, hashed: [0x11, 0x22, 0x33, 0x44])
    }

    /// The first half of the SHA-256 of the issuer's certificate, and of the card's (JCB: of the signed static data). Made from
    /// the published numbers, the account and the records' objects with nothing but Python's pow and hashlib, which
    /// also recovered each with the public key; RSA signatures of EMV hold no chance.
    static let certificates = [
        ("unionpay-debit", "FF449CE8CA14A23B0D9A78110B3C762E", "BB9EB33277756C969CB9D404ACA90772"),
        ("unionpay-credit", "108FBEEB2D11A966C1BBCF32286770A3", "02548A628FF1DEFAFC29CF8CCF9AB4DA"),
        ("visa", "A0436501E114292A4A1B90B51064EE50", "93B1A3291FB197D896E86057B6532283"),
        ("visa-18", "BFE9FE55F25E2D66CB5E43FFE4DB2337", "A11BD46F34E0203A54CE463FBF370C22"),
        ("mastercard", "6ED29F35D068CC47D1F2E1E93593156A", "3CEC7D7EFF805370E6FBBECD4A6B087B"),
        ("jcb", "C24AB4F75013B7E371563D8A1DB058E5", "57DFE1FC125F0939B55D646BA4CCAE16"),
    ]

    @Test(arguments: certificates)
    func certificatesAreThoseOfAnIndependentImplementation(_ card: String, _ issuer: String, _ own: String) throws {
        var hand = try CardInHand(try #require(CardLibrary.card(named: card)))
        try hand.open()
        var objects: [TLV.Tag: [UInt8]] = [:]
        for number in UInt8(1)...4 {
            let answer = try hand.send([0x00, 0xB2, number, 0x1C, 0x00])
            guard answer.status == "9000" else { break }
            #expect(answer.data.count <= 256)
            for object in try #require(try TLV.parse(answer.data).first).children() {
                objects[object.tag] = Array(object.value)
            }
        }
        func digest(_ tag: TLV.Tag) throws -> String {
            Hex.encode(try Digest.sha256(objects[tag] ?? []).prefix(16))
        }
        #expect(try digest(0x90) == issuer)
        #expect(try digest(card == "jcb" ? 0x93 : 0x9F46) == own)
    }

    @Test func theAuthoritysCheckSumIsThePublishedOne() throws {
        #expect(Hex.encode(try TestAuthority.checksum()) == "DC24952561B99F85ADE3C8B8B5914E42E3FC8942")
    }

    /// Header, format, hash and trailer.
    private func expectSigned(_ message: [UInt8], format: UInt8, hashed: [UInt8]) throws {
        #expect(message.first == 0x6A)
        #expect(message[1] == format)
        #expect(message.last == 0xBC)
        let hash = try Digest.sha1(message[1..<message.count - 21] + hashed)
        #expect(Array(message.dropLast().suffix(20)) == hash)
    }

    /// First byte of the profile that GET PROCESSING OPTIONS tells.
    private func interchange(_ profile: ApplicationProfile) -> UInt8 {
        switch profile.authentication {
        case .sda: 0x5C
        case .cda: 0x79
        default: 0x7C
        }
    }
}
