import Engine
public import Payments

/// What the control API takes to change an operator: who does it, with which PIN. A key it does not know is refused.
public struct OperatorOrder: Codable, Sendable {
    /// Who does it; absent for the shop's first operator.
    public let by: OperatorNumber?
    /// Its PIN.
    public let pin: OperatorPIN?
    /// The PIN to be, of a new operator or in place of the old one.
    public let newPIN: OperatorPIN?

    private enum CodingKeys: String, CodingKey {
        case by, pin, newPIN
    }

    /// An order of these parts.
    public init(by: OperatorNumber? = nil, pin: OperatorPIN? = nil, newPIN: OperatorPIN? = nil) {
        self.by = by
        self.pin = pin
        self.newPIN = newPIN
    }

    /// Reads an order strictly.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        by = try container.decodeIfPresent(OperatorNumber.self, forKey: .by)
        pin = try container.decodeIfPresent(OperatorPIN.self, forKey: .pin)
        newPIN = try container.decodeIfPresent(OperatorPIN.self, forKey: .newPIN)
    }
}

/// The shop's operators, as the control API tells of them.
public struct OperatorList: Codable, Sendable, Equatable {
    /// One operator.
    public struct Row: Codable, Sendable, Equatable {
        /// Two digits.
        public let number: OperatorNumber
        /// What the number stands for.
        public let role: OperatorRole
        /// Wrong PINs since the last right one.
        public let wrongPINs: Int
        /// Whether it must be unlocked.
        public let isLocked: Bool
    }

    /// By number; none before the shop has set them up.
    public let operators: [Row]
    /// Who has the counter.
    public let signedOn: OperatorNumber?

    init(_ operators: Operators, signedOn: OperatorNumber?) {
        self.operators = operators.accounts.map {
            Row(number: $0.number, role: $0.number.role, wrongPINs: $0.tries, isLocked: $0.isLocked)
        }
        self.signedOn = signedOn
    }
}
