/// What an operator is in the shop. The number tells it.
public enum OperatorRole: String, Codable, CaseIterable, Sendable {
    /// Sets the terminal up and gives the supervisor a PIN; has no part in payments.
    case administrator
    /// Allows what cashiers may not do alone.
    case supervisor
    /// Takes payments.
    case cashier

    /// Whether this role may do it. Whose account it may change, `Operators` decides.
    public func may(_ permission: Permission) -> Bool {
        switch permission {
        case .pay: self != .administrator
        case .takeBack, .settle, .resolve: self == .supervisor
        case .manageOperators: self != .cashier
        case .configure: self == .administrator
        }
    }
}

/// What needs an operator who may do it.
public enum Permission: String, Codable, CaseIterable, Sendable {
    /// Take a payment.
    case pay
    /// Give money back or up: void, refund, the cancel of a pre-authorisation, the void of a completion.
    case takeBack
    /// Close the batch.
    case settle
    /// Decide about what the acquirer left open: refused reversals and advices.
    case resolve
    /// Add, remove and unlock operators, and give them new PINs.
    case manageOperators
    /// Change what the terminal is.
    case configure
}
