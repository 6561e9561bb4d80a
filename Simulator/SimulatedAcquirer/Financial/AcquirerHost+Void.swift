import ISO8583
import Payments

extension AcquirerHost {
    /// The void of a sale (23) or of a completion (21): same batch, same card, whole amount, once. Named by its number
    /// (61), its reference (37) and, where it has one, its authorisation code (38).
    func void(_ request: FinancialRequest, _ pan: PAN, _ state: State) throws(Refusal) -> Decision {
        guard let key = request.originalKey, key.batch == request.key.batch, let original = state.ledger.entry(key),
            original.rrn == request.message.text(37), original.wasApproved
        else { throw Refusal("25") }
        if let code = original.authorizationCode {
            guard let told = request.message.text(38) else { throw Refusal("30") }
            guard told == code else { throw Refusal("25") }
        }
        guard original.pan == pan else { throw Refusal("14") }
        let kinds: [Ledger.Kind] = request.kind == .void ? [.sale] : [.completion, .completionAdvice]
        guard kinds.contains(original.kind), original.condition == request.condition, original.state == .approved,
            original.refunded == 0
        else { throw Refusal("12") }
        guard original.amount == request.amount else { throw Refusal("64") }
        return Decision(amount: request.amount, original: original, authorizationCode: original.authorizationCode)
    }
}

extension Ledger.Entry {
    /// Whether it was ever granted.
    var wasApproved: Bool {
        switch state {
        case .approved, .closed, .reversed, .disowned: true
        case .declined, .cancelledInAdvance: false
        }
    }
}
