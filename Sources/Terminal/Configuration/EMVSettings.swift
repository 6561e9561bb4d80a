public import EMV
import Engine
import Payments
import Wire

/// What cards are told of the terminal, and which applications and keys it knows.
public struct EMVSettings: Equatable, Sendable, Decodable {
    /// Country, ISO 3166-1 numeric.
    public let country: Int
    /// Serial number, eight letters or digits (9F1E).
    public let serialNumber: String
    /// Merchant category code, four digits (9F15).
    public let merchantCategory: Int
    /// Applications, in the terminal's order of preference.
    let applications: [ApplicationParameters]
    /// The certification authorities' keys.
    let caKeys: [CAPublicKey]

    private enum CodingKeys: String, CodingKey {
        case country, serialNumber, merchantCategory, applications, caKeys
    }

    /// Reads the section `emv`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        country = try container.number(.country, in: 1...999, or: 156)
        merchantCategory = try container.number(.merchantCategory, in: 0...9_999, or: 5_411)
        serialNumber = try container.lettersAndDigits(.serialNumber, count: 8)
        applications = try container.decode([Application].self, forKey: .applications).map(\.parameters)
        guard !applications.isEmpty else {
            throw container.invalid(.applications, "must name one application at least")
        }
        caKeys = try container.value(.caKeys, or: [Key]()).map(\.key)
    }

    private struct Application: Decodable {
        let parameters: ApplicationParameters

        private enum CodingKeys: String, CodingKey {
            case aid, allowsPartialMatch, version, tacDenial, tacOnline, tacDefault, defaultDDOL, floorLimit
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
            func tac(_ key: CodingKeys) throws -> TVR {
                TVR(rawValue: try container.hex(key, 5...5).reduce(0) { $0 << 8 | UInt64($1) })
            }
            var parameters = ApplicationParameters(
                aid: try container.hex(.aid, 5...16), tacDenial: try tac(.tacDenial), tacOnline: try tac(.tacOnline),
                tacDefault: try tac(.tacDefault))
            parameters.allowsPartialMatch = try container.value(.allowsPartialMatch, or: true)
            if container.contains(.version) {
                parameters.version = try container.hex(.version, 2...2).reduce(0) { $0 << 8 | UInt16($1) }
            }
            parameters.floorLimit = Int64(try container.number(.floorLimit, in: 0...999_999_999, or: 0))
            if container.contains(.defaultDDOL) { parameters.defaultDDOL = try container.hex(.defaultDDOL, 1...64) }
            self.parameters = parameters
        }
    }

    private struct Key: Decodable {
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
                case .wrongChecksum:
                    throw container.invalid(.checksum, "is not the SHA-1 of RID, index, modulus and exponent")
                }
            }
        }
    }
}

extension KeyedDecodingContainer {
    /// Bytes in hexadecimal, their number within `count`.
    fileprivate func hex(_ key: Key, _ count: ClosedRange<Int>) throws -> [UInt8] {
        let found = try? Hex.decode(try decode(String.self, forKey: key))
        let size =
            count.lowerBound == count.upperBound ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
        guard let found, count.contains(found.count) else {
            throw contains(key)
                ? invalid(key, "must be \(size) bytes in hexadecimal")
                : DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: ""))
        }
        return found
    }
}

extension Configuration {
    /// What the kernel knows of this terminal: attended, and online only (terminal type 21) unless the shop takes offline
    /// approvals (22; EMV 4.4 Book 4, Annex A1).
    public var terminalData: TerminalData {
        var data = TerminalData(
            applications: emv.applications, caKeys: emv.caKeys, countryCode: emv.country,
            terminalType: store.takesOffline ? 0x22 : 0x21, serialNumber: emv.serialNumber, terminalID: terminal.number,
            merchantID: terminal.merchant)
        data.merchantCategory = emv.merchantCategory
        data.merchantName = terminal.name.english
        data.asksForApplication = pinPad != nil
        return data
    }
}
