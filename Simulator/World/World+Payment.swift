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
        case .persist(let record): try persist(record, of: running)
        case .prepareLink: try prepareLink(for: id)
        case .readCard: readCard(running)
        case .stopCard:
            note("the card is let go")
            agenda.enter(.cardEnds(id), at: clock.now, life: life)
        case .send(let authorization): try send(authorization, running.credentials)
        case .completeCard(let reply):
            agenda.enter(.cardCompletes(id, reply), at: clock.now + 800, life: life)
        case .finish(let outcome): try finish(outcome, of: running)
        case .ignore: note("event ignored")
        }
    }

    private func persist(_ record: Record, of running: Memory.Running) throws(PowerCut) {
        let id = running.request.id
        var pan: PAN?
        switch record {
        case .authorization(let authorization):
            pan = running.credentials?.pan
            if canary == .sentBeforeCommit { try send(authorization, running.credentials) }
        case .finished(_, let outcome, _) where canary == .toldBeforeCommit:
            try tell(outcome, of: running)
        default: break
        }
        if let failure = try commit(record, pan: pan) {
            try post(.persistFailed(failure), to: id)
        } else {
            try post(.persisted, to: id)
        }
    }

    private func send(_ authorization: Authorization, _ credentials: Credentials?) throws(PowerCut) {
        let id = authorization.request.id
        // The canary has sent it already.
        if case .sale(id)? = memory?.underway?.purpose { return }
        guard let credentials, let keys = workingKeys else {
            return try post(.notSent(PaymentFailure(.acquirerUnreachable, "not signed in")), to: id)
        }
        do {
            let sale = try dialect.sale(authorization, credentials, trackKey: keys.trackKey)
            try transmit(Exchange(sale, in: dialect, macKey: keys.macKey), for: .sale(id))
        } catch let error as PowerCut {
            throw error
        } catch {
            try post(.notSent(PaymentFailure(.acquirerUnreachable, "\(error)")), to: id)
        }
    }

    /// The acquirer's answer to a sale.
    func saleAnswered(_ answer: Exchange.Answer, of id: RequestID) throws(PowerCut) {
        let result = AuthorizeResult(answer, dialect)
        if result.demandsSignIn { memory?.isSignedIn = false }
        memory?.running?.credentials = nil
        try post(result.event, to: id)
    }

    // MARK: The card

    private func readCard(_ running: Memory.Running) {
        let order = script.orders[running.order]
        note("card: \(order.card)\(order.pin.map { ", PIN \($0)" } ?? "")")
        agenda.enter(.cardEnds(order.id), at: clock.now + order.cardMilliseconds, life: life)
    }

    /// The card has come to its first cryptogram, or to its end.
    func cardEnds(_ id: RequestID) throws(PowerCut) {
        guard let running = memory?.running, running.request.id == id else { return }
        let order = script.orders[running.order]
        let event: PaymentMachine.Event
        switch order.card {
        case .agrees, .refusesLate, .pulledLate: event = authorize(order)
        case .declines: event = .cardEnded(.declinedByCard(nil, nil))
        case .pulledEarly: event = .cardEnded(.failed(PaymentFailure(.cardRemoved, "pulled early")))
        case .absent: event = .cardEnded(.failed(PaymentFailure(.noCard, "no card")))
        case .customerCancels: event = .cardEnded(.cancelled(by: .customer))
        }
        try post(event, to: id)
    }

    private func authorize(_ order: Script.Order) -> PaymentMachine.Event {
        do {
            let (stan, batch) = try takeNumber()
            let (authorization, credentials) = try customers[order.customer].authorize(
                order, stan: stan, batch: batch, time: clock.localTime(),
                padKey: memory?.padHasKey == true ? padKey : nil)
            memory?.running?.credentials = credentials
            return .cardRead(authorization)
        } catch {
            return .cardEnded(.failed(PaymentFailure(.journalUnavailable, "\(error)")))
        }
    }

    /// The card has heard the acquirer's reply, unless it is gone.
    func cardCompletes(_ id: RequestID, _ reply: Reply) throws(PowerCut) {
        guard let running = memory?.running, running.request.id == id else { return }
        switch script.orders[running.order].card {
        case .pulledLate: try post(.cardLost(PaymentFailure(.cardRemoved, "pulled late")), to: id)
        case .refusesLate: try post(.cardCompleted(agreed: false, nil), to: id)
        default: try post(.cardCompleted(agreed: reply.verdict == .approved, nil), to: id)
        }
    }

    // MARK: The end

    private func finish(_ outcome: Outcome, of running: Memory.Running) throws(PowerCut) {
        try step()
        var told = outcome
        if let known = try? journal.payment(running.request.id), let kept = known.outcome { told = kept }
        if canary != .toldBeforeCommit { try tell(told, of: running) }
        memory?.running = nil
        try settleInBackground()
    }

    /// Register and customer hear how it ended.
    private func tell(_ outcome: Outcome, of running: Memory.Running) throws(PowerCut) {
        books.customerHears(outcome, of: running.order)
        answer(running.order, outcome)
        note("\(running.request.id) is told: \(outcome.traced)")
        try step()
    }
}
