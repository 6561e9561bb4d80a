import ISO8583
import Payments
import Wire

extension AcquirerHost {
    /// A reversal (0400): 00 for a request that stood or was reversed before, 12 for one that never took effect or that
    /// a later one has taken back, 25 for one that never came, 64 for another amount, 14 for another account, 30 for a
    /// message that is not as it must be. Any batch will do.
    func reverse(_ answer: inout HostAnswer, _ state: inout State) {
        do throws(Refusal) {
            answer.code = try reverse(answer.request, answer.type, &state)
        } catch {
            answer.code = error.code
        }
    }

    private func reverse(
        _ request: Message, _ type: TransactionType?, _ state: inout State
    ) throws(Refusal) -> String {
        if !state.refusedReversals.isEmpty { throw Refusal(state.refusedReversals.removeFirst()) }
        guard let type, let stan = request.text(11), let reason = request.text(39),
            let amount = request.text(4).flatMap({ Int64($0) }), request.text(49) == "156",
            let kind = Ledger.Kind.allCases.first(where: { $0.code == type.kind && $0.isReversible }),
            request.text(3) == kind.processingCode, kind.conditions.contains(request.text(25) ?? ""),
            type.function == "000", ["98", "A0", "96", "06"].contains(reason),
            Self.reversalFields.isSuperset(of: request.fields), request.has(2), request.has(22)
        else { throw Refusal("30") }
        let key = Ledger.Key(terminal: configuration.terminal, batch: type.batch, stan: stan)
        guard let entry = state.ledger.entry(key) else {
            // The request may still be on its way: it must not count when it comes.
            state.ledger.enter(
                Ledger.Entry(key: key, kind: kind, pan: nil, amount: amount, state: .cancelledInAdvance))
            return "25"
        }
        guard entry.kind == kind else { throw Refusal("30") }
        switch entry.state {
        case .declined, .closed: return "12"
        case .cancelledInAdvance: return "25"
        case .reversed, .disowned: return "00"
        case .approved where entry.requested != amount && entry.amount != amount: return "64"
        case .approved where entry.pan?.digits != request.text(2): return "14"
        case .approved where entry.refunded > 0: return "12"
        case .approved:
            try checkCopies(request, entry)
            state.ledger.reverse(key, reason: reason)
            return "00"
        }
    }

    /// What a reversal repeats of its original.
    private func checkCopies(_ request: Message, _ entry: Ledger.Entry) throws(Refusal) {
        let code = request.text(38)
        guard request.text(22) == entry.entryMode, request.text(25) == entry.condition,
            code == nil || code == entry.authorizationCode, !entry.isChip || request.has(55)
        else { throw Refusal("30") }
        let named = request.text(61).flatMap { try? OriginalTransaction(decoding: $0) }
        guard entry.kind == .void || entry.kind == .completionVoid else { return }
        guard let original = entry.original, named?.batch == original.batch, named?.trace == original.stan else {
            throw Refusal("30")
        }
    }

    /// The local time is some acquirers' habit.
    private static let reversalFields: Set<Int> = [
        2, 3, 4, 11, 12, 13, 14, 22, 23, 25, 38, 39, 41, 42, 49, 55, 60, 61, 64,
    ]
}
