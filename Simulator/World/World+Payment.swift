import Acquiring
import Engine
import Journaling
import PaymentCryptography
import Payments

/// A payment in the terminal: its machine is fed, its actions are performed, as `PaymentTerminal` does.
extension World {
    /// Feeds an event to the payment `id`; one that is over does not hear it.
    func post(_ event: PaymentMachine.Event, to id: RequestID) throws(PowerCut) {
        guard memory?.running?.request.id == id else { return note("late event for \(id)") }
        memory?.running?.events.append(event)
        guard memory?.running?.isHandling == false else { return }
        memory?.running?.isHandling = true
        while memory?.running?.request.id == id, memory?.running?.events.isEmpty == false {
            guard let next = memory?.running?.events.removeFirst() else { break }
            for action in memory?.running?.machine.handle(next) ?? [] { try perform(action, of: id) }
        }
        if memory?.running?.request.id == id { memory?.running?.isHandling = false }
    }

    private func perform(_ action: PaymentMachine.Action, of id: RequestID) throws(PowerCut) {
        guard let running = memory?.running else { return }
        switch action {
        case .persist(let records): try persist(records, of: running)
        case .prepareLink: try prepareLink(for: .payment(id))
        case .readCard(_, let attempt, let online): readCard(running, attempt: attempt, online: online)
        case .stopCard:
            note("the card is let go")
            agenda.enter(.cardEnds(id), at: clock.now, life: life)
        case .send(let authorization): try send(authorization, running.credentials)
        case .completeCard(let reply):
            memory?.running?.credentials = nil
            agenda.enter(.cardCompletes(id, reply), at: clock.now + 800, life: life)
        case .completeCardOffline(let authorization):
            agenda.enter(.cardCompletesOffline(authorization), at: clock.now + 800, life: life)
        case .finish(let outcome): try finish(outcome, of: running)
        case .ignore: note("event ignored")
        }
    }

    private func persist(_ records: [Record], of running: Memory.Running) throws(PowerCut) {
        let id = running.request.id
        let wasSent = try hurry(records, of: running)
        if let failure = try commit(records.map(unmasked), pan: running.credentials?.pan) {
            try post(.persistFailed(failure), to: id)
        } else if !wasSent || memory?.running?.request.id == id {
            try post(.persisted, to: id)
        }
    }

    /// What canaries do before the records are durable.
    private func hurry(_ records: [Record], of running: Memory.Running) throws(PowerCut) -> Bool {
        guard let canary else { return false }
        switch (canary, records.first, records.last) {
        case (.sentBeforeCommit, .authorization(let authorization), .authorization):
            try send(authorization, running.credentials)
        case (.storedAfterSending, .authorization(let authorization), .finished(_, .stored, _, _)):
            if memory?.underway == nil, let credentials = running.credentials, let keys = workingKeys {
                let frame = try? dialect.request(authorization, credentials, trackKey: keys.trackKey)
                let exchange = frame.flatMap { try? Exchange($0, in: dialect, macKey: keys.macKey) }
                if let exchange { try transmit(exchange, for: .echo) }
            }
        case (.toldBeforeCommit, .finished(_, let outcome, _, _), _): try tell(outcome, of: running)
        case (.receiptBeforeCommit, _, .finished(_, let outcome, _, _)): try printReceipt(outcome, of: running)
        default: return false
        }
        return true
    }

    /// For the canary that keeps account numbers.
    private func unmasked(_ record: Record) -> Record {
        guard canary == .accountNumberKept, case .authorization(let sent) = record,
            let pan = memory?.running?.credentials?.pan
        else { return record }
        let card = CardSummary(
            maskedPAN: pan.digits, expiry: sent.card.expiry, sequenceNumber: sent.card.sequenceNumber,
            entryMode: sent.card.entryMode, pinEntry: sent.card.pinEntry, application: sent.card.application)
        return .authorization(
            Authorization(
                request: sent.request, stan: sent.stan, batch: sent.batch, time: sent.time, card: card,
                chipData: sent.chipData, attempt: sent.attempt))
    }

