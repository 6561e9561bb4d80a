import PaymentCryptography
import Testing
import Wire

struct DigestTests {
    /// FIPS 180-4 examples.
    @Test(arguments: [
        ("", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"), ("abc", "A9993E364706816ABA3E25717850C26C9CD0D89D"),
    ])
    func `SHA-1`(text: String, expected: String) throws {
        #expect(try Hex.encode(Digest.sha1(text.utf8)) == expected)
    }

    @Test(arguments: [
        ("", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"),
        ("abc", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"),
    ])
    func `SHA-256`(text: String, expected: String) throws {
        #expect(try Hex.encode(Digest.sha256(text.utf8)) == expected)
    }

    @Test(arguments: Vectors.rows("ca-keys"))
    func `checksums of published scheme keys`(row: [String]) throws {
        let exponent = try row[2].bytes
        let modulus = try row[3].bytes
        #expect(try Hex.encode(Digest.sha1(row[0].bytes + row[1].bytes + modulus + exponent)) == row[4])
        let key = try RSAPublicKey(modulus: modulus, exponent: exponent == [3] ? 3 : 65537)
        #expect(key.exponentBytes == exponent)
    }
}
