import PaymentCryptography

/// The issuers of the simulated cards. Their keys are published test keys.
public enum TestIssuer: Hashable, Sendable, CaseIterable {
    /// Certificates of 1152 bits, exponent 3; cards of 1024 bits.
    case first
    /// Certificates of 1408 bits, exponent 65537; cards of 1024 bits.
    case second
    /// Certificates of 1984 bits, exponent 3; cards of 1536 bits.
    case third
    /// Certificates of 1024 bits, exponent 3; cards of 768 bits.
    case fourth

    /// The issuer's key pair.
    var key: TestRSAKey {
        switch self {
        case .first: TestKeys.firstIssuer
        case .second: TestKeys.secondIssuer
        case .third: TestKeys.thirdIssuer
        case .fourth: TestKeys.fourthIssuer
        }
    }

    /// The key pair of its cards.
    var cardKey: TestRSAKey {
        switch self {
        case .first: TestKeys.firstCard
        case .second: TestKeys.secondCard
        case .third: TestKeys.thirdCard
        case .fourth: TestKeys.fourthCard
        }
    }

    /// What the keys that an issuer shares with its cards are for; each card's key is derived from one of them.
    enum Purpose: Sendable {
        /// Application cryptograms.
        case cryptograms
        /// The MACs of scripts.
        case scripts
        /// What scripts carry enciphered.
        case secrets
    }

    /// The key from which those of its cards are derived: two bytes, eight times each.
    func masterKey(for purpose: Purpose) throws(CryptographyError) -> CipherKey {
        let (left, right): (UInt8, UInt8) =
            switch (self, purpose) {
            case (.first, .cryptograms): (0x11, 0x22)
            case (.first, .scripts): (0x55, 0x66)
            case (.first, .secrets): (0x99, 0xAA)
            case (.second, .cryptograms): (0x33, 0x44)
            case (.second, .scripts): (0x77, 0x88)
            case (.second, .secrets): (0xBB, 0xCC)
            case (.third, .cryptograms): (0x1F, 0x2F)
            case (.third, .scripts): (0x5F, 0x6F)
            case (.third, .secrets): (0x9F, 0xAF)
            case (.fourth, .cryptograms): (0x3E, 0x4E)
            case (.fourth, .scripts): (0x7E, 0x8E)
            case (.fourth, .secrets): (0xBE, 0xCE)
            }
        return try CipherKey([UInt8](repeating: left, count: 8) + [UInt8](repeating: right, count: 8))
    }
}
