import Acquiring
import Engine
import FoundationEssentials
import HAL
import Journaling
public import Payments

/// What registers and technicians ask of the terminal.
extension PaymentTerminal {
    /// Takes a payment and answers when it is over. The same id again is never a second payment: it answers what the
    /// first one came to, or waits for it (M3, M9).
    public func sale(_ order: PaymentOrder) async throws -> PaymentReport {
        let request = try validate(order)
        let known = try closed(request.id)
        switch Admission(
            of: request, known: known?.request, running: running?.request.id, isStopping: isStopping)
        {
        case .begin: return await run(request)
        case .joinRunning: return await withCheckedContinuation { running?.waiters.append($0) }
        case .answerKnown:
            guard let known else { return try await payment(request.id) }
            return report(known)
        case .conflict(let amount):
            throw Refusal(.conflict, field: "id", "\(request.id) was used for \(amount); take a new id")
        case .stopping: throw Refusal(.unavailable, "the terminal is shutting down")
        case .busy(let id): throw Refusal(.busy, "payment \(id) is running; try again when it has ended")
        }
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
        return report(known)
    }

    /// Signs in to the acquirer.
    public func signIn() async throws {
        // Whatever prepares now may have begun with the old keys, and a payment may begin while it is waited for.
        while let preparation { _ = await preparation.value }
        guard running == nil else { throw Refusal(.busy, "a payment is running; sign in when it has ended") }
        isSignedIn = false
        if let failure = await prepareLink(), !isSignedIn { throw Refusal(.unavailable, failure.detail) }
    }

    /// What is there, what is missing and what waits.
    public func status() async -> TerminalStatus {
        var found: [TerminalStatus.Device] = [.init("reader", await devices.reader.status())]
        if let pinPad = devices.pinPad { found.append(.init("PIN pad", await pinPad.status())) }
        if let printer = devices.printer { found.append(.init("printer", await printer.status())) }
        let numbers = try? journal.numbers()
        let pending = (try? journal.pendingReversals()) ?? []
        return TerminalStatus(
            version: Version.text, mode: configuration.mode.rawValue, terminal: configuration.terminal.number,
            merchant: configuration.terminal.merchant, isSignedIn: isSignedIn,
            batch: numbers.map { "\($0.batch)" } ?? "?", nextSTAN: numbers.map { "\($0.stan)" } ?? "?",
            running: running.map { "\($0.request.id)" }, devices: found, acquirerProblem: acquirerProblem,
            openReversals: pending.map {
                .init(
                    id: "\($0.authorization.request.id)", stan: "\($0.authorization.stan)", refusals: $0.refusals.count,
                    holdsPayments: holdsPayments($0))
            },
            records: journal.count)
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

    /// What the journal says of `id`; nil if it was never accepted.
    func known(_ id: RequestID) throws -> PaymentState? { try reading { try journal.payment(id) } }

    /// What the journal says of `id`. One that is over but could not be closed, because the disk was full, is closed
    /// now; while that still fails nobody is told that it runs.
    private func closed(_ id: RequestID) throws -> PaymentState? {
        guard let state = try known(id) else { return nil }
        guard state.outcome == nil, running?.request.id != id else { return state }
        try reading { try recover() }
        settleInBackground()
        return try known(id)
    }

    /// The report of a payment that has just ended with `outcome`, also where the journal could not take it: then what
    /// may be at the acquirer is reversed once it can.
    func report(_ payment: Running, _ outcome: Outcome) -> PaymentReport {
        if let state = try? known(payment.request.id), state.outcome != nil { return report(state) }
        return PaymentReport(
            payment.request, authorization: payment.authorization, outcome: outcome,
            reversal: payment.authorization == nil ? .none : .pending,
            milliseconds: timings.last { $0.id == payment.request.id }?.milliseconds)
    }

    private func report(_ state: PaymentState) -> PaymentReport {
        let reversal: PaymentReport.Reversal =
            switch state.reversal {
            case .none: .none
            case .pending: .pending
            case .settled: .settled
            }
        return PaymentReport(
            state.request, authorization: state.authorization, outcome: state.outcome, reversal: reversal,
            milliseconds: timings.last { $0.id == state.request.id }?.milliseconds)
    }

    func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as JournalError {
            throw Refusal(.unavailable, "\(error)")
        }
    }

    private func validate(_ order: PaymentOrder) throws -> PaymentRequest {
        guard let id = RequestID(rawValue: order.id) else {
            throw Refusal(.invalid, field: "id", "must be 1 to 64 visible ASCII characters")
        }
        let settings = configuration.terminal
        guard (order.currency ?? settings.currency.code) == settings.currency.code else {
            throw Refusal(.invalid, field: "currency", "this terminal takes \(settings.currency.code) only")
        }
        let amount: Money
        do {
            amount = try Money(order.amount, settings.currency)
        } catch {
            throw Refusal(.invalid, field: "amount", "must be an amount such as 88.80: \(error.words)")
        }
        guard amount.minorUnits > 0 else { throw Refusal(.invalid, field: "amount", "must be more than zero") }
        guard amount.minorUnits <= settings.limit.minorUnits else {
            throw Refusal(.invalid, field: "amount", "must be at most \(settings.limit)")
        }
        let cashier = order.cashier ?? "01"
        guard cashier.utf8.count == 2, cashier.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Refusal(.invalid, field: "cashier", "must be two digits")
        }
        return PaymentRequest(id: id, amount: amount, cashier: cashier)
    }
}
