import Journaling
import Payments
import SimulatedAcquirer
import SimulatedCards

/// The end: journal, ledger, register and customer must agree when all has come to rest (M2, M5).
extension Books {
    func close(_ journal: any PaymentJournal, _ ledger: Ledger) throws(Violation) {
        if let open = ((try? journal.unfinished()) ?? []).first {
            throw Violation(.m2, "\(open.request.id) has no outcome")
        }
        for delivery in Delivery.allCases {
            if let open = ((try? journal.deliveries(delivery, limit: 1)) ?? []).first {
                throw Violation(.m2, "the \(delivery) of \(open.id) is still owed")
            }
        }
        if let open = (try? journal.settlement()) ?? nil {
            throw Violation(.liveness, "the settlement of batch \(open.begun.batch) is not over")
        }
        var accounts: [String: Account] = [:]
        let states = orders.map { (try? journal.payment($0.id)) ?? nil }
        for (index, order) in orders.enumerated() {
            let number = Customer.accounts[order.customer].number
            let isSure = try close(order, index, states[index], ledger, journal)
            accounts[number, default: Account()].isSure = isSure && accounts[number]?.isSure != false
            if let state = states[index] { accounts[number, default: Account()].add(state, corrected(state, journal)) }
        }
        for account in Customer.accounts {
            guard let own = accounts[account.number], own.isSure else { continue }
            let balance = account.openingBalance - own.paid
            guard ledger.balances[account.number] == balance else {
                throw Violation(
                    .reconciliation,
                    "the account \(account.number.suffix(4)) holds \(ledger.balances[account.number] ?? 0), by the "
                        + "journal \(balance)")
            }
            guard ledger.holds[account.number, default: 0] == own.held else {
                throw Violation(
                    .reconciliation,
                    "of the account \(account.number.suffix(4)) \(ledger.holds[account.number] ?? 0) are kept, by the "
                        + "journal \(own.held)")
            }
        }
    }

    /// What the journal says that one account has come to.
    private struct Account {
        var paid: Int64 = 0
        var held: Int64 = 0
        /// Nothing in it was left to a supervisor, or lost.
        var isSure = true
        private var holds: [RequestID: Int64] = [:]
        private var completions: [RequestID: RequestID] = [:]

        mutating func add(_ state: PaymentState, _ corrected: Int64?) {
            guard let moved = state.movedAmount?.minorUnits else { return }
            let original = state.request.original?.id
            switch state.request.kind.side {
            case .debit: paid += corrected ?? moved
            case .credit: paid -= moved
            case nil: break
            }
            switch state.request.kind {
            case .preauthorization:
                holds[state.request.id] = moved
                held += moved
            case .preauthorizationCancel, .completion, .completionAdvice:
                guard let original else { return }
                completions[state.request.id] = original
                held -= holds[original] ?? 0
            case .completionVoid:
                guard let original, let first = completions[original] else { return }
                held += holds[first] ?? 0
            default: break
            }
        }
    }

    /// The amount that the last tip or adjustment gave a payment; nil if none did.
    private func corrected(_ state: PaymentState, _ journal: any PaymentJournal) -> Int64? {
        let others = (try? journal.followUps(of: state.request.id)) ?? []
        return others.last {
            ($0.request.kind == .tip || $0.request.kind == .adjustment) && $0.movedAmount != nil
        }?.movedAmount?.minorUnits
    }

    /// Checks one order; answers whether what the acquirer has of it is beyond doubt.
    private func close(
        _ order: Order, _ index: Int, _ state: PaymentState?, _ ledger: Ledger, _ journal: any PaymentJournal
    ) throws(Violation) -> Bool {
        guard asked[index], !isWaiting[index] else {
            throw Violation(.m9, "the register of \(order.id) was never answered")
        }
        let isGood = state?.outcome?.isGood ?? false
        if let last = heard[index].last, last.isGood != isGood {
            throw Violation(.reconciliation, "the register of \(order.id) heard \(last.traced)")
        }
        if let wrong = shown[index].first(where: { $0.isGood != isGood }) {
            throw Violation(.reconciliation, "the customer of \(order.id) was shown \(wrong.traced)")
        }
        if printed[index], !isGood { throw Violation(.m10, "\(order.id) has a receipt") }
        // A balance moves nothing.
        if order.kind == .balance { return true }
        let left = keys[order.id] ?? []
        let standing = left.filter { ledger.entry($0)?.stands == true }
        let isLost = left.contains {
            lost.contains($0) && BatchNumber(Int($0.batch) ?? 0).map { !settled.contains($0) } ?? true
        }
        if isLost || state?.isLeftToSupervisor == true { return false }
        let isExpected = state?.movedAmount != nil
        guard standing.count == (isExpected ? 1 : 0) else {
            throw Violation(
                isExpected ? (state?.isStored == true ? .m5 : .reconciliation) : .m2,
                "\(order.id) ended \(state?.outcome?.traced ?? "unknown"), the acquirer holds \(standing.count) of it")
        }
        guard let state, let key = standing.first, let entry = ledger.entry(key) else {
            return true
        }
        let amount = corrected(state, journal) ?? state.movedAmount?.minorUnits ?? 0
        guard entry.amount == amount else {
            throw Violation(
                .reconciliation, "\(order.id) moved \(amount) by the journal, \(entry.amount) by the acquirer")
        }
        return true
    }
}

extension PaymentState {
    /// Whether the acquirer refused to take it back, and a supervisor settled it.
    fileprivate var isLeftToSupervisor: Bool {
        guard case .resolved = reversal else { return false }
        return true
    }

    fileprivate var isStored: Bool {
        guard case .stored = outcome else { return false }
        return true
    }
}
