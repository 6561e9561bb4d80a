import Acquiring
import Engine
import FoundationEssentials
import HAL
import Journaling
public import Payments

/// What registers and technicians ask of the terminal.
extension PaymentTerminal {
    /// Takes a payment of any kind and answers when it is over. The same id again is never a second payment: it answers
    /// what the first one came to, or waits for it (M3, M9).
    public func pay(_ order: PaymentOrder) async throws -> PaymentReport {
        let draft = try OrderReading(
            order, configuration.terminal, known: { try known($0) }, onReceipt: { try known($0) })
        if let report = try await admit(draft.request) { return report }
        var request = draft.request
        try object(to: request)
        if request.kind.needsSupervisor {
            request = try await allowed(request, order.supervisor)
            // Checking a PIN takes its time: somebody else may have begun meanwhile.
            if let report = try await admit(request) { return report }
            try object(to: request)
        }
        return await run(request, typed: draft.typed, expiry: draft.expiry)
    }

    /// The answer to a request that is not to be begun; nil for one that is.
    private func admit(_ request: PaymentRequest) async throws -> PaymentReport? {
        let known = try closed(request.id)
        switch Admission(
            of: request, known: known?.request, running: running?.request.id, isStopping: isStopping,
            isSettling: isSettling)
        {
        case .begin: return nil
        case .joinRunning: return await withCheckedContinuation { running?.waiters.append($0) }
        case .answerKnown:
            guard let known else { return try await payment(request.id) }
            return report(known)
        case .conflict(let amount):
            throw Refusal(.conflict, field: "id", "\(request.id) was used for \(amount); take a new id")
        case .stopping: throw Refusal(.unavailable, "the terminal is shutting down")
        case .settling:
            throw Refusal(
                .busy, "the batch is being settled; try again when it is closed",
                text: BilingualText("正在结算，请稍后再试", "The batch is being settled. Try again soon"))
        case .busy(let id): throw Refusal(.busy, "payment \(id) is running; try again when it has ended")
        }
    }

    /// Refuses what the journal says cannot be, before anything is written or sent.
    private func object(to request: PaymentRequest) throws {
        let (original, others, batch, highest) = try reading {
            let id = request.original?.id
            return (
                try id.flatMap { try journal.payment($0) }, try id.map { try followers(of: $0) } ?? [],
                try journal.numbers().batch, try journal.highestCount()
            )
        }
        if let objection = FollowUp.objection(to: request, original: original, others: others, batch: batch) {
            throw Refusal(.conflict, field: "original", objection.text.english, text: objection.text)
        }
        guard highest < Totals.greatestCount else {
            throw Refusal(
                .unavailable,
                "batch \(batch) holds \(highest) payments of one kind, and a settlement can tell no more: settle it",
                text: BilingualText("本批次已满，请先结算", "The batch is full. Settle it first"))
        }
    }

    /// What has followed a payment up, and what has followed that up: a completion may have been voided.
    private func followers(of id: RequestID) throws -> [PaymentState] {
        try journal.followUps(of: id).flatMap { [$0] + (try journal.followUps(of: $0.request.id)) }
    }

    /// The payment that a receipt names, if it was made here.
    private func known(_ receipt: PaymentOrder.OriginalReceipt) throws -> PaymentState? {
        try reading {
            if let rrn = receipt.rrn, let found = try journal.payment(rrn: rrn) { return found }
            guard let stan = receipt.stan.flatMap({ Int($0) }).flatMap({ STAN($0) }),
                let batch = receipt.batch.flatMap({ Int($0) }).flatMap({ BatchNumber($0) })
            else { return nil }
            return try journal.payment(stan: stan, batch: batch)
        }
    }

    private func allowed(_ request: PaymentRequest, _ supervisor: Supervisor?) async throws -> PaymentRequest {
        let who = try await allow(
            .takeBack, by: supervisor?.number, pin: supervisor?.pin, whom: OperatorNumber(rawValue: request.cashier),
            request: request.id)
        return PaymentRequest(
            id: request.id, kind: request.kind, amount: request.amount, tip: request.tip, original: request.original,
            channel: request.channel, cashier: request.cashier, supervisor: who.rawValue)
    }

    /// Stops a payment, the running one if none is named, as long as no request has left. Answers what is known of it.
    public func cancel(_ id: RequestID?) async throws -> PaymentReport {
        guard let id = id ?? running?.request.id else { throw Refusal(.notFound, "no payment is running") }
        if let running, running.request.id == id {
            post(.cancel(.cashier), to: id)
            guard self.running?.machine != running.machine else {
                throw Refusal(.conflict, "too late to cancel \(id): the request has left, and its outcome decides")
            }
        }
        return try await payment(id)
    }

    /// What happened to a payment.
    public func payment(_ id: RequestID) async throws -> PaymentReport {
        guard let known = try closed(id) else {
            throw Refusal(
                .notFound, field: "id", "no payment with the id \(id) was accepted; nothing was charged for it")
        }
        var report = report(known)
        report.receipt = await printQueue?.state(of: id)
        return report
    }

