import ISO8583
import Payments
import SimulatedCards
import Wire

extension AcquirerHost {
    /// Batch upload (0320). What the terminal uploads and the host does not have alike is made so, and written down as a
    /// difference of the batch. A record that came before is a duplicate (94).
    func takeUpload(_ answer: inout HostAnswer, _ state: inout State) {
        guard let type = answer.type, let function = type.function, answer.request.has(11) else {
            answer.code = "30"
            return
        }
        guard let claim = state.ledger.batch(type.batch, terminal: configuration.terminal).map(\.claim) else {
            answer.code = "77"
            return
        }
        switch (function, type.kind) {
        case ("201", "00"): takeDetails(&answer, type, &state)
        case ("201", _): takeAdvice(&answer, &state)
        case ("203", "00"), ("204", "00"): takeChipRecord(&answer, type, claim, agreed: true, &state)
        case ("205", "00"), ("206", "00"): takeChipRecord(&answer, type, claim, agreed: false, &state)
        case ("202", "00"), ("207", "00"): close(&answer, type, &state)
        default: answer.code = "12"
        }
    }

    /// Keeps a record as uploaded; false if it was before.
    @discardableResult
    private func note(_ step: Ledger.Upload.Step, _ stan: String, _ batch: String, _ state: inout State) -> Bool {
        var isNew = false
        state.ledger.with(batch, terminal: configuration.terminal) { batch in
            isNew = batch.uploads.insert(Ledger.Upload(step: step, stan: stan)).inserted
        }
        return isNew
    }

    private func note(_ difference: Ledger.Difference, _ batch: String, _ state: inout State) {
        state.ledger.with(batch, terminal: configuration.terminal) { $0.differences.append(difference) }
    }

    // MARK: Details

    /// Up to eight on-line transactions.
    private func takeDetails(_ answer: inout HostAnswer, _ type: TransactionType, _ state: inout State) {
        guard let digits = answer.request.text(48), let details = try? BatchDetails(decoding: digits),
            !details.records.isEmpty, details.records.allSatisfy({ ["00", "01"].contains($0.organisation) })
        else {
            answer.code = "30"
            return
        }
        var isRepeat = true
        for record in details.records {
            guard note(.detail, record.trace, type.batch, &state) else { continue }
            isRepeat = false
            agree(record, type.batch, &state)
        }
        if isRepeat { answer.code = "94" }
    }

    /// Makes the books agree with one detail.
    private func agree(_ record: BatchDetails.Record, _ batch: String, _ state: inout State) {
        let key = Ledger.Key(terminal: configuration.terminal, batch: batch, stan: record.trace)
        guard let entry = state.ledger.entry(key), entry.pan?.digits == record.accountNumber else {
            guard state.ledger.entry(key) == nil || state.ledger.entry(key)?.isCounted == false else {
                // The number is another card's: nothing is entered over it.
                return
            }
            // A detail does not say on which side it counts: the end message tells.
            state.ledger.enter(
                Ledger.Entry(
                    key: key, kind: .sale, pan: PAN(record.accountNumber), amount: Int64(record.amount),
                    state: .approved))
            return note(.entered(key), batch, &state)
        }
        agree(entry, record.amount, &state)
    }

    /// Makes the books agree with what the terminal says of a request that they have.
    private func agree(_ entry: Ledger.Entry, _ amount: Int, _ state: inout State) {
        let key = entry.key
        if !entry.isStanding {
            state.ledger.reinstate(key)
            note(.reinstated(key), key.batch, &state)
        }
        if entry.amount != Int64(amount) {
            state.ledger.amend(key, amount: Int64(amount))
            note(.amended(key, from: entry.amount), key.batch, &state)
        }
    }

    // MARK: Advices

