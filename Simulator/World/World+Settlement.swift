import Acquiring
import Engine
import Journaling
import Payments

/// Closing the batch, as `PaymentTerminal` does.
extension World {
    /// The shop wants the running batch closed, or still wants `batch` closed, and asks until it is.
    func wantSettlement(by supervisor: String?, of batch: BatchNumber?) throws(PowerCut) {
        let running = try? journal.numbers().batch
        guard batch == nil || batch == running else { return }
        agenda.enter(.errand(.settle(supervisor: supervisor, batch: running)), at: clock.now + Self.insistence)
        guard let memory, memory.running == nil, memory.settling == nil, !memory.isSettling, !memory.isStopping else {
            return
        }
        note("the batch is to be closed")
        try closeBatch(by: supervisor)
    }

    /// Milliseconds after which a shop whose batch is still open asks again.
    private static let insistence = 10_000

    /// One attempt, or the next one of a settlement that was cut off. `supervisor` is nil for the clock.
    func closeBatch(by supervisor: String?) throws(PowerCut) {
        let begun = (try? journal.settlement()) ?? nil
        let payments = begun.flatMap { try? journal.batch($0.begun.batch) } ?? []
        memory?.isSettling = true
        memory?.settling = Memory.Settling(
            supervisor: supervisor, batch: begun?.begun.batch ?? .first, payments: payments)
        try settle(.start(resuming: begun, payments: payments))
    }

    private func settle(_ event: SettlementMachine.Event) throws(PowerCut) {
        guard let action = memory?.settling?.machine.handle(event) else { return }
        switch action {
        case .prepareLink: try prepareLink(for: .settlement)
        case .emptyQueueAndCount:
            memory?.settling?.isEmptying = true
            try emptyQueue()
        case .persist(let record):
            if let failure = try commit([record]) {
                try settle(.persistFailed(failure))
            } else {
                try settle(.persisted)
            }
        case .sendTotals(let settlement): try sendTotals(settlement)
        case .takeNumber:
            do {
                try settle(.numbered(try takeNumber().stan))
            } catch let error as PowerCut {
                throw error
            } catch {
                try settle(.notCounted(PaymentFailure(.journalUnavailable, "\(error)")))
            }
        case .upload(let message, let stan): try upload(message, stan)
        case .finish(let result): try settlementEnded(result)
        case .ignore: books.breaks(.contradiction, "the settlement was told something out of turn")
        }
    }

    private func settlementEnded(_ result: SettlementMachine.Result) throws(PowerCut) {
        memory?.settling = nil
        switch result {
        case .settled(let settlement, _):
            note("batch \(settlement.batch) is settled")
            memory?.isSettling = false
            try workInBackground()
        case .notBegun(let failure):
            note("no settlement: \(failure.detail)")
            memory?.isSettling = false
            try workInBackground()
        case .suspended(let failure):
            note("settlement suspended: \(failure.detail)")
            workFailed()
            try release()
        }
    }

    /// The way for the settlement is free, or not.
    func settlementLinkEnded(_ failure: PaymentFailure?) throws(PowerCut) {
        guard let settling = memory?.settling else { return }
        if settling.isEmptying {
            if let failure { return try settle(.notCounted(failure)) }
            return try emptyQueue()
        }
        try settle(failure.map { .linkFailed($0) } ?? .linkReady)
    }

    // MARK: Counting

    private func emptyQueue() throws(PowerCut) {
        if needsPreparation { return try prepareLink(for: .settlement) }
        if let stored = nextStored, canary != .queueForgotten { return try deliver(stored, for: .settlement) }
        try count()
    }

    /// One of the queue has been tried.
    func settlementDelivered(_ result: DeliveryMachine.Result) throws(PowerCut) {
        switch result {
        case .accepted, .refused: try emptyQueue()
        case .signInDemanded(let code):
            try settle(.notCounted(PaymentFailure(.acquirerUnreachable, "the acquirer demands sign-in (\(code))")))
        case .unanswered(let failure): try settle(.notCounted(failure))
        }
    }

    private func count() throws(PowerCut) {
        do {
            let (stan, batch) = try takeNumber()
            let payments = try journal.batch(batch)
            var totals = Totals(of: payments)
            if canary == .totalsOffByOne { totals.domestic.debit.count += 1 }
            memory?.settling?.batch = batch
            memory?.settling?.payments = payments
            try settle(
                .counted(
                    Settlement(batch: batch, stan: stan, totals: totals, supervisor: memory?.settling?.supervisor),
                    payments: payments))
        } catch let error as PowerCut {
            throw error
        } catch {
            try settle(.notCounted(PaymentFailure(.journalUnavailable, "\(error)")))
        }
    }

    // MARK: Messages

    private func sendTotals(_ settlement: Settlement) throws(PowerCut) {
        do {
            try transmit(Exchange(dialect.settlement(settlement), in: dialect), for: .totals(settlement))
        } catch let error as PowerCut {
            throw error
        } catch {
            try settle(.unanswered(PaymentFailure(.badReply, "\(error)")))
        }
    }

    func totalsAnswered(_ answer: Exchange.Answer, of settlement: Settlement) throws(PowerCut) {
        let comparison: Settlement.Comparison
        do throws(AcquiringError) {
            comparison = try dialect.comparison(answer, of: settlement)
        } catch {
            if error.demandsSignIn { memory?.isSignedIn = false }
            return try settle(.unanswered(error.failure))
        }
        try settle(.compared(comparison))
    }

    private func upload(_ message: UploadMessage, _ stan: STAN) throws(PowerCut) {
        guard let settling = memory?.settling else { return }
        if case .end = message, canary == .settledEarly {
            return try settle(.answered(code: "00", accepted: true))
        }
        if case .details = message, canary == .uploadForgotten {
            return try settle(.answered(code: "00", accepted: true))
        }
        do {
            let frame = try dialect.upload(message, stan: stan, batch: settling.batch) { id in
                guard let payment = settling.payments.first(where: { $0.request.id == id }),
                    let pan = try? journal.pan(of: id)
                else { return nil }
                return (payment, pan)
            }
            try transmit(Exchange(frame, in: dialect), for: .upload)
        } catch let error as PowerCut {
            throw error
        } catch {
            note("no message: \(error)")
            try settle(.unanswered(PaymentFailure(.badReply, "\(error)")))
        }
    }

    func uploadAnswered(_ answer: Exchange.Answer) throws(PowerCut) {
        let result = DeliverResult(uploaded: answer, dialect)
        if result.demandsSignIn { memory?.isSignedIn = false }
        try settle(result.uploadEvent)
    }
}
