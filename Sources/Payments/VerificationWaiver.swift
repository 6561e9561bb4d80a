/// What stood in the place of PIN and signature of a tap.
public enum VerificationWaiver: Hashable, Codable, Sendable {
    /// The customer's own device verified its owner.
    case onDevice
    /// The amount was not above the shop's limit for taps that need neither (UnionPay).
    case smallAmount(limit: Money)
}
