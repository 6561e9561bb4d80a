import ISO8583
import Journaling
import Payments
import SimulatedAcquirer

/// What an auditor who sees everything writes down, and the checks of every step. Journal, acquirer, register and
/// customer are compared with each other, never with what the terminal believes.
struct Books {
    /// The first broken promise.
    private(set) var broken: Violation?

    let orders: [Order]
    let terminal: String
    /// What each register heard, in order.
    var heard: [[Outcome]]
    /// Registers that have asked and not heard.
    var isWaiting: [Bool]
    var asked: [Bool]
    /// Registers that were told that it cannot be.
    var refused: [Bool]
    /// What the customers were shown.
    var shown: [[Outcome]]
    var printed: [Bool]
    /// Whose each number is that has left.
    var owners: [Ledger.Key: Owner] = [:]
    /// The numbers under which a payment has left.
    var keys: [RequestID: [Ledger.Key]] = [:]
    /// What the acquirer's books have lost, until an upload brings it back.
    var lost: Set<Ledger.Key> = []
    /// Batches that were settled.
    var settled: Set<BatchNumber> = []

    /// Whose a number is.
    enum Owner: Equatable {
        case payment(RequestID)
        case script(RequestID)
        case settlement
        case management
    }

    /// A message that has left.
    struct Sent {
        let key: Ledger.Key
        let mti: MTI
        /// The payment that it moves money for.
        let payment: RequestID?
    }

    init(orders: [Order], terminal: String) {
        self.orders = orders
        self.terminal = terminal
        heard = orders.map { _ in [] }
        shown = heard
        isWaiting = orders.map { _ in false }
        asked = isWaiting
        refused = isWaiting
        printed = isWaiting
    }

    /// Keeps the first broken promise.
    mutating func breaks(_ promise: Violation.Promise, _ detail: String) {
        if broken == nil { broken = Violation(promise, detail) }
    }

    // MARK: The register, the customer and the printer

    var waiting: [Int] { isWaiting.indices.filter { isWaiting[$0] } }

    mutating func asks(_ index: Int) {
        asked[index] = true
        isWaiting[index] = true
    }

    func wasAsked(_ index: Int) -> Bool { asked[index] }

    func isRefused(_ index: Int) -> Bool { refused[index] }

    /// A register hears that it cannot be. Nothing may have been taken before, and nothing is taken after.
    mutating func refuses(_ index: Int, _ journal: any PaymentJournal) {
        isWaiting[index] = false
        refused[index] = true
        if ((try? journal.payment(orders[index].id)) ?? nil) != nil {
            breaks(.m9, "\(orders[index].id) is refused, and was taken")
        }
    }

    /// A register hears an outcome: the one in the journal, and the one it heard before (M9). What the journal could not
    /// take is told as a failure and stays one, or is told as stored and comes to stand so.
    mutating func registerHears(_ outcome: Outcome, of index: Int, _ journal: any PaymentJournal) {
        let id = orders[index].id
        isWaiting[index] = false
        let state = (try? journal.payment(id)) ?? nil
        let kept = state?.outcome
        let isRepeated = outcome == .stored(.advice, nil) && state?.authorization?.request.kind == .refund
        if kept != outcome, !(kept == nil && (outcome.isUnwritten || isRepeated)) {
            breaks(
                .m9, "\(id) is told \(outcome.traced), the journal says \(kept.map { $0.traced } ?? "nothing")")
        }
        if let before = heard[index].last, before != outcome, !(before.isUnwritten && outcome.isFailure) {
            breaks(.m9, "\(id) was told \(before.traced), and now \(outcome.traced)")
        }
        heard[index].append(outcome)
    }

    /// A payment that was never taken may be asked for again.
    mutating func forgets(_ index: Int) {
        heard[index] = []
        shown[index] = []
    }

    mutating func customerHears(_ outcome: Outcome, of index: Int) { shown[index].append(outcome) }

    /// A receipt is printed: of what the journal has (M10).
    mutating func prints(_ index: Int, _ journal: any PaymentJournal) {
        let kept = ((try? journal.payment(orders[index].id)) ?? nil)?.outcome
        if kept?.isGood != true {
            breaks(
                .m10,
                "a receipt of \(orders[index].id) is printed, the journal says \(kept.map { $0.traced } ?? "nothing")")
        }
        printed[index] = true
    }
}

extension Outcome {
    var isFailure: Bool {
        guard case .failed = self else { return false }
        return true
    }

    /// What is told where the journal could not take the outcome.
    var isUnwritten: Bool {
        guard case .failed(let failure) = self else { return false }
        return failure.reason == .journalUnavailable
    }
}
