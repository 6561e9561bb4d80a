public import Payments

/// A device with keys that can take a PIN for the card to check (EMV 4.4 Book 2, 7; ISO 9564-1). No digit of it reaches the
/// terminal: what is enciphered under the card's key passes through, what goes in the clear goes from the device to the card.
public protocol OfflinePINEntry: Sendable {
    /// The ways it can do that now; none where it has no keys, no slot, or is absent.
    func offlinePINMethods() async -> Set<OfflinePINMethod>
    /// Asks the customer for a PIN to be checked by the card that is in the slot. Throws `.refused` for a way that the
    /// device cannot do; ends with `.cancelled` when the task is cancelled.
    func enterOfflinePIN(_ request: OfflinePINRequest, deadline: Uptime) async throws(DeviceError) -> OfflinePINResult
}

extension OfflinePINEntry {
    /// No way at all.
    public func offlinePINMethods() async -> Set<OfflinePINMethod> { [] }
    /// Refused.
    public func enterOfflinePIN(
        _ request: OfflinePINRequest, deadline: Uptime
    ) async throws(DeviceError) -> OfflinePINResult {
        throw DeviceError(.refused, "enterOfflinePIN")
    }
}

/// How a PIN goes to the card.
public enum OfflinePINMethod: String, CaseIterable, Sendable {
    /// In the clear, from the device straight to the card.
    case plaintext
    /// Enciphered under the card's key.
    case enciphered
}

/// What a device needs to ask for a PIN that the card checks.
public struct OfflinePINRequest: Equatable, Sendable {
    /// The card's key for the PIN; nil sends it in the clear.
    public let key: CardPINKey?
    /// Shown to the customer.
    public let amount: Money
    /// Tries left, shown to the customer; nil if the card does not say.
    public let triesLeft: Int?
    /// Fewest digits, at least 4.
    public let minimumLength: Int
    /// Most digits, at most 12.
    public let maximumLength: Int

    /// A request of these parts.
    public init(key: CardPINKey?, amount: Money, triesLeft: Int?, minimumLength: Int = 4, maximumLength: Int = 12) {
        self.key = key
        self.amount = amount
        self.triesLeft = triesLeft
        self.minimumLength = minimumLength
        self.maximumLength = maximumLength
    }

    /// How the PIN goes to the card.
    public var method: OfflinePINMethod { key == nil ? .plaintext : .enciphered }
}

/// What a PIN is enciphered with for the card (EMV 4.4 Book 2, 7.2).
public struct CardPINKey: Equatable, Sendable {
    /// Modulus of the card's RSA key, 64–248 bytes.
    public let modulus: [UInt8]
    /// Public exponent, 3 or 65537.
    public let exponent: Int
    /// The card's unpredictable number, 8 bytes, from GET CHALLENGE.
    public let challenge: [UInt8]

    /// A key of these parts.
    public init(modulus: [UInt8], exponent: Int, challenge: [UInt8]) {
        self.modulus = modulus
        self.exponent = exponent
        self.challenge = challenge
    }
}

/// What became of a PIN for the card.
public enum OfflinePINResult: Equatable, Sendable {
    /// Entered: enciphered PIN data, as long as the key's modulus, for VERIFY (Book 3, 6.5.12).
    case enciphered([UInt8])
    /// Entered, and the device has shown it to the card: the card's answer to VERIFY, status bytes included.
    case answered([UInt8])
    /// Pressed enter without a PIN.
    case bypassed
    /// Pressed cancel.
    case cancelled
}
