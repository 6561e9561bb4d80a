import ISO8583
import Payments

extension AcquirerHost {
    /// A reversal (0400): 00 for an authorization that stood or was reversed before, 12 for one that never took money,
    /// 25 for one that never came, 64 for another amount, 30 for a message that is not as it must be.
    func reverse(_ answer: inout HostAnswer, _ state: inout State) {
        let request = answer.request
        let forbidden = [26, 35, 36, 37, 52, 53]
        guard let type = answer.type, type.kind == "22", request.text(3) == "000000",
            let stan = request.text(11), let amount = request.text(4).flatMap({ Int64($0) }),
            let reason = request.text(39), ["98", "A0", "96", "06"].contains(reason), request.has(2),
            !forbidden.contains(where: request.has)
        else {
            answer.code = "30"
            return
        }
        let key = Ledger.Key(terminal: configuration.terminal, batch: type.batch, stan: stan)
        guard let entry = state.ledger.entry(key) else {
            // The authorization may still be on its way: it must not count when it comes.
            state.ledger.enter(
                Ledger.Entry(key: key, pan: nil, amount: amount, rrn: "", state: .cancelledInAdvance))
            answer.code = "25"
            return
        }
        answer.code =
            switch entry.state {
            case .declined: "12"
            case .cancelledInAdvance: "25"
            case .reversed: "00"
            case .approved where entry.amount != amount: "64"
            case .approved where entry.pan?.digits != request.text(2): "14"
            case .approved: "00"
            }
        if answer.code == "00" { state.ledger.reverse(key, reason: reason) }
    }
}
