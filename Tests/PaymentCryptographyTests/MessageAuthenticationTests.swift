import Payments
import Testing
import Wire

@testable import PaymentCryptography

/// Vectors: the published UnionPay examples, ISO/IEC 9797-1:2011 Annex B.4, and the test suites of psec and pyemv.
struct MessageAuthenticationTests {
    static let hello = Array("hello world".utf8)

    @Test(arguments: [
        // The sum of the blocks is its own message.
        ("55036372B17543ECB173730768B8D6C4", "1212B04E1227809C", "5FE058DB"),
        ("C24A8FB57AA20123", "4D08F434464FE7BF", "8A9E91B8"),
    ])
    func `UnionPay ECB`(key: String, message: String, expected: String) throws {
        let key = try CipherKey(Hex.decode(key))
        #expect(try MessageAuthentication.unionPayECB(key, over: Hex.decode(message)) == Array(expected.utf8))
    }

    @Test func `UnionPay ECB adds all blocks and fills the last one with zeros`() throws {
        let key = try CipherKey(Hex.decode("55036372B17543ECB173730768B8D6C4"))
        // 1212B04E1227809C in three blocks, the last one byte short of its zero.
        let message = try Hex.decode("1212B04E12278000 FF00000000000001 FF0000000000009D")
        #expect(try MessageAuthentication.unionPayECB(key, over: message) == Array("5FE058DB".utf8))
        #expect(
            try MessageAuthentication.unionPayECB(key, over: Hex.decode("1212B04E1227809C 00"))
                == Array("5FE058DB".utf8))
    }

    /// RFC 4231, test cases 2 and 6.
    @Test(arguments: [
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60E431591EE0B67F0D8A26AACBF5B77F8E0BC6213728C5140546040F0EE37F54"
        ),
    ])
    func `HMAC with SHA-256`(key: [UInt8], text: String, expected: String) throws {
        let code = try MessageAuthentication.hmacSHA256(SecretBytes(key), over: Array(text.utf8))
        #expect(Hex.encode(code) == expected)
    }

    @Test(arguments: [
        ("0123456789ABCDEFFEDCBA9876543210", "Now is the time for all ", "A1C72E74"),
        ("0123456789ABCDEFFEDCBA9876543210", "Now is the time for it", "2E2B1428"),
    ])
    func `X9.19 of ISO 9797-1 Annex B`(key: String, text: String, expected: String) throws {
        let mac = try MessageAuthentication.retail(CipherKey(Hex.decode(key)), over: Array(text.utf8))
        #expect(Hex.encode(mac.prefix(4)) == expected)
    }

    @Test(arguments: [
        (MessageAuthentication.Padding.zeros, "3DDE5C5511661CBF"), (.marked, "E16941032C3BC7D4"),
        (.lengthFirst, "BA90F750EF43F668"),
    ])
    func `retail MAC with each padding`(padding: MessageAuthentication.Padding, expected: String) throws {
        let key = try CipherKey([UInt8](repeating: 0x41, count: 8) + [UInt8](repeating: 0x42, count: 8))
        #expect(Hex.encode(try MessageAuthentication.retail(key, over: Self.hello, padding: padding)) == expected)
    }

    @Test(arguments: [
        (MessageAuthentication.Padding.zeros, "68D9038F23360DF3"), (.marked, "32DC341271ACCD00"),
        (.lengthFirst, "CDACA53E2DAA5412"),
    ])
    func `CBC-MAC with each padding`(padding: MessageAuthentication.Padding, expected: String) throws {
        let key = try CipherKey(Hex.decode("AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB"))
        #expect(Hex.encode(try MessageAuthentication.cbc(key, over: Self.hello, padding: padding)) == expected)
    }

    @Test(arguments: Vectors.rows("unionpay-mac"))
    func `UnionPay ECB with DES and SM4`(row: [String]) throws {
        let key = try CipherKey(row[1].bytes, row[0] == "sm4" ? .sm4 : .tripleDES)
        #expect(try MessageAuthentication.unionPayECB(key, over: row[2].bytes) == Array(row[3].utf8))
    }

    @Test(arguments: Vectors.rows("retail-and-cbc"))
    func `retail and CBC-MAC agree with psec`(row: [String]) throws {
        let padding: MessageAuthentication.Padding =
            switch row[0] {
            case "1": .zeros
            case "2": .marked
            default: .lengthFirst
            }
        let key = try CipherKey(row[1].bytes)
        #expect(try Hex.encode(MessageAuthentication.retail(key, over: row[2].bytes, padding: padding)) == row[3])
        #expect(try Hex.encode(MessageAuthentication.cbc(key, over: row[2].bytes, padding: padding)) == row[4])
    }

    @Test func `every byte of the message and of the key counts`() throws {
        let key = try "0123456789ABCDEFFEDCBA9876543210".bytes
        let message = [UInt8](0..<41)
        for mac in [
            { (key: [UInt8], message: [UInt8]) in try MessageAuthentication.unionPayECB(CipherKey(key), over: message)
            },
            { try MessageAuthentication.retail(CipherKey($0), over: $1) },
            { try MessageAuthentication.cbc(CipherKey($0), over: $1) },
        ] {
            let right = try mac(key, message)
            for index in message.indices {
                var changed = message
                changed[index] ^= 0x10
                #expect(try mac(key, changed) != right)
            }
            for index in key.indices {
                var changed = key
                changed[index] ^= 0x10
                #expect(try mac(changed, message) != right)
            }
        }
    }

    @Test(arguments: [8, 24])
    func `X9.19 takes double-length keys only`(length: Int) throws {
        let key = try CipherKey([UInt8](repeating: 7, count: length))
        #expect(reason { _ = try MessageAuthentication.retail(key, over: Self.hello) } == .unsuitable)
        let sm4 = try CipherKey([UInt8](repeating: 7, count: 16), .sm4)
        #expect(reason { _ = try MessageAuthentication.retail(sm4, over: Self.hello) } == .unsuitable)
    }
}
