import Payments
import Testing
import Wire

@testable import PaymentCryptography

struct AESGCMTests {
    @Test(arguments: Vectors.rows("aes-gcm"))
    func `sealing agrees with another implementation`(row: [String]) throws {
        let (key, plain) = try (SecretBytes(row[0].bytes), SecretBytes(row[2].bytes))
        let sealed = try AESGCM.seal(plain, key: key, associated: row[1].bytes, nonce: row[3].bytes)
        #expect(Hex.encode(sealed) == row[4])
        #expect(try AESGCM.open(sealed, key: key, associated: row[1].bytes) == plain)
    }

    @Test func `two seals of one text differ`() throws {
        let key = try RandomBytes.secret(32)
        let plain = SecretBytes("6222020200112233".utf8)
        let (first, second) = try (AESGCM.seal(plain, key: key), AESGCM.seal(plain, key: key))
        #expect(first != second)
        #expect(first.count == plain.count + AESGCM.overhead)
        #expect(try AESGCM.open(first, key: key) == AESGCM.open(second, key: key))
    }

    @Test func `a changed bit, a cut, other data and another key are found`() throws {
        let key = try RandomBytes.secret(32)
        let associated: [UInt8] = [1, 2, 3]
        let sealed = try AESGCM.seal(SecretBytes("6222020200112233".utf8), key: key, associated: associated)
        for index in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[index] ^= 1 << bit
                #expect(
                    reason { _ = try AESGCM.open(changed, key: key, associated: associated) } == .notAuthentic)
            }
            let prefix = Array(sealed.prefix(index))
            #expect(reason { _ = try AESGCM.open(prefix, key: key, associated: associated) } == .notAuthentic)
        }
        #expect(reason { _ = try AESGCM.open(sealed, key: key) } == .notAuthentic)
        let other = try RandomBytes.secret(32)
        #expect(reason { _ = try AESGCM.open(sealed, key: other, associated: associated) } == .notAuthentic)
    }

    @Test(arguments: [0, 16, 31, 33])
    func `keys of other lengths are refused`(length: Int) {
        let key = SecretBytes([UInt8](repeating: 1, count: length))
        #expect(reason { _ = try AESGCM.seal(SecretBytes([1]), key: key) } == .wrongLength)
        #expect(reason { _ = try AESGCM.open([UInt8](repeating: 0, count: 40), key: key) } == .wrongLength)
    }

    @Test func `random bytes and comparison`() throws {
        #expect(try RandomBytes.make(0).isEmpty)
        let (first, second) = try (RandomBytes.make(32), RandomBytes.make(32))
        #expect(first.count == 32 && first != second)
        #expect(ConstantTime.equals(first, first))
        #expect(!ConstantTime.equals(first, second))
        #expect(!ConstantTime.equals(first, Array(first.dropLast())))
        #expect(ConstantTime.equals([], []))
    }
}
