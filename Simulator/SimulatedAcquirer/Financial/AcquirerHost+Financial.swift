import ISO8583
import Payments
import SimulatedCards
import Wire

extension AcquirerHost {
    /// What a kind's own rules make of a request that its card does not speak against.
    struct Decision {
        /// What is granted, minor units.
        var amount: Int64
        /// Field 39: 00, or 10 for a part.
        var code = "00"
        /// The request that it takes back, completes or changes.
        var original: Ledger.Entry?
        /// Field 38 of the answer.
        var authorizationCode: String?
        /// The tip in the amount.
        var tip: Int64 = 0
        /// Whether the answer tells the balance.
        var tellsBalance = false
    }

    /// Authorizations (0100), financial requests (0200) and advices (0220): whatever is decided is entered into the
    /// ledger, but a message that cannot be placed.
    func handleFinancial(_ answer: inout HostAnswer, _ state: inout State) {
        do throws(Refusal) {
            let request = try FinancialRequest(
                answer, mti: answer.request.mti, function: "000", terminal: configuration.terminal)
            let isOpen = request.key.batch == state.batch
            let isKnown = state.ledger.batch(request.key.batch, terminal: request.key.terminal) != nil
            guard isOpen || request.kind.isAdvice && isKnown else { throw Refusal("77") }
            if let entry = state.ledger.entry(request.key), !entry.canBeTriedAgain {
                repeated(entry, &answer)
            } else {
                book(request, &answer, &state)
            }
        } catch {
            answer.code = error.code
        }
    }

    /// The answer to what was answered before: an advice that was refused is refused again, all else is a duplicate.
    private func repeated(_ entry: Ledger.Entry, _ answer: inout HostAnswer) {
        answer.code = "94"
        if entry.kind.isAdvice, case .declined(let code) = entry.state { answer.code = code }
        if !entry.rrn.isEmpty { answer.texts[37] = entry.rrn }
        answer.texts[38] = entry.authorizationCode
    }

    /// Decides a request, enters it and answers.
    func book(_ request: FinancialRequest, _ answer: inout HostAnswer, _ state: inout State) {
        state.lastReference += 1
        let reference = Digits.padded(state.lastReference, 12)
        let pan = pan(request.message, state.session)
        var cryptogram: GenuineCryptogram?
        var entry = Ledger.Entry(
            key: request.key, kind: request.kind, pan: pan, amount: request.amount, rrn: reference, state: .approved)
        do throws(Refusal) {
            guard let pan else { throw Refusal("30") }
            try check(request, pan, &cryptogram, &state)
            if !state.declines.isEmpty { throw Refusal(state.declines.removeFirst()) }
            if request.amount == 0, !request.kind.isWithoutAmount { throw Refusal("13") }
            let decision = try decide(request, pan, reference, state)
            answer.code = decision.code
            entry.amount = decision.amount
            entry.tip = decision.tip
            entry.relate(to: decision.original)
            entry.authorizationCode = decision.authorizationCode
        } catch {
            answer.code = error.code
            entry.state = .declined(code: error.code)
        }
        entry.entryMode = request.entryMode
        entry.condition = request.condition
        entry.date = request.now.mmdd
        entry.isChip = cryptogram != nil
        state.ledger.enter(entry)
        complete(&answer, request, entry, cryptogram, &state)
    }

    /// What an answer says beside its code.
    private func complete(
        _ answer: inout HostAnswer, _ request: FinancialRequest, _ entry: Ledger.Entry,
        _ cryptogram: GenuineCryptogram?, _ state: inout State
    ) {
        answer.texts[15] = request.now.mmdd
        answer.texts[37] = entry.rrn
        answer.texts[38] = entry.authorizationCode
        answer.bytes[44] = Institutions(issuer: "01020000", acquirer: "48021000").encoded
        answer.bytes[63] = Remarks(organisation: "CUP", terminal: configuration.remark).encoded
        let isApproved = entry.state == .approved
        if isApproved, !request.kind.isWithoutAmount { answer.texts[4] = Digits.padded(entry.amount, 12) }
        let tellsBalance = request.kind == .balance || request.kind == .sale && request.type.partialApproval == "1"
        if isApproved, tellsBalance, let pan = entry.pan {
            let amount = Int(state.ledger.available(pan))
            answer.texts[54] = Balance(accountType: "10", amountType: "02", currency: "156", amount: amount).encoded
        }
        guard let cryptogram, cryptogram.type == .arqc, let code = answer.code else { return }
        var objects = (try? cryptogram.issuerAuthenticationData(responseCode: code)).map { [$0] } ?? []
        if !state.scripts.isEmpty {
            let script = state.scripts.removeFirst()
            if let template = try? cryptogram.script(script.commands, template: script.template) {
                objects.append(template)
            }
        }
        answer.bytes[55] = TLV.encode(objects)
    }

    /// The rules of each kind. Nothing is changed here: what is granted takes effect when it is entered.
    func decide(
        _ request: FinancialRequest, _ pan: PAN, _ reference: String, _ state: State
    ) throws(Refusal) -> Decision {
        switch request.kind {
        case .sale: try sell(request, pan, reference, state)
        case .balance, .verification: Decision(amount: 0)
        case .preAuthorization: try hold(request, pan, reference, state)
        case .void, .completionVoid: try void(request, pan, state)
        case .cancel: try cancel(request, pan, state)
        case .completion, .completionAdvice: try complete(request, pan, state)
        case .refund: try refund(request, pan, state)
        case .adjustment, .tip: try adjust(request, pan, state)
        case .offlineSettlement, .offlineSale:
            // The money was promised already: it is booked whatever the account holds.
            Decision(amount: request.amount, authorizationCode: request.message.text(38))
        }
    }
}

extension Ledger.Entry {
    /// An advice that met a fault of the system was not decided: the same message may come again.
    fileprivate var canBeTriedAgain: Bool {
        guard case .declined(let code) = state else { return false }
        return kind.isAdvice && ["68", "90", "91", "92", "96", "98"].contains(code)
    }
}
