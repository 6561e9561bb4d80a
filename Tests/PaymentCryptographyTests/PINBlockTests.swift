import Payments
import Testing
import Wire

@testable import PaymentCryptography

struct PINBlockTests {
    /// Clear format 0: published UnionPay examples, ANSI X9.24-1:2009 A.4, and psec.
    @Test(arguments: [
        ("123456", "1234567890123456", "0612713176FEDCBA"), ("123456", "123456789012345678", "061253DFFEDCBA98"),
        ("1234", "4012345678909", "041274EDCBA9876F"),
        ("1234", "5555555551234567", "041261AAAAEDCBA9"), ("123456789012", "5555555551234567", "0C1261032D8226A9"),
    ])
    func `clear format 0`(pin: String, pan: String, expected: String) throws {
        let clear = try PINBlock.pinField(SecretBytes(pin.utf8), .iso0, filler(0))
        let number = try #require(PAN(pan))
        let field = try #require(PINBlock.panField(number, .iso0))
        #expect(Hex.encode(clear.added(to: field).withBytes { Array($0) }) == expected)
    }

    @Test(arguments: Vectors.rows("pin-blocks"))
    func `formats 0, 3 and 4 agree with psec`(row: [String]) throws {
        let pan = try #require(PAN(row[1]))
        let pin = SecretBytes(row[0].utf8)
        let des = try CipherKey(row[3].bytes)
        let block = try PINBlock.encipher(pin, pan: pan, under: des)
        #expect(Hex.encode(block.withBytes { Array($0) }) == row[4])
        let aes = try CipherKey(row[3].bytes, .aes)
        #expect(try PINBlock.decipher(SecretBytes(row[5].bytes), pan: pan, format: .iso4, under: aes) == pin)
        let third = try SecretBytes(des.encryptECB(row[6].bytes))
        #expect(try PINBlock.decipher(third, pan: pan, format: .iso3, under: des) == pin)
    }

    @Test func `format 4 of psec, random part known`() throws {
        let key = try CipherKey("00112233445566778899AABBCCDDEEFF".bytes, .aes)
        let pan = try #require(PAN("1234567890123456789"))
        let block = try PINBlock.encipher(
            SecretBytes("1234".utf8), pan: pan, format: .iso4, under: key,
            filler: filler(0xFF))
        #expect(Hex.encode(block.withBytes { Array($0) }) == "28B41FDDD29B743E93124BD8E32D921E")
    }

    /// ANSI X9.24-3:2017, calculation of format 4, and hand made.
    @Test(arguments: [
        ("1234", "4111111111111111", "441234AAAAAAAAAA", "44111111111111111000000000000000"),
        ("12345", "411111111111111", "4512345AAAAAAAAA", "34111111111111110000000000000000"),
        ("1234", "112233445566778899", "441234AAAAAAAAAA", "61122334455667788990000000000000"),
    ])
    func `fields of format 4`(pin: String, pan: String, pinField: String, panField: String) throws {
        let first = try PINBlock.pinField(SecretBytes(pin.utf8), .iso4, filler(0))
        #expect(Hex.encode(first.withBytes { Array($0.prefix(8)) }) == pinField)
        let number = try #require(PAN(pan))
        let second = try #require(PINBlock.panField(number, .iso4))
        #expect(Hex.encode(second.withBytes { Array($0) }) == panField)
    }

    @Test func `hand-made format 1 and the fixed part of format 3`() throws {
        let first = try PINBlock.pinField(SecretBytes("12345".utf8), .iso1, "9A33C56EDCBA9876".bytes)
        #expect(Hex.encode(first.withBytes { Array($0) }) == "1512345EDCBA9876")
        let third = try PINBlock.pinField(SecretBytes("1234".utf8), .iso3, "0123456789ABCDEF".bytes)
        let nibbles = Hex.encode(third.withBytes { Array($0) })
        #expect(nibbles.hasPrefix("341234") && nibbles.dropFirst(6).allSatisfy { "ABCDEF".contains($0) })
    }

