import ISO8583
import Payments

extension AcquirerHost {
    /// A completion, asked (20) or told (24): takes up to 115 % of what the pre-authorisation keeps.
    func complete(_ request: FinancialRequest, _ pan: PAN, _ state: State) throws(Refusal) -> Decision {
        let original = try preAuthorization(request, pan, state)
        let (told, overflow) = request.amount.multipliedReportingOverflow(by: 100)
        guard !overflow, told <= original.amount * 115 else { throw Refusal("61") }
        return Decision(amount: request.amount, original: original, authorizationCode: original.authorizationCode)
    }

    /// The cancel of a pre-authorisation (11): the whole amount, once.
    func cancel(_ request: FinancialRequest, _ pan: PAN, _ state: State) throws(Refusal) -> Decision {
        let original = try preAuthorization(request, pan, state)
        guard original.amount == request.amount else { throw Refusal("64") }
        return Decision(amount: request.amount, original: original, authorizationCode: original.authorizationCode)
    }

    /// The open pre-authorisation that fields 38 and 61 name: its code and date, and batch and number if the terminal
    /// still knows them.
    private func preAuthorization(
        _ request: FinancialRequest, _ pan: PAN, _ state: State
    ) throws(Refusal) -> Ledger.Entry {
        guard let code = request.message.text(38), let original = request.original, original.date != nil else {
            throw Refusal("30")
        }
        guard let entry = state.ledger.preAuthorization(code: code, pan: pan, original), entry.wasApproved else {
            throw Refusal("25")
        }
        guard entry.condition == request.condition, entry.state == .approved else { throw Refusal("12") }
        return entry
    }
}
