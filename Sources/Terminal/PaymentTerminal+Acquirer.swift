import Acquiring
import Engine
import HAL
import ISO8583
import Journaling
import Logging
import Payments

/// The acquirer's part: sign-in, authorization, reversals.
extension PaymentTerminal {
    /// Sends an authorization that is in the journal; the answer comes back as an event.
    func send(_ authorization: Authorization) {
        let id = authorization.request.id
        guard let credentials = running?.credentials else {
            return post(.notSent(PaymentFailure(.interrupted, "the card's data are gone")), to: id)
        }
        let start = devices.clock.uptime
        Task {
            let result = await watchedAcquirer(of: id).authorize(authorization, credentials)
            running?.acquirerMilliseconds += devices.clock.uptime.milliseconds(since: start)
            running?.credentials = nil
            post(event(for: result), to: id)
        }
    }

    /// Makes the way free for a payment: what a crash left is closed, the working keys are there, no reversal waits, and
    /// the acquirer can be reached. Callers share one attempt. Nil is good news.
    func prepareLink() async -> PaymentFailure? {
        if let preparation { return await preparation.value }
        let task = Task {
            // Over before anybody hears of its end: who comes after that begins another.
            defer { preparation = nil }
            return await prepare()
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
        for record in Recovery.plan(unfinished.map { .init(request: $0.request, authorization: $0.authorization) }) {
            try journal.append(record, at: devices.clock.localTime())
            if case .finished(let id, _, let reversal) = record {
                logger.warning(
                    "a payment was cut off and is closed",
                    metadata: ["payment": "\(id)", "reversal": "\(reversal?.rawValue ?? "none")"])
            }
        }
    }

    /// Tries to sign in, to close what is open and to settle reversals until all is done: now, and then at growing
    /// intervals of at most a minute.
    func settleInBackground() {
        background?.cancel()
        guard !isStopping else { return }
        background = Task {
            var pause = 1_000
            while !Task.isCancelled, running == nil, needsPreparation {
                guard await prepareLink() != nil else { return }
                try? await devices.clock.wait(until: devices.clock.uptime.advanced(milliseconds: pause))
                pause = min(pause * 2, 60_000)
            }
        }
    }

    /// Asked while no payment runs: one without an outcome is one whose outcome could not be written.
    private var needsPreparation: Bool {
        guard isSignedIn, let unfinished = try? journal.unfinished(), let reversals = try? journal.pendingReversals()
        else { return true }
        return !unfinished.isEmpty || reversals.contains { holdsPayments($0) }
    }

    /// Whether payments wait for this reversal.
    func holdsPayments(_ reversal: PendingReversal) -> Bool {
        reversal.holdsPayments(tries: configuration.acquirer.reversalTries)
    }

    private func prepare() async -> PaymentFailure? {
        let reversals: [PendingReversal]
        do {
            try recover()
            reversals = try journal.pendingReversals().filter { holdsPayments($0) }
        } catch {
            return PaymentFailure(.journalUnavailable, "\(error)")
        }
        var machine = PreparationMachine()
        var event = PreparationMachine.Event.start(
            isSignedIn: isSignedIn, reversals: reversals.map(\.authorization.request.id))
        while true {
            switch machine.handle(event) {
            case .signIn:
                event = await signInAnew()
            case .reverse(let id):
                guard let reversal = reversals.first(where: { $0.authorization.request.id == id }) else {
                    return PaymentFailure(.reversalPending, "the reversal of \(id) is not at hand")
                }
                event = .reversalEnded(await reverse(reversal))
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

    private func signInAnew() async -> PreparationMachine.Event {
        do {
            let (stan, batch) = try journal.numbers()
            try journal.append(.numberUsed(stan), at: devices.clock.localTime())
            let result = try await acquirer.signIn(stan: stan, batch: batch)
            try journal.append(.signedIn(batch: result.batch), at: devices.clock.localTime())
            isSignedIn = true
            padHasKey = false
            acquirerProblem = nil
            logger.info("signed in", metadata: ["batch": "\(result.batch)"])
            return .signedIn
        } catch let error as AcquiringError {
            acquirerProblem = error.detail
            return .signInFailed(PaymentFailure(.acquirerUnreachable, "sign-in: \(error.detail)"))
        } catch {
            return .signInFailed(PaymentFailure(.journalUnavailable, "\(error)"))
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

    /// One attempt to settle a reversal.
    private func reverse(_ reversal: PendingReversal) async -> ReversalMachine.Result {
        let id = reversal.authorization.request.id
        var machine = ReversalMachine(id)
        var event = ReversalMachine.Event.start
        while true {
            switch machine.handle(event) {
            case .send:
                event = await send(reversal)
            case .persist(let record):
                do {
                    try journal.append(record, at: devices.clock.localTime())
                    step(.reversalSaved, "", of: id)
                    event = .persisted
                } catch {
                    event = .persistFailed(PaymentFailure(.journalUnavailable, "\(error)"))
                }
            case .finish(let result):
                logger.notice("reversal tried", metadata: ["payment": "\(id)", "result": "\(result)"])
                return result
            case .ignore:
                return .unanswered(PaymentFailure(.reversalPending, "the reversal was told something out of turn"))
            }
        }
    }

    private func send(_ reversal: PendingReversal) async -> ReversalMachine.Event {
        let id = reversal.authorization.request.id
        guard let pan = reversal.pan else {
            return .unanswered(PaymentFailure(.journalUnavailable, "no account number is sealed beside \(id)"))
        }
        let outcome = (try? journal.payment(id))?.outcome
        let result = await watchedAcquirer(of: id).reverse(
            reversal.authorization, pan: pan, reason: reversal.reason,
            authorizationCode: outcome?.reply?.authorizationCode, chip: outcome?.chip)
        let event = result.event
        switch event {
        case .signInDemanded(let code):
            isSignedIn = false
            acquirerProblem = "the acquirer answers \(code): \(ResponseCode(code).text.english)"
        case .unanswered(let failure): acquirerProblem = failure.detail
        default: acquirerProblem = nil
        }
        return event
    }

    /// The acquirer, whose messages for the payment `id` are steps of it. The observer hears of each at once, in the
    /// link's own task, so that a process killed in a step is killed in that step; screens hear of it after.
    private func watchedAcquirer(of id: RequestID) -> Acquirer {
        acquirer.observed { [observer, weak self] moment in
            guard let step = moment.step else { return }
            Task { await self?.report(step, "\(moment.mti)", of: id) }
            observer(step)
        }
    }

    private func event(for result: AuthorizeResult) -> PaymentMachine.Event {
        if result.demandsSignIn { isSignedIn = false }
        let event = result.event
        acquirerProblem =
            switch event {
            case .replyLost(let failure, _), .notSent(let failure): failure.detail
            default: nil
            }
        return event
    }
}

extension AcquirerStep {
    /// The step of a payment that this is; nil for what belongs to none.
    fileprivate var step: Step? {
        switch (request, moment) {
        case (0x0200, .aboutToSend): .requestLeaving
        case (0x0200, .sent): .requestSent
        case (0x0200, .received): .replyReceived
        case (0x0400, .sent): .reversalSent
        case (0x0400, .received): .reversalAnswered
        default: nil
        }
    }

    /// The message that moves.
    fileprivate var mti: MTI { moment == .received ? request.reply : request }
}
