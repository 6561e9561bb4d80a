import PaymentCryptography

/// A PIN that a rule of the CVM list asks for, on its way from customer to card or issuer.
struct PendingPIN: Equatable, Sendable {
    /// Number of the rule in the list.
    let index: Int
    let rule: VerificationRule
    let method: VerificationRule.Method
    /// The card's key for the PIN; nil where it goes in the clear or to the issuer.
    var key: RSAPublicKey?
    /// Tries left by the card's word; nil if it says nothing.
    var triesLeft: Int?
    /// How often the card found it wrong.
    var failures = 0

    /// More wrong PINs than any card can count (63Cx), so that none keeps the customer for ever.
    static let mostFailures = 15
}
