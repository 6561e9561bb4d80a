import EMV

/// A certification authority's key as the configuration says it.
struct AuthorityKeySettings: Decodable {
    let key: CAPublicKey

    private enum CodingKeys: String, CodingKey {
        case rid, index, modulus, exponent, expiry, checksum
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let expiry = try container.contains(.expiry) ? container.number(.expiry, in: 20_000_101...99_991_231) : nil
        let (rid, index) = (try container.hex(.rid, 5...5), try container.hex(.index, 1...1))
        let modulus = try container.hex(.modulus, 64...248)
        let exponent = try container.number(.exponent, in: 3...65_537)
        let checksum = try container.hex(.checksum, 20...20)
        do {
            key = try CAPublicKey(
                rid: rid, index: index[0], modulus: modulus, exponent: exponent, expiry: expiry, checksum: checksum)
        } catch {
            switch error {
            case .invalidRID: throw container.invalid(.rid, "must be 5 bytes in hexadecimal")
            case .invalidExponent: throw container.invalid(.exponent, "must be 3 or 65537")
            case .invalidModulus: throw container.invalid(.modulus, "is no modulus of RSA")
            case .invalidExpiry: throw container.invalid(.expiry, "must be a date of the calendar, YYYYMMDD")
            case .wrongChecksum:
                throw container.invalid(.checksum, "is not the SHA-1 of RID, index, modulus and exponent")
            }
        }
    }
}
