import COpenSSL
public import Payments
import Wire

/// What is kept of a PIN or password: a salted slow hash, scrypt (RFC 7914). It prints as dots, because a PIN has so few
/// digits that its hash tells it to whoever has the time.
public struct PasswordHash: Sendable, Equatable, CustomStringConvertible {
    /// What trying one password costs.
    public struct Cost: Sendable, Equatable {
        /// CPU and memory, `N`: a power of two. Memory is 128 · `blockSize` · `rounds` bytes.
        public let rounds: UInt64
        /// Block size, `r`.
        public let blockSize: UInt32
        /// How often it is done anew, `p`.
        public let lanes: UInt32

        /// A cost of these parts.
        public init(rounds: UInt64, blockSize: UInt32, lanes: UInt32) {
            self.rounds = rounds
            self.blockSize = blockSize
            self.lanes = lanes
        }

        /// About 50 ms and 16 MiB for so long: what a small terminal can spare, also beside a payment.
        public static let standard = Cost(rounds: 16384, blockSize: 8, lanes: 1)

        /// The most that a stored hash may ask for: twice the memory and eight times the work of `standard`, so that a
        /// hostile file eats neither.
        var isBearable: Bool {
            (2...32768).contains(rounds) && rounds.nonzeroBitCount == 1 && (1...8).contains(blockSize)
                && (1...4).contains(lanes)
        }
    }

    private static let saltLength = 16
    private static let hashLength = 32
    private static let name = "scrypt"

    private let cost: Cost
    private let salt: [UInt8]
    private let hash: SecretBytes

    /// The hash of `password` with a new salt. Takes as long as `cost` says.
    public init(_ password: SecretBytes, cost: Cost = .standard) throws(CryptographyError) {
        try self.init(password, cost: cost, salt: RandomBytes.make(Self.saltLength))
    }

    init(_ password: SecretBytes, cost: Cost, salt: [UInt8]) throws(CryptographyError) {
        self.cost = cost
        self.salt = salt
        hash = try Self.derive(password, salt: salt, cost: cost, count: Self.hashLength)
    }

    /// The hash that `encoded` wrote. Throws `unsuitable` for any other text, and for a cost that is out of bounds.
    public init(encoded: SecretBytes) throws(CryptographyError) {
        let refusal = CryptographyError(.unsuitable, "stored password hash")
        let text = encoded.withBytes { String(decoding: $0.prefix(256), as: UTF8.self) }
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == Self.name, let rounds = UInt64(parts[1]),
            let blockSize = UInt32(parts[2]), let lanes = UInt32(parts[3]),
            let salt = try? Hex.decode(String(parts[4])), let hash = try? Hex.decode(String(parts[5])),
            salt.count == Self.saltLength, hash.count == Self.hashLength
        else { throw refusal }
        cost = Cost(rounds: rounds, blockSize: blockSize, lanes: lanes)
        guard cost.isBearable else { throw refusal }
        self.salt = salt
        self.hash = SecretBytes(hash)
    }

    /// `scrypt$N$r$p$salt$hash`, the last two in hexadecimal: for an owner-only file, never for a log.
    public var encoded: SecretBytes {
        let hash = hash.withBytes { Hex.encode(Array($0)) }
        let fields = [
            Self.name, String(cost.rounds), String(cost.blockSize), String(cost.lanes), Hex.encode(salt), hash,
        ]
        return SecretBytes(Array(fields.joined(separator: "$").utf8))
    }

    /// Whether this is the hash of `password`. Takes as long as the cost says, whatever the answer.
    public func matches(_ password: SecretBytes) throws(CryptographyError) -> Bool {
        try Self.derive(password, salt: salt, cost: cost, count: hash.count) == hash
    }

    /// Dots, never salt or hash.
    public var description: String { hash.description }

    static func derive(
        _ password: SecretBytes, salt: [UInt8], cost: Cost, count: Int
    ) throws(CryptographyError) -> SecretBytes {
        // The library's working memory is N blocks and a little; it wipes what it has used.
        let memory = 128 * UInt64(cost.blockSize) * (cost.rounds + UInt64(cost.lanes) + 2)
        let context = try OpenSSL.context()
        return try SecretBytes(count: count) { (key) throws(CryptographyError) in
            let status = password.withBytes { password in
                EVP_PBE_scrypt_ex(
                    password.bindMemory(to: CChar.self).baseAddress, password.count, salt, salt.count, cost.rounds,
                    UInt64(cost.blockSize), UInt64(cost.lanes), memory,
                    key.bindMemory(to: UInt8.self).baseAddress, key.count, context, "provider=default")
            }
            try OpenSSL.check(status, "EVP_PBE_scrypt_ex")
        }
    }
}
