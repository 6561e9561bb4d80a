import COpenSSL

/// The public half of an RSA key, for certificates of EMV cards (EMV 4.4 Book 2, 6 and B2.1).
public struct RSAPublicKey: Equatable, Sendable {
    /// The modulus, big-endian, 64 to 256 bytes.
    public let modulus: [UInt8]
    /// The exponent, 3 or 65537.
    public let exponent: Int

    /// A key of these numbers. Throws `wrongLength` for a modulus of fewer than 512 or more than 2048 bits, and
    /// `unsuitable` for an even one and for other exponents than 3 and 65537.
    public init(modulus: [UInt8], exponent: Int) throws(CryptographyError) {
        guard (64...256).contains(modulus.count), let first = modulus.first, first != 0 else {
            throw CryptographyError(.wrongLength, "RSA modulus of \(modulus.count) bytes")
        }
        guard let last = modulus.last, last & 1 == 1 else { throw CryptographyError(.unsuitable, "even RSA modulus") }
        guard exponent == 3 || exponent == 65537 else { throw CryptographyError(.unsuitable, "RSA exponent") }
        self.modulus = modulus
        self.exponent = exponent
    }

    /// The exponent as a big-endian number without leading zeros, as certificates carry it.
    public var exponentBytes: [UInt8] { exponent == 3 ? [3] : [1, 0, 1] }

    /// `signed` to the power of the exponent, as long as the modulus (EMV 4.4 Book 2, A2.1.2 step 1). Throws
    /// `wrongLength` for another length than the modulus', `library` for a number that is not below it.
    public func recover(_ signed: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let key = try RSAContext(modulus: modulus, exponent: exponentBytes, privateExponent: nil)
        return try key.power(signed, size: modulus.count)
    }
}
