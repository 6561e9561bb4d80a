import ISO8583
import Payments

/// A financial request, read: what it is, and what every kind has.
struct FinancialRequest {
    let message: Message
    let header: Header
    let kind: Ledger.Kind
    /// Field 60.
    let type: TransactionType
    let key: Ledger.Key
    /// Field 4; 0 for a kind without amount.
    let amount: Int64
    /// Field 22.
    let entryMode: String
    /// Field 25.
    let condition: String
    /// Field 61.
    let original: OriginalTransaction?
    let now: LocalDateTime

    /// Reads a request. `mti` is that of the kind, which an advice in a batch upload does not have.
    init(_ answer: HostAnswer, mti: MTI, function: String, terminal: String) throws(Refusal) {
        message = answer.request
        header = answer.header
        now = answer.now
        guard let type = answer.type, let stan = message.text(11), let entryMode = message.text(22),
            let condition = message.text(25)
        else { throw Refusal("30") }
        guard let kind = Ledger.Kind(mti, code: type.kind), type.function == function,
            message.text(3) == kind.processingCode
        else { throw Refusal("12") }
        guard kind.isWithoutAmount || message.has(4) else { throw Refusal("30") }
        self.kind = kind
        self.type = type
        self.entryMode = entryMode
        self.condition = condition
        amount = message.text(4).flatMap { Int64($0) } ?? 0
        key = Ledger.Key(terminal: terminal, batch: type.batch, stan: stan)
        original = message.text(61).flatMap { try? OriginalTransaction(decoding: $0) }
        guard !message.has(61) || original != nil else { throw Refusal("30") }
    }

    /// The request that field 61 names by batch and number.
    var originalKey: Ledger.Key? {
        original.map { Ledger.Key(terminal: key.terminal, batch: $0.batch, stan: $0.trace) }
    }

    /// How the card came: the first two digits of field 22.
    var way: Substring { entryMode.prefix(2) }

    /// Whether it came by mail or telephone.
    var isMailOrder: Bool { condition == "08" || condition == "18" }
}
