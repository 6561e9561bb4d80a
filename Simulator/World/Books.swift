import Acquiring
import ISO8583
import Journaling
import Payments
import SimulatedAcquirer

/// What an auditor who sees everything writes down, and the checks of every step. Journal, acquirer, register and
/// customer are compared with each other, never with what the terminal believes.
struct Books {
    /// The first broken promise.
    private(set) var broken: Violation?

    private let orders: [Script.Order]
    private let terminal: String
    /// What each register heard, in order.
    private var heard: [[Outcome]]
    /// Registers that have asked and not heard.
    private var isWaiting: [Bool]
    private var asked: [Bool]
    /// What the customers were shown.
    private var shown: [[Outcome]]
    /// Whose payment each number was that has left.
    private var owners: [Ledger.Key: RequestID] = [:]
    private var captures = 0

    init(orders: [Script.Order], terminal: String) {
        self.orders = orders
        self.terminal = terminal
        heard = orders.map { _ in [] }
        shown = heard
        isWaiting = orders.map { _ in false }
        asked = isWaiting
    }

    /// Keeps the first broken promise.
    mutating func breaks(_ promise: Violation.Promise, _ detail: String) {
        if broken == nil { broken = Violation(promise, detail) }
    }

    // MARK: The register and the customer

    var waiting: [Int] { isWaiting.indices.filter { isWaiting[$0] } }

    mutating func asks(_ index: Int) {
        asked[index] = true
        isWaiting[index] = true
    }

    func wasAsked(_ index: Int) -> Bool { asked[index] }

    /// A register hears an outcome: the one in the journal, and the one it heard before (M9). What the journal could not
    /// take is told as a failure, and stays one.
    mutating func registerHears(_ outcome: Outcome, of index: Int, _ journal: any PaymentJournal) {
        let id = orders[index].id
        isWaiting[index] = false
        let kept = ((try? journal.payment(id)) ?? nil)?.outcome
        let isUnwritten = outcome.isUnwritten
        if kept != outcome, !(isUnwritten && kept == nil) {
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

    // MARK: The wire

    /// A sale or a reversal is about to leave the terminal; `holding` are the reversals that payments wait for.
    mutating func leaves(_ message: Message, _ journal: any PaymentJournal, holding: [PendingReversal]) {
        guard let key = key(of: message), let stan = Int(key.stan).flatMap({ STAN($0) }),
            let batch = Int(key.batch).flatMap({ BatchNumber($0) })
        else { return breaks(.m1, "\(message.mti) without a number") }
        let payment = (try? journal.payment(stan: stan, batch: batch)) ?? nil
        guard let payment, let authorization = payment.authorization, authorization.stan == stan,
            message.text(4).flatMap({ Int64($0) }) == payment.request.amount.minorUnits
        else { return breaks(.m1, "\(message.mti) with STAN \(stan) leaves before it is durable") }
        let id = payment.request.id
        if message.mti == 0x0400 {
            guard case .pending = payment.reversal else {
                return breaks(.m1, "the reversal of \(id) leaves before it is durable")
            }
            return
        }
        if payment.outcome != nil { breaks(.m3, "\(id) leaves after its end") }
        if let first = holding.first {
            breaks(.m4, "\(id) leaves before the reversal of \(first.authorization.request.id)")
        }
        if owners.updateValue(id, forKey: key) != nil { breaks(.m7, "STAN \(stan) leaves twice in batch \(batch)") }
    }

    private func key(of message: Message) -> Ledger.Key? {
        guard let stan = message.text(11),
            let type = message.text(60).flatMap({ try? TransactionType(decoding: $0) })
        else { return nil }
        return Ledger.Key(terminal: terminal, batch: type.batch, stan: stan)
    }

    /// The acquirer has answered: for no request it holds two captures (M3).
    mutating func acquirerHolds(_ ledger: Ledger) {
        let open = ledger.openCaptures()
        guard open.count > captures else {
            captures = open.count
            return
        }
        captures = open.count
        var seen: Set<RequestID> = []
        for entry in open {
            guard let id = owners[entry.key] else {
                return breaks(.m1, "the acquirer holds STAN \(entry.key.stan), which never left")
            }
            if !seen.insert(id).inserted { breaks(.m3, "the acquirer holds \(id) twice") }
        }
    }

    // MARK: The end

    /// Journal, ledger, register and customer must agree when all has come to rest (M2).
    func close(_ journal: any PaymentJournal, _ ledger: Ledger) throws(Violation) {
        if let open = ((try? journal.unfinished()) ?? []).first {
            throw Violation(.m2, "\(open.request.id) has no outcome")
        }
        if let open = ((try? journal.pendingReversals()) ?? []).first {
            throw Violation(.m2, "\(open.authorization.request.id) is not reversed")
        }
        var captured: [RequestID: Int64] = [:]
        for entry in ledger.openCaptures() {
            guard let id = owners[entry.key] else {
                throw Violation(.reconciliation, "the acquirer holds STAN \(entry.key.stan), which never left")
            }
            captured[id, default: 0] += entry.amount
        }
        for (index, order) in orders.enumerated() {
            try close(order, index, captured[order.id] ?? 0, (try? journal.payment(order.id)) ?? nil)
        }
    }

    private func close(
        _ order: Script.Order, _ index: Int, _ captured: Int64, _ payment: PaymentState?
    ) throws(Violation) {
        let isApproved = payment?.outcome?.isApproved ?? false
        guard captured == (isApproved ? order.amount.minorUnits : 0) else {
            throw Violation(
                isApproved ? .reconciliation : .m2,
                "\(order.id) ended \(payment?.outcome?.traced ?? "unknown"), the acquirer holds \(captured) of it")
        }
        guard asked[index], !isWaiting[index] else {
            throw Violation(.m9, "the register of \(order.id) was never answered")
        }
        if let last = heard[index].last, last.isApproved != isApproved {
            throw Violation(.reconciliation, "the register of \(order.id) heard \(last.traced)")
        }
        if let wrong = shown[index].first(where: { $0.isApproved != isApproved }) {
            throw Violation(.reconciliation, "the customer of \(order.id) was shown \(wrong.traced)")
        }
    }
}

extension Outcome {
    fileprivate var isApproved: Bool {
        guard case .approved = self else { return false }
        return true
    }

    fileprivate var isFailure: Bool {
        guard case .failed = self else { return false }
        return true
    }

    /// What is told where the journal could not take the outcome.
    fileprivate var isUnwritten: Bool {
        guard case .failed(let failure) = self else { return false }
        return failure.reason == .journalUnavailable
    }
}
