import ISO8583
import Journaling
import Payments
import SimulatedAcquirer

/// What leaves the terminal, and what the acquirer makes of it.
extension Books {
    /// A message is about to leave the terminal; `holding` are the reversals that payments wait for.
    mutating func leaves(
        _ message: Message, _ journal: any PaymentJournal, holding: [PendingDelivery]
    ) -> Sent? {
        guard let text = message.text(11), let stan = Int(text).flatMap({ STAN($0) }),
            let type = message.text(60).flatMap({ try? TransactionType(decoding: $0) }),
            let batch = Int(type.batch).flatMap({ BatchNumber($0) })
        else {
            breaks(.m1, "\(message.mti) without a number")
            return nil
        }
        let key = Ledger.Key(terminal: terminal, batch: type.batch, stan: text)
        let payment = (try? journal.payment(stan: stan, batch: batch)) ?? nil
        switch message.mti {
        case 0x0100, 0x0200, 0x0220:
            requestLeaves(message, key, stan, payment, journal)
            if let first = holding.first {
                breaks(.m4, "STAN \(stan) leaves before the reversal of \(first.id)")
            }
            return Sent(key: key, mti: message.mti, payment: payment?.request.id)
        case 0x0400:
            guard case .pending? = payment?.reversal, payment?.authorization?.stan == stan else {
                breaks(.m1, "the reversal of STAN \(stan) leaves before it is durable")
                return nil
            }
        case 0x0620:
            guard let payment, payment.scriptResult == .waiting(stan) else {
                breaks(.m1, "the script result with STAN \(stan) leaves before it is durable")
                return nil
            }
            own(key, .script(payment.request.id))
        case 0x0500: totalsLeave(key, stan, batch, journal, holding)
        case 0x0320: uploadLeaves(key, batch, payment, journal)
        default:
            if owners.updateValue(.management, forKey: key) != nil { breaks(.m7, "STAN \(stan) leaves twice") }
        }
        return Sent(key: key, mti: message.mti, payment: nil)
    }

    private mutating func own(_ key: Ledger.Key, _ owner: Owner) {
        if let before = owners.updateValue(owner, forKey: key), before != owner {
            breaks(.m7, "STAN \(key.stan) of batch \(key.batch) leaves twice: \(before) and \(owner)")
        }
    }

    private mutating func requestLeaves(
        _ message: Message, _ key: Ledger.Key, _ stan: STAN, _ payment: PaymentState?, _ journal: any PaymentJournal
    ) {
        guard let payment, let authorization = payment.authorization, authorization.stan == stan,
            message.text(4).map({ Int64($0) == payment.request.amount.minorUnits })
                ?? (payment.request.kind == .balance)
        else { return breaks(.m1, "\(message.mti) with STAN \(stan) leaves before it is durable") }
        let id = payment.request.id
        if payment.stored == .waiting {
            let first = (try? journal.deliveries(.stored, limit: 1))?.first
            // One that was made anew a moment ago stood first before.
            let isAnew = authorization.attempt > 1 && owners[key] == nil
            if first?.id != id, !isAnew {
                breaks(.m5, "\(id) leaves before \(first?.id.rawValue ?? "?"), which was stored before")
            }
        } else {
            if payment.outcome != nil { breaks(.m3, "\(id) leaves after its end") }
            if owners[key] != nil { breaks(.m7, "STAN \(stan) leaves twice in batch \(key.batch)") }
        }
        own(key, .payment(id))
        if keys[id]?.contains(key) != true { keys[id, default: []].append(key) }
    }

    private mutating func totalsLeave(
        _ key: Ledger.Key, _ stan: STAN, _ batch: BatchNumber, _ journal: any PaymentJournal,
        _ holding: [PendingDelivery]
    ) {
        guard let begun = ((try? journal.settlement()) ?? nil)?.begun, begun.stan == stan, begun.batch == batch else {
            return breaks(.m1, "totals with STAN \(stan) leave before they are durable")
        }
        own(key, .settlement)
        if let stored = (try? journal.deliveries(.stored, limit: 1))?.first {
            breaks(.m5, "batch \(batch) is settled before \(stored.id) was sent")
        }
        if let first = holding.first { breaks(.m4, "batch \(batch) is settled before the reversal of \(first.id)") }
        if count((try? journal.batch(batch)) ?? []) != begun.totals {
            breaks(.m6, "the totals of batch \(batch) are not those of its payments")
        }
    }

    private mutating func uploadLeaves(
        _ key: Ledger.Key, _ batch: BatchNumber, _ payment: PaymentState?, _ journal: any PaymentJournal
    ) {
        guard let state = (try? journal.settlement()) ?? nil, state.comparison != nil, state.sending != nil,
            state.begun.batch == batch
        else { return breaks(.m1, "an upload of batch \(batch) leaves before it is durable") }
        if payment == nil { own(key, .settlement) }
    }

    /// What the payments of a batch come to, counted once more: tips and adjustments replace an amount.
    func count(_ payments: [PaymentState]) -> Totals {
        var totals = Totals()
        var last: [RequestID: Int64] = [:]
        for payment in payments {
            guard let id = payment.request.original?.id, let moved = payment.movedAmount else { continue }
            if payment.request.kind == .tip || payment.request.kind == .adjustment { last[id] = moved.minorUnits }
        }
        for payment in payments {
            guard let moved = payment.movedAmount, let card = payment.authorization?.card else { continue }
            let amount = last[payment.request.id] ?? moved.minorUnits
            switch payment.request.kind {
            case .sale, .completion, .completionAdvice, .offlineSale, .offlineSettlement:
                totals.add(amount, .debit, card.origin)
            case .void, .refund, .completionVoid: totals.add(amount, .credit, card.origin)
            case .balance, .preauthorization, .preauthorizationCancel, .adjustment, .tip: break
            }
        }
        return totals
    }

    /// The acquirer has answered: for no request it holds two captures (M3).
    mutating func acquirerHolds(_ ledger: Ledger, _ sent: Sent) {
        guard let id = sent.payment, let keys = keys[id], keys.count > 1 else { return }
        let held = keys.filter { ledger.entry($0)?.stands == true }
        if held.count > 1 { breaks(.m3, "the acquirer holds \(id) twice") }
    }

    /// The journal says that a batch is settled: so does the acquirer, and both count alike (M6, M7).
    mutating func settles(_ batch: BatchNumber, _ journal: any PaymentJournal, _ ledger: Ledger) {
        settled.insert(batch)
        guard ledger.batch(batch.description, terminal: terminal)?.isSettled == true else {
            return breaks(.m7, "batch \(batch) ends here and not at the acquirer")
        }
        let own = count((try? journal.batch(batch)) ?? [])
        let theirs = ledger.totals(batch.description, terminal: terminal)
        for (mine, other, cards) in [
            (own.domestic, theirs.domestic, "domestic"), (own.foreign, theirs.foreign, "foreign"),
        ] {
            guard mine.debit.count == other.debitCount, mine.debit.amount == Int64(other.debitAmount),
                mine.credit.count == other.creditCount, mine.credit.amount == Int64(other.creditAmount)
            else {
                return breaks(
                    .m6, "after the settlement of batch \(batch) the \(cards) totals differ: \(mine), \(other)")
            }
        }
    }
}

extension Ledger.Entry {
    /// Whether it was granted and is not taken back: a later request may have followed it up.
    var stands: Bool {
        switch state {
        case .approved, .closed: true
        case .declined, .reversed, .cancelledInAdvance, .disowned: false
        }
    }
}
