import PaymentCryptography
import Payments
import Wire

/// The numbers of a published RSA test key, spelt in hexadecimal.
struct TestRSAKey: Sendable {
    let exponent: Int
    let modulus: String
    let privateExponent: String

    /// The key itself. Throws where the numbers are misspelt.
    func key() throws(CryptographyError) -> RSAPrivateKey {
        try RSAPrivateKey(
            modulus: bytes(modulus), exponent: exponent, privateExponent: SecretBytes(bytes(privateExponent)))
    }

    private func bytes(_ text: String) throws(CryptographyError) -> [UInt8] {
        do { return try Hex.decode(text) } catch { throw CryptographyError(.unsuitable, "spelling of a test key") }
    }
}
