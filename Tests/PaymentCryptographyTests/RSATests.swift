import Payments
import Testing
import Wire

@testable import PaymentCryptography

struct RSATests {
    @Test(arguments: Vectors.rows("rsa-public"))
    func `recovery agrees with plain integers`(row: [String]) throws {
        let key = try RSAPublicKey(modulus: row[0].bytes, exponent: #require(Int(row[1])))
        #expect(try Hex.encode(key.recover(row[2].bytes)) == row[3])
    }

    @Test(arguments: Vectors.rows("rsa-private"))
    func `signatures agree with plain integers`(row: [String]) throws {
        let key = try RSAPrivateKey(
            modulus: row[0].bytes, exponent: #require(Int(row[1])), privateExponent: SecretBytes(row[2].bytes))
        let signed = try key.sign(row[3].bytes)
        #expect(Hex.encode(signed) == row[4])
        #expect(try Hex.encode(key.publicKey.recover(signed)) == row[3])
    }

    @Test(arguments: [(512, 3), (1024, 3), (1152, 65537), (1984, 3)])
    func `a new key signs and recovers`(bits: Int, exponent: Int) throws {
        let key = try RSAPrivateKey.generate(bits: bits, exponent: exponent)
        #expect(key.publicKey.modulus.count * 8 == bits)
        #expect(key.publicKey.exponent == exponent)
        let message = [0x6A] + (1..<bits / 8).map { UInt8(truncatingIfNeeded: $0) }
        let signed = try key.sign(message)
        #expect(signed != message)
        #expect(try key.publicKey.recover(signed) == message)
    }

    @Test(arguments: [0, 63, 257])
    func `moduli of other lengths are refused`(length: Int) {
        let modulus = [UInt8](repeating: 0xFF, count: length)
        #expect(reason { _ = try RSAPublicKey(modulus: modulus, exponent: 3) } == .wrongLength)
    }

    @Test func `numbers that are no key are refused`() throws {
        let odd = [UInt8](repeating: 0xFF, count: 128)
        #expect(reason { _ = try RSAPublicKey(modulus: odd.dropLast() + [0xFE], exponent: 3) } == .unsuitable)
        #expect(reason { _ = try RSAPublicKey(modulus: [0] + odd.dropLast(), exponent: 3) } == .wrongLength)
        for exponent in [-3, 0, 1, 2, 5, 17, 65536, Int.max] {
            #expect(reason { _ = try RSAPublicKey(modulus: odd, exponent: exponent) } == .unsuitable)
        }
        #expect(reason { _ = try RSAPrivateKey.generate(bits: 504) } == .wrongLength)
        #expect(reason { _ = try RSAPrivateKey.generate(bits: 1025) } == .wrongLength)
        #expect(reason { _ = try RSAPrivateKey.generate(bits: 512, exponent: 4) } != nil)
    }

    @Test func `input that is too long, too short or too large is refused, and the next one works`() throws {
        let key = try RSAPublicKey(modulus: [UInt8](repeating: 0xF7, count: 128), exponent: 3)
        for length in [0, 127, 129, 256] {
            #expect(reason { _ = try key.recover([UInt8](repeating: 1, count: length)) } == .wrongLength)
        }
        #expect(reason { _ = try key.recover([UInt8](repeating: 0xFF, count: 128)) } == .library)
        #expect(reason { _ = try key.recover(key.modulus) } == .library)
        let two = [UInt8](repeating: 0, count: 127) + [2]
        #expect(try key.recover(two) == [UInt8](repeating: 0, count: 127) + [8])
    }
}
