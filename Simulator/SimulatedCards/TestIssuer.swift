import PaymentCryptography

/// The issuers of the simulated cards. Their keys are published test keys.
public enum TestIssuer: Hashable, Sendable, CaseIterable {
    /// Certificates of 1152 bits, exponent 3.
    case first
    /// Certificates of 1408 bits, exponent 65537.
    case second

    /// The issuer's key pair.
    var key: TestRSAKey {
        switch self {
        case .first: TestKeys.firstIssuer
        case .second: TestKeys.secondIssuer
        }
    }

    /// The key pair of its cards.
    var cardKey: TestRSAKey {
        switch self {
        case .first: TestKeys.firstCard
        case .second: TestKeys.secondCard
        }
    }

    /// From this the key of every card's application cryptograms is derived.
    func cryptogramMasterKey() throws(CryptographyError) -> CipherKey {
        switch self {
        case .first: try CipherKey([UInt8](repeating: 0x11, count: 8) + [UInt8](repeating: 0x22, count: 8))
        case .second: try CipherKey([UInt8](repeating: 0x33, count: 8) + [UInt8](repeating: 0x44, count: 8))
        }
    }

    /// From this the key of every card's script MACs is derived.
    func scriptMasterKey() throws(CryptographyError) -> CipherKey {
        switch self {
        case .first: try CipherKey([UInt8](repeating: 0x55, count: 8) + [UInt8](repeating: 0x66, count: 8))
        case .second: try CipherKey([UInt8](repeating: 0x77, count: 8) + [UInt8](repeating: 0x88, count: 8))
        }
    }
}
