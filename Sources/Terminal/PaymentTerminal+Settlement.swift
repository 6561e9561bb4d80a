import Acquiring
import Engine
import HAL
import Journaling
import Logging
import Payments

/// Closing the batch.
extension PaymentTerminal {
    /// Closes the running batch, or goes on with a settlement that was cut off; answers when it is over.
    public func settle(by supervisor: Supervisor?) async throws -> SettlementReport {
        guard running == nil else { throw Refusal(.busy, "a payment is running; settle when it has ended") }
        let who = try await allow(.settle, by: supervisor?.number, pin: supervisor?.pin)
        guard running == nil else { throw Refusal(.busy, "a payment is running; settle when it has ended") }
        switch await closeBatch(by: who) {
        case .settled: break
        case .notBegun(let failure), .suspended(let failure):
            throw Refusal(failure)
        }
        return try lastSettlement()
    }

    /// The settlement that runs, or else the last one.
    public func lastSettlement() throws -> SettlementReport {
        guard let state = try reading({ try journal.settlement() ?? journal.lastSettlement() }) else {
            throw Refusal(.notFound, "no batch was ever settled")
        }
        return SettlementReport(state, configuration.terminal.currency)
    }

    /// What the running batch comes to so far.
    public func totals() throws -> TotalsReport {
        try reading {
            let batch = try journal.numbers().batch
            return TotalsReport(Totals(of: try journal.batch(batch)), of: batch, configuration.terminal.currency)
        }
    }

    /// One attempt. Callers share one: who asks while it runs hears how it ends.
    func closeBatch(by supervisor: OperatorNumber?) async -> SettlementMachine.Result {
        if let settling { return await settling.value }
        isSettling = true
        let task = Task {
            defer { settling = nil }
            let result = await performSettlement(by: supervisor)
            // The journal says whether payments must wait, not how this attempt ended.
            isSettling = journal.settlement() != nil
            logger.notice("settlement tried", metadata: ["result": "\(result)"])
            if case .settled = result { printSettlement() }
            if running == nil { workInBackground() }
            return result
        }
        settling = task
        return await task.value
    }

    private func performSettlement(by supervisor: OperatorNumber?) async -> SettlementMachine.Result {
        var machine = SettlementMachine()
        var batch = Batch(.first, [])
        var event: SettlementMachine.Event
        do {
            let begun = journal.settlement()
            if let begun { batch = Batch(begun.begun.batch, try journal.batch(begun.begun.batch)) }
            event = .start(resuming: begun, payments: batch.payments)
        } catch {
            return .notBegun(unavailable(error))
        }
        while true {
            switch machine.handle(event) {
            case .prepareLink:
                event = await prepareLink().map { .linkFailed($0) } ?? .linkReady
            case .emptyQueueAndCount:
                event = await count(&batch, by: supervisor)
            case .persist(let record):
                event = persist(record)
            case .sendTotals(let settlement):
                event = await onTheLine { await compare(settlement) }
            case .takeNumber:
                do {
                    event = .numbered(try journal.numbers().stan)
                } catch {
                    event = .notCounted(unavailable(error))
                }
            case .upload(let message, let stan):
                event = await upload(message, stan, batch)
            case .finish(let result):
                return result
            case .ignore:
                return .suspended(PaymentFailure(.interrupted, "the settlement was told something out of turn"))
            }
        }
    }

    private func persist(_ record: Record) -> SettlementMachine.Event {
        do {
            try append([record])
            step(.settlementSaved, record.kind.rawValue, of: nil)
            return .persisted
        } catch {
            return .persistFailed(unavailable(error))
        }
    }

    private func count(_ batch: inout Batch, by supervisor: OperatorNumber?) async -> SettlementMachine.Event {
        if let failure = await emptyQueue() { return .notCounted(failure) }
        do {
            let (stan, number) = try journal.numbers()
            batch = Batch(number, try journal.batch(number))
            let settlement = Settlement(
                batch: number, stan: stan, totals: Totals(of: batch.payments), supervisor: supervisor?.rawValue)
            return .counted(settlement, payments: batch.payments)
        } catch {
            return .notCounted(unavailable(error))
        }
    }

    private func compare(_ settlement: Settlement) async -> SettlementMachine.Event {
        do {
            return .compared(try await watchedAcquirer(of: nil).settle(settlement))
        } catch {
            if error.demandsSignIn { isSignedIn = false }
            acquirerProblem = error.detail
            return .unanswered(error.failure)
        }
    }

    private func upload(
        _ message: UploadMessage, _ stan: STAN, _ batch: Batch
    ) async -> SettlementMachine.Event {
        let result = await onTheLine {
            await watchedAcquirer(of: nil).upload(
                message, stan: stan, batch: batch.number,
                sealed: { id in
                    guard let payment = batch.byID[id], let pan = try? journal.pan(of: id) else { return nil }
                    return (payment, pan)
                })
        }
        if result.demandsSignIn { isSignedIn = false }
        return result.uploadEvent
    }

    /// The payments of the batch that is closed, by their ids too.
    private struct Batch {
        let number: BatchNumber
        let payments: [PaymentState]
        let byID: [RequestID: PaymentState]

        init(_ number: BatchNumber, _ payments: [PaymentState]) {
            self.number = number
            self.payments = payments
            byID = Dictionary(payments.map { ($0.request.id, $0) }) { first, _ in first }
        }
    }

    // MARK: The clock

    /// Looks once a minute whether the batch is to be closed, whether stored payments grow old, whether the clock was set,
    /// and what need not be kept any more.
    func watchTheClock() {
        timer = Task {
            while !Task.isCancelled {
                lookAtClock()
                await closeBatchIfDue()
                warnOfOldQueue()
                prune()
                try? await devices.clock.wait(until: devices.clock.uptime.advanced(milliseconds: 60_000))
            }
        }
    }

    private func closeBatchIfDue() async {
        guard let schedule = configuration.books.settlement, running == nil, !isSettling, !isStopping,
            let opened = try? journal.batchOpenedAt()
        else { return }
        if schedule.isDue(opened: opened, now: now) { _ = await closeBatch(by: nil) }
    }

    /// Removes some of what is older than it must be kept; what is left comes in the next minutes.
    private func prune() {
        guard running == nil, !isSettling else { return }
        do {
            let limit = now.advanced(seconds: -configuration.books.retentionDays * 86_400)
            let removed = try journal.prune(before: limit, at: now)
            if removed > 0 { logger.notice("old records removed", metadata: ["records": "\(removed)"]) }
        } catch {
            logger.warning("old records stay", metadata: ["reason": "\(error)"])
        }
    }

    private func warnOfOldQueue() {
        guard let load = try? journal.queue(card: nil, on: now), configuration.store.isOverdue(load, at: now) else {
            return
        }
        logger.warning("stored payments grow old", metadata: ["oldest": "\(load.oldest?.iso8601 ?? "")"])
    }
}
