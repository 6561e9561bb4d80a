public import Payments

/// A key that enters in two or three parts, each known to another person: their sum (XOR) is the key.
public struct KeyComponents: Sendable {
    /// The cipher of the key.
    public let algorithm: KeyAlgorithm
    private var parts: [SecretBytes] = []

    /// No part yet.
    public init(_ algorithm: KeyAlgorithm = .tripleDES) { self.algorithm = algorithm }

    /// How many parts have entered.
    public var count: Int { parts.count }

    /// Takes the next part and gives its check value, which its holder compares with the paper.
    ///
    /// Throws `wrongLength` unless it is 16 or 24 bytes and as long as the first, or if there are three already, and
    /// `weakKey` for zeros and for a part that repeats an earlier one: the two would cancel each other.
    public mutating func add(_ part: SecretBytes) throws(CryptographyError) -> [UInt8] {
        guard parts.count < 3, part.count >= 16, part.count == parts.first?.count ?? part.count else {
            throw CryptographyError(.wrongLength, "key component of \(part.count) bytes")
        }
        let checkValue = try CipherKey(part, algorithm).checkValue()
        guard !part.withBytes({ $0.allSatisfy { $0 == 0 } }), !parts.contains(part) else {
            throw CryptographyError(.weakKey, "key component")
        }
        parts.append(part)
        return checkValue
    }

    /// The whole key. Throws `wrongLength` for fewer than two parts, `weakKey` for a sum that an attacker could guess.
    public func combined() throws(CryptographyError) -> CipherKey {
        guard parts.count >= 2 else { throw CryptographyError(.wrongLength, "\(parts.count) key components") }
        let key = try CipherKey(parts.dropFirst().reduce(parts[0]) { $0.added(to: $1) }, algorithm)
        guard !key.isWeak else { throw CryptographyError(.weakKey, "sum of the key components") }
        return key
    }
}

extension CipherKey {
    /// Zeros, or a DES key that is worth fewer keys than it has: neighbouring parts alike, or a part that is weak or
    /// semi-weak (NIST SP 800-67, 3.3.2).
    var isWeak: Bool {
        bytes.withBytes { bytes in
            if bytes.allSatisfy({ $0 == 0 }) { return true }
            guard algorithm == .tripleDES else { return false }
            // Without the parity bits, which DES does not use.
            let parts = stride(from: 0, to: bytes.count, by: 8).map { start in
                bytes[start..<start + 8].map { $0 & 0xFE }
            }
            return zip(parts, parts.dropFirst()).contains { $0 == $1 } || parts.contains(where: isWeakDES)
        }
    }

    /// The 16 weak and semi-weak keys: two bytes that alternate, each of four values, in the left half, and their
    /// counterparts in the right half.
    private func isWeakDES(_ part: [UInt8]) -> Bool {
        let counterpart: [UInt8: UInt8] = [0x00: 0x00, 0x1E: 0x0E, 0xE0: 0xF0, 0xFE: 0xFE]
        guard let first = counterpart[part[0]], let second = counterpart[part[1]] else { return false }
        return part == [part[0], part[1], part[0], part[1], first, second, first, second]
    }
}
