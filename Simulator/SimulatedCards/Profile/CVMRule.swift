/// A cardholder verification rule (EMV 4.4 Book 3, Annex C3): a method and the condition under which it applies.
public struct CVMRule: Equatable, Sendable {
    /// Method, with bit 7 set where a failure goes on to the next rule.
    public let method: UInt8
    /// Condition.
    public let condition: UInt8

    /// A rule of these two bytes.
    public init(method: UInt8, condition: UInt8) {
        self.method = method
        self.condition = condition
    }

    /// Enciphered PIN to the issuer, if the terminal can; a failure goes on.
    public static let onlinePIN = CVMRule(method: 0x42, condition: 0x03)
    /// Enciphered PIN to the issuer, if the terminal can; a failure ends it.
    public static let onlinePINOnly = CVMRule(method: 0x02, condition: 0x03)
    /// Signature on paper, if the terminal can.
    public static let signature = CVMRule(method: 0x5E, condition: 0x03)
    /// PIN in the clear to the card, if the terminal can; a failure goes on.
    public static let plaintextPIN = CVMRule(method: 0x41, condition: 0x03)
    /// Enciphered PIN to the card, if the terminal can; a failure goes on.
    public static let encipheredPIN = CVMRule(method: 0x44, condition: 0x03)
    /// Nothing asked, always.
    public static let none = CVMRule(method: 0x1F, condition: 0x00)

    /// The value of object 8E for rules without amounts.
    public static func list(_ rules: [CVMRule]) -> [UInt8] {
        [UInt8](repeating: 0, count: 8) + rules.flatMap { [$0.method, $0.condition] }
    }
}
