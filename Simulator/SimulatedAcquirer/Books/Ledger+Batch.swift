public import ISO8583

extension Ledger {
    /// One batch of a terminal.
    public struct Batch: Equatable, Sendable {
        /// What its requests add up to.
        public internal(set) var totals = SettlementTotals(domestic: .init(), foreign: .init())
        /// What the terminal said that they add up to, and whether the host agreed; nil before its settlement.
        public internal(set) var claim: SettlementTotals?
        /// Whether the end message has closed it.
        public internal(set) var isSettled = false
        /// What the terminal has uploaded.
        public internal(set) var uploads: Set<Upload> = []
        /// What upload and books did not have alike, in the order it was found.
        public internal(set) var differences: [Difference] = []
        /// Requests of kinds that count, granted or not, in the order they came.
        var keys: [Key] = []
    }

    /// One uploaded record.
    public struct Upload: Hashable, Sendable {
        /// The step of the upload that had it.
        public let step: Step
        /// Field 11 of the transaction.
        public let stan: String

        /// The steps of a batch upload.
        public enum Step: Sendable { case detail, advice, certificate, failure }
    }

    /// What upload and books did not have alike.
    public enum Difference: Equatable, Sendable {
        /// The host had lost it, and entered it.
        case entered(Key)
        /// The host had declined it or taken it back, and let it stand.
        case reinstated(Key)
        /// The host had this amount, and took the terminal's.
        case amended(Key, from: Int64)
        /// The terminal does not know of it; the host gave the money back.
        case disowned(Key)
    }

    /// Opens a batch, if it is not there yet.
    mutating func open(batch: String, terminal: String) { with(batch, terminal: terminal) { _ in } }

    mutating func with(_ batch: String, terminal: String, _ body: (inout Batch) -> Void) {
        body(&batches[terminal, default: [:]][batch, default: Batch()])
    }
}