    /// An advice once more, under its own number. The host takes the terminal's word for what it does not have.
    private func takeAdvice(_ answer: inout HostAnswer, _ state: inout State) {
        do throws(Refusal) {
            let kind = answer.type.flatMap { type in
                Ledger.Kind.allCases.first { $0.isAdvice && $0.code == type.kind }
            }
            guard let kind else { throw Refusal("30") }
            let request = try FinancialRequest(
                answer, mti: kind.mti, function: "201", terminal: configuration.terminal)
            guard kind.permits(request.message.fields + [64]), !request.message.has(64), request.amount > 0,
                let pan = request.message.text(2).flatMap({ PAN($0) })
            else { throw Refusal("30") }
            guard issuer.account(pan) != nil else { throw Refusal("14") }
            let key = request.key
            guard note(.advice, key.stan, key.batch, &state) else { throw Refusal("94") }
            let known = state.ledger.entry(key)
            if let known, known.kind == kind, known.pan == pan {
                agree(known, Int(request.amount), &state)
            } else if known == nil || known?.isCounted == false {
                enter(request, pan, &state)
            }
        } catch {
            answer.code = error.code
        }
    }

    private func enter(_ request: FinancialRequest, _ pan: PAN, _ state: inout State) {
        let decision = try? decide(request, pan, "", state)
        state.lastReference += 1
        var entry = Ledger.Entry(
            key: request.key, kind: request.kind, pan: pan, amount: request.amount,
            rrn: Digits.padded(state.lastReference, 12), state: .approved)
        entry.relate(to: decision?.original)
        entry.tip = decision?.tip ?? 0
        entry.authorizationCode = request.message.text(38)
        entry.date = request.now.mmdd
        state.ledger.enter(entry)
        note(.entered(request.key), request.key.batch, &state)
    }

    // MARK: Chip records

    /// The certificate of an approved chip transaction (203, 205), or what is left of a failed one (204, 206).
    private func takeChipRecord(
        _ answer: inout HostAnswer, _ type: TransactionType, _ claim: SettlementTotals?, agreed: Bool,
        _ state: inout State
    ) {
        guard let claim else {
            answer.code = "12"
            return
        }
        let isFailure = type.function == "204" || type.function == "206"
        let request = answer.request
        guard let stan = request.text(11), let pan = request.text(2).flatMap({ PAN($0) }),
            let amount = request.text(4).flatMap({ Int($0) }), let entryMode = request.text(22),
            ["05", "07"].contains(entryMode.prefix(2)), let chipData = request.bytes(55).map(Array.init),
            let bytes = request.bytes(62),
            let record = try? ChipUpload(decoding: String(decoding: bytes, as: UTF8.self)),
            record.kind == (isFailure ? .failure : .certificate), record.amount == amount, record.currency == "156",
            record.isForeign == !pan.digits.hasPrefix("62"), !request.has(64)
        else {
            answer.code = "30"
            return
        }
        // Of the class of the card: the other one may have another verdict.
        let verdict = record.isForeign ? claim.foreign.agreement : claim.domestic.agreement
        guard agreed == (verdict == .agreed) else {
            answer.code = "12"
            return
        }
        let entry = state.ledger.entry(
            Ledger.Key(terminal: configuration.terminal, batch: type.batch, stan: stan))
        if !isFailure, let code = refusal(chipData, request, pan, amount, asked: entry?.requested ?? Int64(amount)) {
            answer.code = code
            return
        }
        if !note(isFailure ? .failure : .certificate, stan, type.batch, &state) { answer.code = "94" }
    }

    /// What speaks against a certificate: it must be genuine, a TC, and over this amount.
    private func refusal(_ chipData: [UInt8], _ request: Message, _ pan: PAN, _ amount: Int, asked: Int64) -> String? {
        let number = request.text(23).flatMap { Int($0) }
        switch issuer.check(chipData: chipData, pan: pan, sequenceNumber: number) {
        case .malformed: return "30"
        case .unknownCard: return "14"
        case .wrong: return "59"
        case .genuine(let cryptogram):
            // After a partial approval the card has signed what was asked for.
            let amounts = [Int64(amount), asked].map { Digits.padded($0, 12) }
            guard let told = try? TLV.find(0x9F02, in: chipData), amounts.contains(Hex.encode(told.value)) else {
                return "59"
            }
            return cryptogram.type == .tc ? nil : "59"
        }
    }
}