    static let formats: [(PINBlock.Format, KeyAlgorithm)] = [
        (.iso0, .tripleDES), (.iso1, .tripleDES), (.iso3, .tripleDES), (.iso4, .sm4), (.iso4, .aes),
    ]

    @Test(arguments: formats)
    func `what goes in comes out`(format: PINBlock.Format, algorithm: KeyAlgorithm) throws {
        let key = try CipherKey("0123456789ABCDEFFEDCBA9876543210".bytes, algorithm)
        for length in 4...12 {
            for pan in ["6225881234567", "6222020200112233", "6222020200112233446"] {
                let pan = try #require(PAN(pan))
                let pin = SecretBytes("904512873364".utf8.prefix(length))
                let block = try PINBlock.encipher(pin, pan: pan, format: format, under: key)
                #expect(block.count == key.blockSize)
                #expect(try PINBlock.decipher(block, pan: pan, format: format, under: key) == pin)
            }
        }
    }

    @Test(arguments: [(PINBlock.Format.iso0, KeyAlgorithm.tripleDES), (.iso3, .tripleDES), (.iso4, .aes)])
    func `another account number or key gives no PIN`(format: PINBlock.Format, algorithm: KeyAlgorithm) throws {
        let key = try CipherKey("0123456789ABCDEFFEDCBA9876543210".bytes, algorithm)
        let other = try CipherKey("55036372B17543ECB173730768B8D6C4".bytes, algorithm)
        let pan = try #require(PAN("4012345678909123"))
        let block = try PINBlock.encipher(SecretBytes("1234".utf8), pan: pan, format: format, under: key)
        let stranger = try #require(PAN("4088888888889123"))
        #expect(
            reason { _ = try PINBlock.decipher(block, pan: stranger, format: format, under: key) } == .wrongPINBlock)
        #expect(reason { _ = try PINBlock.decipher(block, pan: pan, format: format, under: other) } == .wrongPINBlock)
    }

    @Test func `format 0 without account number is the PIN part alone`() throws {
        let key = try CipherKey("0123456789ABCDEFFEDCBA9876543210".bytes)
        let block = try PINBlock.encipher(SecretBytes("123456".utf8), pan: nil, under: key)
        #expect(try Hex.encode(key.decryptECB(block.withBytes { Array($0) })) == "06123456FFFFFFFF")
        #expect(try PINBlock.decipher(block, pan: nil, under: key) == SecretBytes("123456".utf8))
    }

    @Test func `what does not fit is refused`() throws {
        let des = try CipherKey("0123456789ABCDEFFEDCBA9876543210".bytes)
        let aes = try CipherKey("0123456789ABCDEFFEDCBA9876543210".bytes, .aes)
        let pan = PAN("4012345678909123")
        for pin in ["", "123", "1234567890123", "12a4", "12 4", "１２３４"] {
            #expect(reason { _ = try PINBlock.encipher(SecretBytes(pin.utf8), pan: pan, under: des) } == .unsuitable)
        }
        let pin = SecretBytes("1234".utf8)
        #expect(reason { _ = try PINBlock.encipher(pin, pan: pan, format: .iso4, under: des) } == .unsuitable)
        #expect(reason { _ = try PINBlock.encipher(pin, pan: pan, format: .iso0, under: aes) } == .unsuitable)
        #expect(reason { _ = try PINBlock.encipher(pin, pan: nil, format: .iso3, under: des) } == .unsuitable)
        #expect(reason { _ = try PINBlock.encipher(pin, pan: nil, format: .iso4, under: aes) } == .unsuitable)
        for length in [0, 7, 9, 16] {
            let block = SecretBytes([UInt8](repeating: 0, count: length))
            #expect(reason { _ = try PINBlock.decipher(block, pan: pan, under: des) } == .wrongLength)
        }
    }

    @Test func `every first byte and every nibble is read without a trap`() throws {
        let formats: [PINBlock.Format] = [.iso0, .iso1, .iso3, .iso4]
        for format in formats {
            for first in UInt8.min...UInt8.max {
                let field = SecretBytes([first] + [UInt8](repeating: first, count: 15))
                _ = try? PINBlock.pin(in: field, format)
            }
        }
    }

    private func filler(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 8) }
}
