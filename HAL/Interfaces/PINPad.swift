public import Payments

/// A PIN pad: it holds the PIN key itself, and only encrypted PIN blocks leave it. It also has the customer's display.
public protocol PINPad: OfflinePINEntry, Device {
    /// Loads the PIN key (PIK), enciphered under the pad's terminal master key, and checks its key check value.
    func loadPINKey(_ key: EncryptedKey) async throws(DeviceError)
    /// Asks the customer for a PIN to be checked by the issuer. Ends with `.cancelled` when the task is cancelled.
    func enterPIN(_ request: PINRequest, deadline: Uptime) async throws(DeviceError) -> PINResult
    /// Lets the customer choose one of these applications of the card, 1–9 in the card's order; answers its index, nil for
    /// cancel. Ends with `.cancelled` when the task is cancelled.
    func chooseApplication(_ names: [String], deadline: Uptime) async throws(DeviceError) -> Int?
}

/// What the pad needs to ask for a PIN.
public struct PINRequest: Equatable, Sendable {
    /// The account number that goes into the PIN block.
    public let pan: PAN
    /// Shown to the customer.
    public let amount: Money
    /// Fewest digits, at least 4.
    public let minimumLength: Int
    /// Most digits, at most 12.
    public let maximumLength: Int

    /// A request of these parts.
    public init(pan: PAN, amount: Money, minimumLength: Int = 4, maximumLength: Int = 12) {
        self.pan = pan
        self.amount = amount
        self.minimumLength = minimumLength
        self.maximumLength = maximumLength
    }
}

/// What the customer did at the pad.
public enum PINResult: Equatable, Sendable {
    /// Entered a PIN: its encrypted ISO 9564 block.
    case entered(block: SecretBytes)
    /// Pressed enter without a PIN.
    case bypassed
    /// Pressed cancel.
    case cancelled
}
