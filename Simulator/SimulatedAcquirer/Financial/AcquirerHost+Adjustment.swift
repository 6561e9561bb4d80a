import ISO8583
import Payments

extension AcquirerHost {
    /// An adjustment (32) of an offline settlement, or a tip (34) on a sale, before the settlement: field 61 names it,
    /// field 4 is its new total, field 48 the tip in it.
    func adjust(_ request: FinancialRequest, _ pan: PAN, _ state: State) throws(Refusal) -> Decision {
        guard let text = request.message.text(48), text.utf8.count == 12, let tip = Int64(text) else {
            throw Refusal("30")
        }
        guard let key = request.originalKey, key.batch == request.key.batch, let original = state.ledger.entry(key),
            original.wasApproved
        else { throw Refusal("25") }
        if let code = original.authorizationCode, code != request.message.text(38) { throw Refusal("25") }
        guard original.pan == pan else { throw Refusal("14") }
        let kinds: [Ledger.Kind] = request.kind == .adjustment ? [.offlineSettlement] : [.sale, .offlineSale]
        guard kinds.contains(original.kind), original.state == .approved, original.refunded == 0 else {
            throw Refusal("12")
        }
        // A tip leaves the price as it is.
        let price = original.amount - original.tip
        guard request.kind == .adjustment || request.amount == price + tip, tip <= request.amount else {
            throw Refusal("64")
        }
        return Decision(
            amount: request.amount, original: original, authorizationCode: original.authorizationCode, tip: tip)
    }
}
