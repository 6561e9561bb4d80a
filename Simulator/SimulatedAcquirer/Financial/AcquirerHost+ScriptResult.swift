import ISO8583
import Payments
import Wire

extension AcquirerHost {
    /// The result of an issuer's script (0620, 60.3 = 951): 25 for one whose reply had no such number, 94 for one that
    /// was told before.
    func takeScriptResult(_ answer: inout HostAnswer, _ state: inout State) {
        let request = answer.request
        guard let type = answer.type, type.kind == "00", type.function == "951",
            let named = request.text(61).flatMap({ try? OriginalTransaction(decoding: $0) }),
            Self.scriptFields.required.isSubset(of: request.fields),
            Self.scriptFields.allowed.isSuperset(of: request.fields),
            let chipData = request.bytes(55), let objects = try? TLV.parse(Array(chipData)),
            let result = objects.first(where: { $0.tag == 0xDF31 })
        else {
            answer.code = "30"
            return
        }
        let key = Ledger.Key(terminal: configuration.terminal, batch: named.batch, stan: named.trace)
        guard let original = state.ledger.entry(key), original.rrn == request.text(37), original.isChip,
            original.pan?.digits == request.text(2)
        else {
            answer.code = "25"
            return
        }
        if state.ledger.scriptResults[key] != nil {
            answer.code = "94"
        } else {
            state.ledger.scriptResults[key] = Array(result.value)
        }
    }

    private static let scriptFields: (required: Set<Int>, allowed: Set<Int>) = (
        [2, 3, 11, 22, 25, 37, 41, 42, 49, 55, 60, 61, 64],
        [2, 3, 4, 11, 12, 13, 22, 23, 25, 32, 37, 38, 41, 42, 49, 55, 60, 61, 64]
    )
}
