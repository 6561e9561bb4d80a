public import PaymentCryptography
public import Payments

/// A certification authority's public key (EMV 4.4 Book 2, 11.2.2).
public struct CAPublicKey: Equatable, Sendable {
    /// Registered application provider identifier, five bytes (9F06 of the download).
    public let rid: [UInt8]
    /// Index of the key (9F22).
    public let index: UInt8
    /// The key itself, up to 1984 bits.
    public let key: RSAPublicKey
    /// Last day of the key, `YYYYMMDD` (DF05); nil for none.
    public let expiry: Int?

    /// A key of these parts (9F06, 9F22, DF02, DF04, DF05). Throws if a part has a wrong form, or if `checksum` (DF03)
    /// is not the SHA-1 of RID, index, modulus and exponent.
    public init(
        rid: [UInt8], index: UInt8, modulus: [UInt8], exponent: Int, expiry: Int? = nil, checksum: [UInt8]
    ) throws(CAPublicKeyError) {
        guard rid.count == 5 else { throw .invalidRID }
        guard exponent == 3 || exponent == 65537 else { throw .invalidExponent }
        guard modulus.count <= 248, let key = try? RSAPublicKey(modulus: modulus, exponent: exponent) else {
            throw .invalidModulus
        }
        guard (try? Digest.sha1(rid + [index] + modulus + key.exponentBytes)) == checksum else {
            throw .wrongChecksum
        }
        guard expiry.map(Self.isDate) ?? true else { throw .invalidExpiry }
        self.rid = rid
        self.index = index
        self.key = key
        self.expiry = expiry
    }

    /// Whether its last day has passed on the day of `time`. An expired key authenticates no card (Book 2, 11.2.2).
    public func isExpired(on time: LocalDateTime) -> Bool {
        expiry.map { $0 < (time.year * 100 + time.month) * 100 + time.day } ?? false
    }

    private static func isDate(_ number: Int) -> Bool {
        LocalDateTime(
            validYear: number / 10_000, month: number / 100 % 100, day: number % 100, hour: 0, minute: 0, second: 0)
            != nil
    }

    /// Length of the key in bits.
    public var bits: Int { key.modulus.count * 8 }
}

/// Why a certification authority's key was refused.
public enum CAPublicKeyError: String, Error, Sendable {
    /// Not five bytes.
    case invalidRID
    /// Not 64–248 bytes, or no modulus of RSA.
    case invalidModulus
    /// Neither 3 nor 65537 (Book 2, 11.2).
    case invalidExponent
    /// No date of the calendar.
    case invalidExpiry
    /// The SHA-1 of the key is another one.
    case wrongChecksum

    /// What is wrong, for people.
    public var words: String {
        switch self {
        case .invalidRID: "the RID is not 5 bytes"
        case .invalidModulus: "the modulus is none of RSA with 512 to 1984 bits"
        case .invalidExponent: "the exponent is neither 3 nor 65537"
        case .invalidExpiry: "the expiry is no date"
        case .wrongChecksum: "the checksum is not the SHA-1 of RID, index, modulus and exponent"
        }
    }
}
