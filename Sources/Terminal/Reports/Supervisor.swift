public import Payments

/// Somebody who allows what a cashier may not do alone, as the control API takes it.
public struct Supervisor: Codable, Equatable, Sendable {
    /// Two digits.
    public var number: OperatorNumber
    /// What proves it.
    public var pin: OperatorPIN

    private enum CodingKeys: String, CodingKey {
        case number, pin
    }

    /// Reads number and PIN strictly.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        number = try container.decode(OperatorNumber.self, forKey: .number)
        pin = try container.decode(OperatorPIN.self, forKey: .pin)
    }

    /// An operator with a PIN.
    public init(number: OperatorNumber, pin: OperatorPIN) {
        self.number = number
        self.pin = pin
    }
}
