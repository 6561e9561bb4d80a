import Acquiring
import Engine
import HAL
import ISO8583
import Journaling
import Logging
import Payments

/// The line to the acquirer: sign-in, authorizations, and what must be delivered before or after them.
extension PaymentTerminal {
    /// Sends an authorization that is in the journal; the answer comes back as an event.
    func send(_ authorization: Authorization) {
        let id = authorization.request.id
        guard let credentials = running?.credentials else {
            let failure = PaymentFailure(.interrupted, "the card's data are gone")
            return post(.notSent(failure, canStore: false), to: id)
        }
        let start = devices.clock.uptime
        Task {
            let result = await onTheLine { await watchedAcquirer(of: id).authorize(authorization, credentials) }
            running?.acquirerMilliseconds += devices.clock.uptime.milliseconds(since: start)
            post(event(for: result, authorization.request), to: id)
        }
    }

    /// Makes the way free for a payment: what a crash left is closed, the working keys are there, no reversal waits, and
    /// the acquirer can be reached. Callers share one attempt. Nil is good news.
    func prepareLink() async -> PaymentFailure? {
        if let preparation { return await preparation.value }
        let task = Task {
            // Over before anybody hears of its end: who comes after that begins another.
            defer { preparation = nil }
            return await onTheLine { await prepare() }
        }
        preparation = task
        let failure = await task.value
        if let failure {
            logger.warning(
                "not ready for payments", metadata: ["reason": "\(failure.reason)", "detail": "\(failure.detail)"])
        }
        return failure
    }

    /// Closes the payments that the journal holds without an outcome, but for the one that runs.
    func recover() throws(JournalError) {
        let unfinished = try journal.unfinished().filter { $0.request.id != running?.request.id }
        for record in Recovery.plan(unfinished) {
            try append([record])
            if case .finished(let id, let outcome, let reversal, _) = record {
                step(.outcomeSaved, outcome.name, of: id)
                logger.warning(
                    "a payment was cut off and is closed",
                    metadata: [
                        "payment": "\(id)", "outcome": "\(outcome.name)", "reversal": "\(reversal?.rawValue ?? "none")",
                    ])
            }
        }
    }

    /// Asked while no payment runs: one without an outcome is one whose outcome could not be written.
    var needsPreparation: Bool {
        guard isSignedIn, let unfinished = try? journal.unfinished(),
            let reversals = try? journal.deliveries(.reversal, limit: .max),
            let scripts = try? journal.deliveries(.scriptResult, limit: 1)
        else { return true }
        return !unfinished.isEmpty || reversals.contains { holdsPayments($0) } || (!scripts.isEmpty && mayTryScripts)
    }

    /// Whether payments wait for this delivery.
    func holdsPayments(_ delivery: PendingDelivery) -> Bool {
        delivery.holdsPayments(tries: reversalTries)
    }

    private var mayTryScripts: Bool { scriptsRestUntil.map { $0 <= devices.clock.uptime } ?? true }

    private func prepare() async -> PaymentFailure? {
        let owed: [PendingDelivery]
        do {
            try recover()
            let scripts = mayTryScripts ? try journal.deliveries(.scriptResult, limit: 20) : []
            owed = scripts + (try journal.deliveries(.reversal, limit: .max).filter { holdsPayments($0) })
        } catch {
            return unavailable(error)
        }
        var machine = PreparationMachine()
        var event = PreparationMachine.Event.start(
            isSignedIn: isSignedIn, deliveries: owed.map { .init($0.delivery, of: $0.id) })
        while true {
            switch machine.handle(event) {
            case .signIn:
                event = await signInAnew()
            case .deliver(let errand):
                guard let delivery = owed.first(where: { $0.id == errand.id && $0.delivery == errand.delivery }) else {
                    return PaymentFailure(
                        .reversalPending, "the \(errand.delivery.rawValue) of \(errand.id) is not at hand")
                }
                event = .delivered(await deliver(delivery))
            case .connect:
                await loadPINKey()
                event = await connect()
            case .finish(let failure):
                return failure
            case .ignore:
                return PaymentFailure(.acquirerUnreachable, "the preparation was told something out of turn")
            }
        }
    }

    private func connect() async -> PreparationMachine.Event {
        do {
            try await acquirer.connect()
            return .connected
        } catch {
            acquirerProblem = error.detail
            return .connectFailed(PaymentFailure(.acquirerUnreachable, error.detail))
        }
    }

    /// A number of the running batch, used up in the journal, for a message that is no payment.
    func takeNumber() throws(JournalError) -> (stan: STAN, batch: BatchNumber) {
        let numbers = try journal.numbers()
        try append([.numberUsed(numbers.stan)])
        step(.sessionSaved, "STAN \(numbers.stan)", of: nil)
        return numbers
    }

    private func signInAnew() async -> PreparationMachine.Event {
        do {
            let (stan, batch) = try takeNumber()
            let result = try await watchedAcquirer(of: nil).signIn(stan: stan, batch: batch)
            // While a batch is being closed its number stays: the end message moves it.
            if !isSettling || result.batch == batch {
                try append([.signedIn(batch: result.batch)])
                step(.sessionSaved, "batch \(result.batch)", of: nil)
            }
            isSignedIn = true
            padHasKey = false
            acquirerProblem = nil
            hear(result.time)
            logger.info("signed in", metadata: ["batch": "\(result.batch)"])
            return .signedIn
        } catch let error as AcquiringError {
            acquirerProblem = error.detail
            return .signInFailed(PaymentFailure(.acquirerUnreachable, "sign-in: \(error.detail)"))
        } catch {
            return .signInFailed(unavailable(error))
        }
    }

