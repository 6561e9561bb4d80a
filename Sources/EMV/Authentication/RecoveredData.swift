import PaymentCryptography
import Wire

/// Why offline data authentication failed.
struct AuthenticationError: Error, Equatable, Sendable {
    /// Whether the card lacks an object that it must have; that has a bit of its own in the TVR.
    let isMissing: Bool
    /// What it is that does not hold, for technicians, without card data. Whoever knows names it.
    var obstacle = ""

    /// An object that the card must have is not there.
    static let missing = AuthenticationError(isMissing: true)
    /// Something does not fit.
    static let failed = AuthenticationError(isMissing: false)

    /// The object `tag` is not there.
    static func missing(_ tag: TLV.Tag) -> Self { missing.of("\(tag) is missing") }

    /// The same with the name of what was being checked.
    func of(_ obstacle: String) -> Self { AuthenticationError(isMissing: isMissing, obstacle: obstacle) }
}

/// What an RSA signature of EMV gives back: header, format, contents, hash and trailer (EMV 4.4 Book 2, A2.1).
struct RecoveredData {
    /// Everything between header and hash, the format byte first.
    let body: [UInt8]
    private let hash: ArraySlice<UInt8>
    private let algorithmOffset: Int

    /// Recovers `signature` and checks its length, header, format and trailer. The hash algorithm stands at
    /// `algorithmOffset` of the body. What it says counts only once its hash is verified.
    init(
        _ signature: [UInt8], _ key: RSAPublicKey, format: UInt8, algorithmOffset: Int, minimumLength: Int
    ) throws(AuthenticationError) {
        guard signature.count == key.modulus.count, signature.count >= minimumLength,
            let recovered = try? key.recover(signature), recovered.count == signature.count,
            recovered.first == 0x6A, recovered.last == 0xBC, recovered[1] == format
        else { throw .failed }
        body = Array(recovered[1..<recovered.count - 21])
        hash = recovered[(recovered.count - 21)..<(recovered.count - 1)]
        self.algorithmOffset = algorithmOffset
    }

    /// Checks the hash, `extra` hashed behind the body.
    func verify(hashedWith extra: [UInt8]) throws(AuthenticationError) {
        guard algorithmOffset < body.count, body[algorithmOffset] == 0x01,
            let computed = try? Digest.sha1(body + extra), computed.elementsEqual(hash)
        else { throw .failed }
    }
}
