import ISO8583
import Payments

extension AcquirerHost {
    /// A refund (25): any part, as often as asked, up to what was paid. Named by reference (37) and date (61).
    func refund(_ request: FinancialRequest, _ pan: PAN, _ state: State) throws(Refusal) -> Decision {
        guard let named = request.original, let date = named.date, let reference = request.message.text(37) else {
            throw Refusal("30")
        }
        guard let original = state.ledger.entry(reference: reference), original.kind.side == .debit,
            original.wasApproved, original.kind.isAdvice || original.date == date
        else { throw Refusal("25") }
        let isNamed = named.trace == "000000" || named.batch == original.key.batch && named.trace == original.key.stan
        guard isNamed else { throw Refusal("25") }
        guard original.pan == pan else { throw Refusal("14") }
        guard original.state == .approved else { throw Refusal("12") }
        guard request.amount <= original.amount - original.refunded else { throw Refusal("61") }
        return Decision(amount: request.amount, original: original)
    }
}
