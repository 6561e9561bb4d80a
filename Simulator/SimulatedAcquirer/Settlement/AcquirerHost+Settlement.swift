import ISO8583
import Payments
import Wire

extension AcquirerHost {
    /// Settlement (0500): compares what the terminal's batch adds up to with the ledger's, each class of cards by itself.
    /// It may be asked again, also of a batch that is closed; the same totals get the same answer. With `differing` the host finds differences where money
    /// moved, be there any or not.
    func settle(_ answer: inout HostAnswer, differing: Bool, _ state: inout State) {
        let request = answer.request
        guard let type = answer.type, type.kind == "00", type.function == "201", request.has(11), request.has(63),
            let digits = request.text(48), let claim = try? SettlementTotals(decoding: digits),
            claim.domestic.agreement == .request, claim.foreign.agreement == .request
        else {
            answer.code = "30"
            return
        }
        guard let batch = state.ledger.batch(type.batch, terminal: configuration.terminal) else {
            answer.code = "77"
            return
        }
        let own = batch.totals.onTheWire
        var verdict = claim
        verdict.domestic.agreement = own.domestic.agreement(with: claim.domestic, differing)
        verdict.foreign.agreement = own.foreign.agreement(with: claim.foreign, differing)
        // A copy that comes late, when the upload has begun, is answered as the first one.
        if let known = batch.claim, known.isSame(as: claim) { verdict = known }
        state.ledger.with(type.batch, terminal: configuration.terminal) { batch in
            if !batch.isSettled { batch.claim = verdict }
        }
        var told = own
        told.domestic.agreement = verdict.domestic.agreement
        told.foreign.agreement = verdict.foreign.agreement
        state.lastReference += 1
        // Field 39 is not used here (3.1).
        answer.code = nil
        answer.texts[15] = answer.now.mmdd
        answer.texts[37] = Digits.padded(state.lastReference, 12)
        answer.texts[48] = told.encoded
    }

    /// The end message (207 agreed, 202 differed): closes the batch and opens the next one, if the terminal has counted
    /// its records right. Answered alike when it comes again.
    func close(_ answer: inout HostAnswer, _ type: TransactionType, _ state: inout State) {
        guard let batch = state.ledger.batch(type.batch, terminal: configuration.terminal), let claim = batch.claim,
            type.function == (claim.hasAgreed ? "207" : "202")
        else {
            answer.code = "12"
            return
        }
        guard let text = answer.request.text(48), text.utf8.count == 4, let count = Int(text) else {
            answer.code = "30"
            return
        }
        guard count == batch.uploads.count else {
            answer.code = "95"
            return
        }
        guard !batch.isSettled else { return }
        disownTheRest(of: type.batch, batch, claim, &state)
        for part in [\SettlementTotals.domestic, \.foreign] { findCredits(of: type.batch, batch, claim, part, &state) }
        state.ledger.with(type.batch, terminal: configuration.terminal) { $0.isSettled = true }
        guard state.batch == type.batch, let number = Int(type.batch) else { return }
        state.batch = Digits.padded(number % 999_999 + 1, 6)
        state.ledger.open(batch: state.batch, terminal: configuration.terminal)
    }

    /// Gives back what counted in a class that differed and that the terminal has not uploaded.
    private func disownTheRest(
        of number: String, _ batch: Ledger.Batch, _ claim: SettlementTotals, _ state: inout State
    ) {
        // The last one first: a void goes before the sale that it took back.
        for key in batch.keys.reversed() {
            guard let entry = state.ledger.entry(key), entry.isCounted else { continue }
            let part = entry.isDomestic ? claim.domestic : claim.foreign
            let isUploaded = [.detail, .advice].contains { (step: Ledger.Upload.Step) in
                batch.uploads.contains(Ledger.Upload(step: step, stan: key.stan))
            }
            guard part.agreement == .differs, !isUploaded else { continue }
            state.ledger.disown(key)
            state.ledger.with(number, terminal: configuration.terminal) { $0.differences.append(.disowned(key)) }
        }
    }
}

extension AcquirerHost {
    /// Of the details that the host had lost, some were voids: those, if any, that make up the credits that it lacks.
    private func findCredits(
        of number: String, _ batch: Ledger.Batch, _ claim: SettlementTotals,
        _ part: WritableKeyPath<SettlementTotals, SettlementTotals.Side>, _ state: inout State
    ) {
        let own = state.ledger.totals(number, terminal: configuration.terminal)[keyPath: part]
        let missing = claim[keyPath: part].creditCount - own.creditCount
        let candidates = batch.differences.compactMap { difference -> Ledger.Entry? in
            guard case .entered(let key) = difference, let entry = state.ledger.entry(key), entry.rrn.isEmpty,
                entry.isDomestic == (part == \.domestic)
            else { return nil }
            return entry
        }
        var tries = 10_000
        let amounts = candidates.map { Int($0.amount) }
        let credits = amounts[...].indices(
            of: missing, adding: claim[keyPath: part].creditAmount - own.creditAmount, &tries)
        for index in credits ?? [] { state.ledger.turnIntoCredit(candidates[index].key) }
    }
}

extension ArraySlice<Int> {
    /// Indices of so many numbers, none below zero, with this sum; nil if there are none or `tries` are used up.
    fileprivate func indices(of count: Int, adding sum: Int, _ tries: inout Int) -> [Int]? {
        if count == 0 { return sum == 0 ? [] : nil }
        tries -= 1
        guard tries > 0, count > 0, sum >= 0, self.count >= count, let first else { return nil }
        if let rest = dropFirst().indices(of: count - 1, adding: sum - first, &tries) { return [startIndex] + rest }
        return dropFirst().indices(of: count, adding: sum, &tries)
    }
}

extension SettlementTotals {
    /// Whether the host found both classes of cards as the terminal said.
    var hasAgreed: Bool { domestic.agreement == .agreed && foreign.agreement == .agreed }

    /// Whether the terminal says the same again.
    fileprivate func isSame(as other: SettlementTotals) -> Bool {
        var asked = self
        asked.domestic.agreement = other.domestic.agreement
        asked.foreign.agreement = other.foreign.agreement
        return asked == other
    }

    /// With counts as three digits tell them.
    fileprivate var onTheWire: SettlementTotals {
        var totals = self
        for part in [\SettlementTotals.domestic, \.foreign] {
            totals[keyPath: part].debitCount %= 1000
            totals[keyPath: part].creditCount %= 1000
        }
        return totals
    }
}

extension SettlementTotals.Side {
    /// Whether the terminal says the same of this class.
    fileprivate func agreement(with claim: SettlementTotals.Side, _ differing: Bool) -> SettlementTotals.Agreement {
        let isEmpty = debitCount == 0 && creditCount == 0
        let isSame =
            debitAmount == claim.debitAmount && debitCount == claim.debitCount && creditAmount == claim.creditAmount
            && creditCount == claim.creditCount
        return isSame && (isEmpty || !differing) ? .agreed : .differs
    }
}
