import ISO8583
import Payments

extension AcquirerHost {
    /// A sale takes its money, or a part of it where the account does so and the terminal understands it (60.6).
    func sell(
        _ request: FinancialRequest, _ pan: PAN, _ reference: String, _ state: State
    ) throws(Refusal) -> Decision {
        let available = state.ledger.available(pan)
        let code = "T" + reference.suffix(5)
        if available >= request.amount { return Decision(amount: request.amount, authorizationCode: code) }
        guard available > 0, request.type.partialApproval == "1",
            configuration.partialApprovals.contains(pan.digits)
        else { throw Refusal("51") }
        return Decision(amount: available, code: "10", authorizationCode: code)
    }

    /// A pre-authorisation keeps its money.
    func hold(
        _ request: FinancialRequest, _ pan: PAN, _ reference: String, _ state: State
    ) throws(Refusal) -> Decision {
        guard state.ledger.available(pan) >= request.amount else { throw Refusal("51") }
        return Decision(amount: request.amount, authorizationCode: "T" + reference.suffix(5))
    }
}
