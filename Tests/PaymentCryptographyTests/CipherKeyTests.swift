import Payments
import Testing
import Wire

@testable import PaymentCryptography

struct CipherKeyTests {
    @Test(arguments: Vectors.rows("triple-des").map { ($0, KeyAlgorithm.tripleDES) })
    func `3DES agrees with psec`(row: [String], algorithm: KeyAlgorithm) throws { try check(row, algorithm) }

    @Test(arguments: Vectors.rows("sm4").map { ($0, KeyAlgorithm.sm4) })
    func `SM4 agrees with gmssl`(row: [String], algorithm: KeyAlgorithm) throws { try check(row, algorithm) }

    private func check(_ row: [String], _ algorithm: KeyAlgorithm) throws {
        let key = try CipherKey(row[0].bytes, algorithm)
        let (plain, ecb, iv, cbc) = try (row[1].bytes, row[2].bytes, row[3].bytes, row[4].bytes)
        #expect(try key.encryptECB(plain) == ecb)
        #expect(try key.decryptECB(ecb) == plain)
        #expect(try key.encryptCBC(plain, iv: iv) == cbc)
        #expect(try key.decryptCBC(cbc, iv: iv) == plain)
        #expect(try Hex.encode(key.checkValue()) == row[5])
    }

    /// GB/T 32907-2016, Annex A.1, and FIPS 197, Appendix C.
    @Test(arguments: [
        (
            KeyAlgorithm.sm4, "0123456789ABCDEFFEDCBA9876543210", "0123456789ABCDEFFEDCBA9876543210",
            "681EDF34D206965E86B3E94F536E4246"
        ),
        (
            .aes, "000102030405060708090A0B0C0D0E0F", "00112233445566778899AABBCCDDEEFF",
            "69C4E0D86A7B0430D8CDB78070B4C55A"
        ),
        (
            .aes, "000102030405060708090A0B0C0D0E0F1011121314151617", "00112233445566778899AABBCCDDEEFF",
            "DDA97CA4864CDFE06EAF70A0EC0D7191"
        ),
        (
            .aes, "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
            "00112233445566778899AABBCCDDEEFF", "8EA2B7CA516745BFEAFC49904B496089"
        ),
    ])
    func `published blocks`(algorithm: KeyAlgorithm, key: String, plain: String, expected: String) throws {
        #expect(try Hex.encode(CipherKey(key.bytes, algorithm).encryptECB(plain.bytes)) == expected)
    }

    @Test(arguments: [
        (KeyAlgorithm.tripleDES, [0, 7, 9, 15, 17, 23, 25, 32]), (.sm4, [0, 8, 15, 17, 24, 32]),
        (.aes, [0, 8, 15, 17, 31, 33]),
    ])
    func `keys of other lengths are refused`(algorithm: KeyAlgorithm, lengths: [Int]) {
        for length in lengths {
            #expect(reason { _ = try CipherKey([UInt8](repeating: 1, count: length), algorithm) } == .wrongLength)
        }
    }

    @Test(arguments: [KeyAlgorithm.tripleDES, .sm4, .aes])
    func `input that is no whole blocks is refused`(algorithm: KeyAlgorithm) throws {
        let key = try CipherKey([UInt8](repeating: 1, count: 16), algorithm)
        let whole = [UInt8](repeating: 2, count: key.blockSize * 2)
        for input in [Array(whole.dropLast()), whole + [0]] {
            #expect(reason { _ = try key.encryptECB(input) } == .wrongLength)
            #expect(reason { _ = try key.decryptECB(input) } == .wrongLength)
            #expect(reason { _ = try key.encryptCBC(input) } == .wrongLength)
            #expect(reason { _ = try key.decryptCBC(input) } == .wrongLength)
        }
        #expect(reason { _ = try key.encryptCBC(whole, iv: []) } == .wrongLength)
        #expect(reason { _ = try key.encryptCBC(whole, iv: whole) } == .wrongLength)
        #expect(try key.encryptECB([]).isEmpty)
    }

    @Test func `the published MAK comes out of its cipher text`() throws {
        let master = try CipherKey(TestKeys.terminalMasterKey)
        let clear = try CipherKey("C24A8FB57AA20123".bytes)
        let checkValue = try clear.checkValue()
        let single = try CipherKey(
            deciphering: "96D605EA176B7E9E".bytes, under: master, expecting: checkValue)
        let zeroFilled = try CipherKey(
            deciphering: "96D605EA176B7E9E0000000000000000".bytes, under: master, expecting: checkValue)
        #expect(single == clear)
        #expect(zeroFilled == clear)
        let double = try CipherKey("55036372B17543ECB173730768B8D6C4".bytes)
        let imported = try CipherKey(
            deciphering: master.encryptECB("55036372B17543ECB173730768B8D6C4".bytes), under: master,
            expecting: double.checkValue())
        #expect(imported == double)
    }

    @Test func `a key whose check value does not fit is refused`() throws {
        let master = try CipherKey(TestKeys.terminalMasterKey)
        let cipherText = try "96D605EA176B7E9E".bytes
        let right = try CipherKey("C24A8FB57AA20123".bytes).checkValue()
        for wrong in [[], Array(right.dropLast()), right + [0], right.map { $0 ^ 1 }] {
            #expect(
                reason { _ = try CipherKey(deciphering: cipherText, under: master, expecting: wrong) }
                    == .wrongCheckValue)
        }
        for length in [0, 7, 9, 32] {
            let cipherText = [UInt8](repeating: 1, count: length)
            #expect(
                reason { _ = try CipherKey(deciphering: cipherText, under: master, expecting: right) } == .wrongLength)
        }
    }

    @Test func `one key serves many threads`() async throws {
        let key = try CipherKey("55036372B17543ECB173730768B8D6C4".bytes)
        let message = try "1212B04E1227809C".bytes
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<200).allSatisfy { _ in
                        (try? MessageAuthentication.unionPayECB(key, over: message)) == Array("5FE058DB".utf8)
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}

/// Why `body` failed; nil if it did not, or failed with something else.
func reason(_ body: () throws -> Void) -> CryptographyError.Reason? {
    do {
        try body()
        return nil
    } catch {
        return (error as? CryptographyError)?.reason
    }
}
