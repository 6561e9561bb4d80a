public import Engine
import Logging
public import Payments

/// Who works here, and what they allow.
extension PaymentTerminal {
    /// The shop's operators.
    public func operatorList() async -> OperatorList {
        OperatorList(await operators.operators, signedOn: await operators.signedOn)
    }

    /// Changes an operator. Answers the operators as they are then.
    public func changeOperator(
        _ change: Operators.Change, _ number: OperatorNumber, _ order: OperatorOrder
    ) async throws -> OperatorList {
        try await asking {
            try await operators.change(change, of: number, newPIN: order.newPIN, by: order.by, pin: order.pin)
        }
        return await operatorList()
    }

    /// Gives the counter to an operator.
    public func signOn(_ number: OperatorNumber, _ order: OperatorOrder) async throws -> OperatorList {
        try await asking { try await operators.signOn(number, pin: order.pin) }
        return await operatorList()
    }

    /// Takes the counter from whoever has it.
    public func leaveCounter() async throws -> OperatorList {
        try await asking { try await operators.signOff() }
        return await operatorList()
    }

    /// Returns who has allowed it with the right PIN, when the journal holds that. Throws a refusal otherwise,
    /// also where nobody is named: it says who is needed, or how a shop gets its operators.
    func allow(
        _ permission: Permission, by who: OperatorNumber?, pin: OperatorPIN?, whom: OperatorNumber? = nil,
        request: RequestID? = nil
    ) async throws -> OperatorNumber {
        try await asking {
            try await operators.allow(permission, by: who, pin: pin, whom: whom, request: request)
        }
    }

    private func asking<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let refusal as OperatorRefusal {
            throw Refusal(refusal)
        } catch {
            logger.error("an operator's act cannot be kept", metadata: ["reason": "\(error)"])
            throw Refusal(.unavailable, "\(error)")
        }
    }
}

extension Refusal {
    fileprivate init(_ refusal: OperatorRefusal) {
        switch refusal {
        case .unknown: self.init(.notFound, field: "number", "\(refusal)", text: refusal.text)
        case .alreadyThere, .lastOne: self.init(.conflict, field: "number", "\(refusal)", text: refusal.text)
        case .newPINNeeded: self.init(.invalid, field: "newPIN", "\(refusal)", text: refusal.text)
        case .notSetUp, .wrongPIN, .locked, .notAllowed, .operatorNeeded, .notYours, .pinNeeded:
            self.init(.notAllowed, "\(refusal)", text: refusal.text)
        }
    }
}