    private func send(_ authorization: Authorization, _ credentials: Credentials?) throws(PowerCut) {
        let id = authorization.request.id
        // The canary has sent it already.
        if case .payment(id)? = memory?.underway?.purpose { return }
        guard let credentials, let keys = workingKeys else {
            return try post(
                .notSent(
                    PaymentFailure(.acquirerUnreachable, "not signed in"), canStore: canStore(authorization.request)),
                to: id)
        }
        do {
            let request = try dialect.request(authorization, credentials, trackKey: keys.trackKey)
            try transmit(Exchange(request, in: dialect, macKey: keys.macKey), for: .payment(id))
        } catch let error as PowerCut {
            throw error
        } catch {
            note("no message: \(error)")
            try post(
                .notSent(PaymentFailure(.acquirerUnreachable, "\(error)"), canStore: canStore(authorization.request)),
                to: id)
        }
    }

    /// The acquirer's answer to a request.
    func paymentAnswered(_ answer: Exchange.Answer, of id: RequestID) throws(PowerCut) {
        guard let request = memory?.running?.request, request.id == id else { return note("an answer for nobody") }
        let result = AuthorizeResult(answer, dialect)
        if result.demandsSignIn { memory?.isSignedIn = false }
        try post(result.event(canStore: canStore(request)), to: id)
    }

    // MARK: Without the acquirer

    /// Why a payment of this request is not taken without the acquirer; nil if it is.
    func storeRefusal(_ request: PaymentRequest, pan: PAN? = nil) -> PaymentFailure? {
        guard let load = try? journal.queue(card: pan, on: clock.localTime()) else {
            return PaymentFailure(.journalUnavailable, "no queue")
        }
        return script.policy.refusal(of: request.amount, beside: load)
    }

    func canStore(_ request: PaymentRequest) -> Bool {
        (script.policy.takesOffline || script.policy.defers) && storeRefusal(request) == nil
    }

    /// What a payment is told that cannot reach the acquirer.
    func linkFailed(_ failure: PaymentFailure, _ request: PaymentRequest) -> PaymentMachine.Event {
        guard script.policy.takesOffline || script.policy.defers, request.kind == .sale else {
            return .linkFailed(failure, canStore: false)
        }
        if let refusal = storeRefusal(request) { return .linkFailed(refusal, canStore: false) }
        return .linkFailed(failure, canStore: true)
    }

    // MARK: The end

    private func finish(_ outcome: Outcome, of running: Memory.Running) throws(PowerCut) {
        try step()
        var told = outcome
        if let known = try? journal.payment(running.request.id), let kept = known.outcome { told = kept }
        if canary == .printerDecides, told.isGood, isPrinterOut {
            told = .failed(PaymentFailure(.interrupted, "no receipt"))
        }
        if canary != .toldBeforeCommit { try tell(told, of: running) }
        memory?.running = nil
        if canary != .receiptBeforeCommit { try printReceipt(told, of: running) }
        try workInBackground()
    }

    /// Register and customer hear how it ended.
    private func tell(_ outcome: Outcome, of running: Memory.Running) throws(PowerCut) {
        books.customerHears(outcome, of: running.order)
        answer(running.order, outcome)
        note("\(running.request.id) is told: \(outcome.traced)")
        try step()
    }

    /// What the printer does with what an approved payment brings; its failure changes nothing.
    private func printReceipt(_ outcome: Outcome, of running: Memory.Running) throws(PowerCut) {
        guard outcome.isGood else { return }
        guard !isPrinterOut else { return note("no receipt: the printer is out") }
        // A receipt is made from the journal.
        let kept = ((try? journal.payment(running.request.id)) ?? nil)?.outcome
        guard kept?.isGood == true || canary == .receiptBeforeCommit else { return }
        books.prints(running.order, journal)
        try step()
    }
}

extension Outcome {
    /// Whether the customer gets what was asked for.
    var isGood: Bool {
        switch self {
        case .approved, .stored: true
        case .declined, .declinedByCard, .cancelled, .failed: false
        }
    }
}
