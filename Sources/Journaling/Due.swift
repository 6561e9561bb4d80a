import Payments

/// A row of `due`: something open about a payment, so that nobody walks the records to find it. A payment has one for
/// every stage it stands in. The row of stage 0 has the last record's sequence, so a missing end is noticed; it stands
/// there because that page is written with every payment's record anyway.
struct Due: Hashable {
    /// What is open.
    enum Stage: Int, CaseIterable {
        /// The payment has no outcome.
        case unfinished = 1
        /// See `Delivery`.
        case reversal
        case stored
        case scriptResult
        /// Stored, and held back until its reversal is settled.
        case held
        /// Stored, refused by the acquirer, and resolved by nobody.
        case refused

        init(_ delivery: Delivery) {
            self =
                switch delivery {
                case .reversal: .reversal
                case .stored: .stored
                case .scriptResult: .scriptResult
                }
        }

        /// Whether it stands in the way of its batch's end.
        static let beforeSettlement: [Stage] = [.reversal, .stored, .held]
        /// Whether it counts as waiting in the queue of stored payments.
        static let queue: [Stage] = [.stored, .held]
    }

    /// What a stored payment weighs in the queue.
    struct Load: Hashable {
        /// Minor units.
        let amount: Int
        /// When its authorization was made.
        let time: String
        /// Tells cards apart without telling which (`Vault.mark`); nil where no account number was sealed.
        let card: [UInt8]?
    }

    let stage: Stage
    /// The payment's last authorization, or its taking before it has one.
    let sequence: Int
    let request: String
    /// For stages of the queue.
    let load: Load?

    static let columns = "stage, sequence, request, amount, time, card"

    var values: [Value] {
        [
            .integer(stage.rawValue), .integer(sequence), .text(request), Value(load?.amount), Value(load?.time),
            Value(load?.card),
        ]
    }

    init(stage: Stage, sequence: Int, request: String, load: Load? = nil) {
        self.stage = stage
        self.sequence = sequence
        self.request = request
        self.load = load
    }

    /// A row of a statement that selects `columns`; nil for a stage that does not exist.
    init?(_ row: Statement) {
        guard let stage = Stage(rawValue: row.integer(0)) else { return nil }
        self.init(
            stage: stage, sequence: row.integer(1), request: row.text(2),
            load: row.isNull(3)
                ? nil : Load(amount: row.integer(3), time: row.text(4), card: row.isNull(5) ? nil : row.bytes(5)))
    }
}