    /// The payment that used this number, in the running batch if none is named, or that has this reference.
    public func find(stan: String?, batch: String?, rrn: String?) throws -> PaymentReport {
        let found: PaymentState?
        if let rrn {
            found = try reading { try journal.payment(rrn: rrn) }
        } else {
            guard let stan = stan.flatMap({ Int($0) }).flatMap({ STAN($0) }) else {
                throw Refusal(.invalid, field: "stan", "must be a number from 1 to 999999")
            }
            let number = batch.flatMap { Int($0) }.flatMap { BatchNumber($0) }
            guard batch == nil || number != nil else {
                throw Refusal(.invalid, field: "batch", "must be a number from 1 to 999999")
            }
            found = try reading { try journal.payment(stan: stan, batch: number) }
        }
        guard let found else { throw Refusal(.notFound, "no payment has that number") }
        return report(found)
    }

    /// What is there, what is missing and what waits.
    public func status() async -> TerminalStatus {
        let found = await deviceStatuses().map { TerminalStatus.Device($0.role.rawValue, $0.status) }
        let numbers = try? journal.numbers()
        let pending = (try? journal.deliveries(.reversal, limit: .max)) ?? []
        let load = try? journal.queue(card: nil, on: now)
        let hasOperators = await !operators.operators.accounts.isEmpty
        return TerminalStatus(
            version: Version.text, mode: configuration.mode.rawValue, terminal: configuration.terminal.number,
            merchant: configuration.terminal.merchant, isSignedIn: isSignedIn,
            batch: numbers.map { "\($0.batch)" } ?? "?", nextSTAN: numbers.map { "\($0.stan)" } ?? "?",
            running: running.map { "\($0.request.id)" }, devices: found, acquirerProblem: acquirerProblem,
            openReversals: pending.map {
                .init(
                    id: "\($0.id)", stan: "\($0.authorization.stan)", refusals: $0.refusals,
                    holdsPayments: holdsPayments($0))
            },
            isSettling: isSettling, lastSettled: (try? journal.lastSettlement())?.settledAt?.iso8601,
            stored: load?.total.count ?? 0, isQueuePaused: isQueuePaused,
            isQueueOverdue: load.map { configuration.store.isOverdue($0, at: now) } ?? false,
            refused: (try? refusedItems())?.count ?? 0, hasOperators: hasOperators,
            acquirerClockSeconds: acquirerClock.offsetSeconds, records: journal.count)
    }

    /// Records after the record `sequence`, oldest first, at most `limit` (1–1000).
    public func journalRows(after sequence: Int, limit: Int) throws -> [JournalRow] {
        try reading { try journal.entries(after: max(0, sequence), limit: min(1000, max(1, limit))) }.map(
            JournalRow.init)
    }

    /// One record whole.
    public func journalRecord(_ sequence: Int) throws -> JournalRecord {
        guard let entry = try reading({ try journal.entry(sequence) }) else {
            throw Refusal(.notFound, field: "sequence", "the journal has no record \(sequence)")
        }
        return JournalRecord(entry)
    }

    /// Up to `limit` (1–1000) records after the record `sequence`, each as a line of JSON.
    public func journalLines(after sequence: Int, limit: Int) throws -> String {
        try reading { try journal.lines(after: max(0, sequence), limit: min(1000, max(1, limit))) }
            .map { $0.json + "\n" }.joined()
    }

    /// Checks the whole journal on a thread of its own; payments go on meanwhile.
    public func verifyJournal() async throws -> JournalVerification {
        let journal = journal
        let result: Result<[UInt8], JournalError> = await withCheckedContinuation { continuation in
            DeviceThread.detach(name: "journal check") {
                continuation.resume(returning: Result { () throws(JournalError) in try journal.verify() })
            }
        }
        return try reading { try JournalVerification(result) }
    }

    /// What the journal says of `id`; nil if it was never accepted.
    func known(_ id: RequestID) throws -> PaymentState? { try reading { try journal.payment(id) } }

    /// What the journal says of `id`. One that is over but could not be closed, because the disk was full, is closed
    /// now; while that still fails nobody is told that it runs.
    private func closed(_ id: RequestID) throws -> PaymentState? {
        guard let state = try known(id) else { return nil }
        guard state.outcome == nil, running?.request.id != id else { return state }
        try reading { try recover() }
        workInBackground()
        return try known(id)
    }

    /// The report of a payment that has just ended with `outcome`, also where the journal could not take it: then what
    /// may be at the acquirer is reversed once it can.
    func report(_ payment: Running, _ outcome: Outcome) -> PaymentReport {
        let times = timings.last { $0.id == payment.request.id }?.milliseconds
        if let state = try? known(payment.request.id), state.outcome != nil {
            return PaymentReport(state, milliseconds: times)
        }
        return PaymentReport(
            payment.request, authorization: payment.authorization, outcome: outcome,
            reversal: payment.authorization == nil ? .none : .pending, milliseconds: times)
    }

    private func report(_ state: PaymentState) -> PaymentReport {
        PaymentReport(state, milliseconds: timings.last { $0.id == state.request.id }?.milliseconds)
    }

    func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as JournalError {
            throw Refusal(.unavailable, "\(error)")
        }
    }
}
