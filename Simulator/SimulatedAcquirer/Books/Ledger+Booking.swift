import ISO8583
import Payments

extension Ledger {
    /// Enters an answered request. An approved one takes effect: on its account, on its original, on its batch.
    mutating func enter(_ entry: Entry) {
        append(entry)
        // A reversal that was there first opens no batch.
        if entry.kind.side != nil, batch(entry.key.batch, terminal: entry.key.terminal) != nil {
            with(entry.key.batch, terminal: entry.key.terminal) { $0.keys.append(entry.key) }
        }
        if entry.state == .approved { apply(entry) }
    }

    /// Takes an approved request back, with all it did.
    mutating func reverse(_ key: Key, reason: String) { takeBack(key, .reversed(reason: reason)) }

    /// Gives back what the terminal does not know of.
    mutating func disown(_ key: Key) { takeBack(key, .disowned) }

    /// Forgets a request with all it did, as a host does whose disk has failed. Slow.
    mutating func lose(_ key: Key) {
        takeBack(key, .disowned)
        remove(key)
    }

    /// Lets a request that was declined or taken back stand after all: the terminal has uploaded it.
    mutating func reinstate(_ key: Key) {
        guard let entry = entry(key), entry.state != .approved else { return }
        change(key) { $0.state = .approved }
        apply(entry)
    }

    /// Gives an approved request another amount, as an adjustment or an upload does.
    mutating func amend(_ key: Key, amount: Int64, tip: Int64? = nil) {
        guard let entry = entry(key) else { return }
        count(entry, -1)
        move(entry, -1)
        change(key) {
            $0.amount = amount
            $0.tip = tip ?? $0.tip
        }
        guard let entry = self.entry(key) else { return }
        move(entry, 1)
        count(entry, 1)
    }

    /// Lets a sale that was known from a detail alone count as a credit.
    mutating func turnIntoCredit(_ key: Key) {
        takeBack(key, .disowned)
        change(key) { $0.kind = .refund }
        reinstate(key)
    }

    private mutating func takeBack(_ key: Key, _ state: State) {
        guard let entry = entry(key), entry.isStanding else { return }
        count(entry, -1)
        // A closed pre-authorisation keeps nothing any more.
        if entry.kind != .preAuthorization || entry.state == .approved { move(entry, -1) }
        change(key) { $0.state = state }
        switch entry.kind {
        case .void, .cancel, .completion, .completionAdvice: reopen(entry.original)
        case .completionVoid:
            // The completion stands again, and the pre-authorisation is completed again.
            reopen(entry.original)
            if let completion = entry.original.flatMap({ self.entry($0) }) {
                close(completion.original, by: completion.key)
            }
        case .refund:
            if let original = entry.original { change(original) { $0.refunded -= entry.amount } }
        case .adjustment, .tip:
            if let original = entry.original {
                amend(original, amount: entry.replacedAmount, tip: entry.replacedTip)
            }
        case .sale, .balance, .verification, .preAuthorization, .offlineSettlement, .offlineSale: break
        }
    }

    private mutating func apply(_ entry: Entry) {
        count(entry, 1)
        move(entry, 1)
        switch entry.kind {
        case .void, .cancel, .completion, .completionAdvice: close(entry.original, by: entry.key)
        case .completionVoid:
            let preAuthorization = entry.original.flatMap { self.entry($0)?.original }
            close(entry.original, by: entry.key)
            reopen(preAuthorization)
        case .refund:
            if let original = entry.original { change(original) { $0.refunded += entry.amount } }
        case .adjustment, .tip:
            if let original = entry.original { amend(original, amount: entry.amount, tip: entry.tip) }
        case .sale, .balance, .verification, .preAuthorization, .offlineSettlement, .offlineSale: break
        }
    }

    /// Another request has taken this one's place. What a pre-authorisation keeps is free again.
    private mutating func close(_ key: Key?, by other: Key) {
        guard let key, let entry = entry(key), entry.state == .approved else { return }
        change(key) { $0.state = .closed(by: other) }
        if entry.kind == .preAuthorization { move(entry, -1) }
    }

    /// The other request is gone.
    private mutating func reopen(_ key: Key?) {
        guard let key, let entry = entry(key), case .closed = entry.state else { return }
        change(key) { $0.state = .approved }
        if entry.kind == .preAuthorization { move(entry, 1) }
    }

    /// What the request does to its account, once or (with -1) back.
    private mutating func move(_ entry: Entry, _ sign: Int64) {
        guard let digits = entry.pan?.digits else { return }
        if entry.kind == .preAuthorization {
            holds[digits, default: 0] += sign * entry.amount
        } else if let side = entry.kind.side {
            balances[digits, default: 0] += (side == .credit ? sign : -sign) * entry.amount
        }
    }

    /// What it does to the totals of its batch.
    private mutating func count(_ entry: Entry, _ sign: Int) {
        guard let side = entry.kind.side else { return }
        let part: WritableKeyPath<SettlementTotals, SettlementTotals.Side> =
            entry.isDomestic ? \.domestic : \.foreign
        with(entry.key.batch, terminal: entry.key.terminal) { batch in
            switch side {
            case .debit:
                batch.totals[keyPath: part].debitAmount += sign * Int(entry.amount)
                batch.totals[keyPath: part].debitCount += sign
            case .credit:
                batch.totals[keyPath: part].creditAmount += sign * Int(entry.amount)
                batch.totals[keyPath: part].creditCount += sign
            }
        }
    }
}
