import Acquiring
import Engine
import Journaling
import PaymentCryptography
import Payments

/// What is owed to the acquirer, and the background that works it off.
extension World {
    // MARK: One attempt

    /// Tries to deliver something; how that ends is told to whoever asked.
    func deliver(_ delivery: PendingDelivery, for purpose: Memory.Delivering.Purpose) throws(PowerCut) {
        let anew: Authorization?
        do {
            anew = try renewal(of: delivery)
        } catch {
            return try delivered(.unanswered(PaymentFailure(.journalUnavailable, "\(error)")), for: purpose)
        }
        memory?.delivering = Memory.Delivering(
            machine: DeliveryMachine(delivery.delivery, of: delivery.id), delivery: delivery, purpose: purpose)
        try deliver(.start(anew: anew))
    }

    /// The new authorization of a deferred one that was lost and taken back; nil for all else.
    private func renewal(of delivery: PendingDelivery) throws -> Authorization? {
        guard delivery.delivery == .stored else { return nil }
        let isSentAgain = sentStored.contains(delivery.id) && canary == .queueSentTwice
        guard delivery.payment.stored == .waitingAnew || isSentAgain else { return nil }
        let (stan, batch) = try takeNumber()
        let lost = delivery.authorization
        return Authorization(
            request: lost.request, stan: stan, batch: batch, time: lost.time, card: lost.card, chipData: lost.chipData,
            attempt: lost.attempt + 1)
    }

    private func deliver(_ event: DeliveryMachine.Event) throws(PowerCut) {
        guard let action = memory?.delivering?.machine.handle(event) else { return }
        switch action {
        case .send(let anew): try sendDelivery(anew: anew)
        case .persist(let record):
            // The canary sends under a number that the journal has not seen.
            if canary == .queueSentTwice, case .authorization = record,
                memory?.delivering?.delivery.payment.stored == .waiting
            {
                return try deliver(.persisted)
            }
            if let failure = try commit([record], pan: memory?.delivering?.delivery.pan) {
                try deliver(.persistFailed(failure))
            } else {
                try deliver(.persisted)
            }
        case .finish(let result):
            guard let purpose = memory?.delivering?.purpose else { return }
            memory?.delivering = nil
            try delivered(result, for: purpose)
        case .ignore: books.breaks(.contradiction, "a delivery was told something out of turn")
        }
    }

    private func sendDelivery(anew: Authorization?) throws(PowerCut) {
        if let anew, let delivery = memory?.delivering?.delivery { memory?.delivering?.delivery = delivery.anew(anew) }
        guard let delivery = memory?.delivering?.delivery, let keys = workingKeys else {
            return try deliver(.unanswered(PaymentFailure(.reversalPending, "no keys")))
        }
        do {
            if delivery.delivery == .stored { sentStored.insert(delivery.id) }
            try transmit(
                Exchange(dialect.delivery(delivery), in: dialect, macKey: keys.macKey), for: .delivery)
        } catch let error as PowerCut {
            throw error
        } catch {
            note("no message: \(error)")
            try deliver(.unanswered(PaymentFailure(.reversalPending, "\(error)")))
        }
    }

    func deliveryAnswered(_ answer: Exchange.Answer) throws(PowerCut) {
        guard let delivery = memory?.delivering?.delivery else { return }
        let result = DeliverResult(answer, to: delivery, dialect)
        if result.demandsSignIn { memory?.isSignedIn = false }
        switch result.event {
        case .unanswered, .lost:
            if delivery.delivery == .scriptResult { memory?.scriptsRestUntil = clock.now + 60_000 }
        default: break
        }
        try deliver(result.event)
    }

    private func delivered(
        _ result: DeliveryMachine.Result, for purpose: Memory.Delivering.Purpose
    ) throws(PowerCut) {
        note("delivery: \(result.traced)")
        switch purpose {
        case .preparation: return try prepare(.delivered(result))
        case .settlement: return try settlementDelivered(result)
        case .background: break
        }
        guard memory?.waiters.isEmpty == true, memory?.running == nil else { return try release() }
        switch result {
        case .accepted, .refused: try workDone()
        case .signInDemanded, .unanswered: workFailed()
        }
        try release()
    }

    // MARK: The background

    /// Begins the background anew.
    func workInBackground() throws(PowerCut) {
        if memory?.isStopping == true { return try release() }
        memory?.background += 1
        memory?.backoff = Backoff()
        memory?.restsUntil = 0
        if !isLineTaken { try work() }
    }

    /// The next attempt of the background.
    func retry(_ number: Int) throws(PowerCut) {
        guard let memory, memory.background == number, !isLineTaken, memory.running == nil, memory.settling == nil
        else { return }
        try work()
    }

    /// The most urgent thing: the way to the acquirer, a settlement that was begun, one stored payment.
    func work() throws(PowerCut) {
        guard let memory, memory.running == nil, memory.settling == nil, !memory.isStopping, !isLineTaken else {
            return
        }
        guard memory.restsUntil <= clock.now else { return }
        if needsPreparation { return try prepareLink(for: .background) }
        if memory.isSettling { return try closeBatch(by: nil) }
        if let stored = nextStored { try deliver(stored, for: .background) }
    }

    func workDone() throws(PowerCut) {
        memory?.backoff.reset()
        try work()
    }

    /// After a failure the background waits, longer each time.
    func workFailed() {
        guard memory != nil else { return }
        jitter = jitter &* 1_664_525 &+ 1_013_904_223
        let pause = memory?.backoff.next(random: jitter) ?? 0
        memory?.restsUntil = clock.now + pause
        agenda.enter(.retryDue(memory?.background ?? 0), at: clock.now + pause, life: life)
    }

    /// The first of the queue; for a canary, the last.
    var nextStored: PendingDelivery? {
        if canary == .queueReversed { return (try? journal.deliveries(.stored, limit: .max))?.last }
        return (try? journal.deliveries(.stored, limit: 1))?.first
    }

    /// A supervisor settles by other means what the acquirer has refused for good, as soon as there is a terminal to tell
    /// that is not closing a batch.
    func resolve() throws(PowerCut) {
        guard memory?.isSettling == false else { return agenda.enter(.errand(.resolve), at: clock.now + 10_000) }
        var records = ((try? journal.refused()) ?? []).map {
            Record.resolved($0.request.id, .stored, supervisor: "00")
        }
        records += ((try? journal.deliveries(.reversal, limit: .max)) ?? []).filter {
            !$0.holdsPayments(tries: Self.reversalTries)
        }.map { .resolved($0.id, .reversal, supervisor: "00") }
        for record in records where try commit([record]) != nil { return }
    }
}

extension DeliveryMachine.Result {
    /// A few words for the trace.
    fileprivate var traced: String {
        switch self {
        case .accepted: "accepted"
        case .refused(let code): "refused with \(code)"
        case .signInDemanded(let code): "sign-in demanded (\(code))"
        case .unanswered(let failure): "open: \(failure.detail)"
        }
    }
}