    /// A pad that is missing now does not keep cards away that need no PIN; the next payment tries again.
    private func loadPINKey() async {
        guard !padHasKey, let pinPad = devices.pinPad, let key = acquirer.pinKey else { return }
        do {
            try await pinPad.loadPINKey(key)
            padHasKey = true
        } catch {
            logger.warning("the PIN pad took no key", metadata: ["reason": "\(error)"])
        }
    }

    /// One attempt at what a payment owes. The caller is on the line.
    func deliver(_ delivery: PendingDelivery) async -> DeliveryMachine.Result {
        let id = delivery.id
        var machine = DeliveryMachine(delivery.delivery, of: id)
        var event: DeliveryMachine.Event
        do {
            event = .start(anew: try renewal(of: delivery))
        } catch {
            return .unanswered(unavailable(error))
        }
        while true {
            switch machine.handle(event) {
            case .send(let anew):
                event = await send(delivery, anew: anew)
            case .persist(let record):
                do {
                    try append([record], pan: delivery.pan)
                    step(delivery.delivery == .reversal ? .reversalSaved : .deliverySaved, record.kind.rawValue, of: id)
                    event = .persisted
                } catch {
                    event = .persistFailed(unavailable(error))
                }
            case .finish(let result):
                logger.notice(
                    "delivery tried",
                    metadata: ["payment": "\(id)", "delivery": "\(delivery.delivery.rawValue)", "result": "\(result)"])
                if case .refused = result { printRefusal(of: id) }
                return result
            case .ignore:
                return .unanswered(PaymentFailure(.interrupted, "the delivery was told something out of turn"))
            }
        }
    }

    /// The new authorization of a deferred one that was lost and taken back; nil for all else.
    private func renewal(of delivery: PendingDelivery) throws(JournalError) -> Authorization? {
        guard delivery.delivery == .stored, delivery.payment.stored == .waitingAnew else { return nil }
        let (stan, batch) = try journal.numbers()
        let lost = delivery.authorization
        return Authorization(
            request: lost.request, stan: stan, batch: batch, time: lost.time, card: lost.card, chipData: lost.chipData,
            attempt: lost.attempt + 1)
    }

    private func send(_ delivery: PendingDelivery, anew: Authorization?) async -> DeliveryMachine.Event {
        let result = await watchedAcquirer(of: delivery.id).deliver(anew.map { delivery.anew($0) } ?? delivery)
        if result.demandsSignIn { isSignedIn = false }
        if case .answered(let reply, _) = result { hear(reply.acquirerTime) }
        let event = result.event
        switch event {
        case .signInDemanded(let code):
            acquirerProblem = "the acquirer answers \(code): \(ResponseCode(code).text.english)"
        case .unanswered(let failure), .lost(let failure, _):
            acquirerProblem = failure.detail
            if delivery.delivery == .scriptResult {
                scriptsRestUntil = devices.clock.uptime.advanced(milliseconds: 60_000)
            }
        default: acquirerProblem = nil
        }
        return event
    }

    /// The acquirer, whose messages for the payment `id` are steps of it. The observer hears of each at once, in the
    /// link's own task, so that a process killed in a step is killed in that step; screens hear of it after.
    func watchedAcquirer(of id: RequestID?) -> Acquirer {
        acquirer.observed(demanded: { [weak self] in self?.hear($0) }) {
            [observer, weak self] moment in
            guard let step = moment.step else { return }
            Task { await self?.report(step, "\(moment.mti)", of: id) }
            observer(step)
        }
    }

    private func event(for result: AuthorizeResult, _ request: PaymentRequest) -> PaymentMachine.Event {
        if result.demandsSignIn { isSignedIn = false }
        if case .replied(let reply) = result { hear(reply.acquirerTime) }
        let event = result.event(canStore: canStore(request))
        acquirerProblem =
            switch event {
            case .replyLost(let failure, _), .notSent(let failure, _): failure.detail
            default: nil
            }
        return event
    }
}

extension AcquirerStep {
    /// The step of a payment that this is; nil for what belongs to none.
    var step: Step? {
        switch (request, moment) {
        case (0x0400, .aboutToSend): .reversalLeaving
        case (0x0400, .sent): .reversalSent
        case (0x0400, .received): .reversalAnswered
        case (0x0500, .aboutToSend), (0x0320, .aboutToSend): .settlementLeaving
        case (0x0500, .sent), (0x0320, .sent): .settlementSent
        case (0x0500, .received), (0x0320, .received): .settlementAnswered
        case (0x0800, .aboutToSend), (0x0820, .aboutToSend): .sessionLeaving
        case (0x0800, .sent), (0x0820, .sent): .sessionSent
        case (0x0800, .received), (0x0820, .received): .sessionAnswered
        case (_, .aboutToSend): .requestLeaving
        case (_, .sent): .requestSent
        case (_, .received): .replyReceived
        default: nil
        }
    }

    /// The message that moves.
    var mti: MTI { moment == .received ? request.reply : request }
}
