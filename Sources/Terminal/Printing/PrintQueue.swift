import HAL
import Logging
import Payments

/// Documents in the order in which they came, each tried until it is on paper: a trouble is waited out, however long it
/// takes. A printer that hangs over the same document three times keeps no other waiting.
actor PrintQueue {
    private struct Job {
        let payment: RequestID?
        /// When the payment began.
        let since: Uptime?
        let document: any PrintDocument
        /// An earlier try may be on paper whole.
        var isRepeat = false
        var failures = 0
    }

    private let printer: any ReceiptPrinter
    private let clock: any TerminalClock
    private let tryMilliseconds: Int
    private let logger: Logger
    private let tell: @Sendable (PrintNews) async -> Void

    private var jobs: [Job] = []
    /// What the printer failed over too often: printed when somebody asks for it.
    private var abandoned: [Job] = []
    /// What became of the receipts of the last payments, newest last.
    private var states: [(payment: RequestID, state: ReceiptState)] = []
    private var trouble: PrinterTrouble?
    private var worker: Task<Void, Never>?
    private var isTrying = false
    private var tryWaiters: [CheckedContinuation<Void, Never>] = []
    private var isStopping = false

    private static let failureLimit = 3
    private static let jobLimit = 1000
    private static let stateLimit = 100

    /// A queue for `printer`; one try takes `tryMilliseconds` at most.
    init(
        printer: any ReceiptPrinter, clock: any TerminalClock, tryMilliseconds: Int, logger: Logger,
        tell: @escaping @Sendable (PrintNews) async -> Void
    ) {
        self.printer = printer
        self.clock = clock
        self.tryMilliseconds = tryMilliseconds
        self.logger = logger
        self.tell = tell
    }

    /// Prints `documents` after all that waits. Beyond a thousand documents nothing more waits.
    func add(_ documents: [any PrintDocument], of payment: RequestID? = nil, since start: Uptime? = nil) {
        guard !isStopping, jobs.count + documents.count <= Self.jobLimit else {
            if let payment { note(payment, ReceiptState(.notPrinted, trouble)) }
            return logger.warning("not printed", metadata: ["what": "\(documents.map(\.name))"])
        }
        jobs += documents.map { Job(payment: payment, since: start, document: $0) }
        if let payment { note(payment, ReceiptState(.waiting, trouble)) }
        if worker == nil { worker = Task { await work() } }
    }

    /// Prints now the documents of these names that wait for the printer, or else `documents`. Throws what keeps the printer
    /// from it: what waited waits on.
    func printNow(
        _ documents: [any PrintDocument], insteadOf names: [String] = [], of payment: RequestID? = nil
    ) async throws(PrintFailure) {
        while isTrying { await withCheckedContinuation { tryWaiters.append($0) } }
        isTrying = true
        defer { endTry() }
        let waiting = (jobs + abandoned).filter { names.contains($0.document.name) }
        guard !waiting.isEmpty else {
            for document in documents { try await attempt(Job(payment: payment, since: nil, document: document)) }
            return
        }
        for job in waiting {
            do throws(PrintFailure) {
                try await attempt(job)
            } catch {
                if error.progress == .perhapsAll { change(job.document.name) { $0.isRepeat = true } }
                throw error
            }
            jobs.removeAll { $0.document.name == job.document.name }
            abandoned.removeAll { $0.document.name == job.document.name }
            await finish(job)
        }
    }

    /// What became of a payment's receipts.
    func state(of payment: RequestID) -> ReceiptState? { states.last { $0.payment == payment }?.state }

    /// Ends what waits for the printer at once, and what is being printed with its document.
    func stop() async {
        isStopping = true
        if trouble != nil || !isTrying { worker?.cancel() }
        await worker?.value
    }

    // MARK: Printing

    private func work() async {
        while !jobs.isEmpty, !isStopping || trouble == nil, !Task.isCancelled {
            while isTrying { await withCheckedContinuation { tryWaiters.append($0) } }
            guard let job = jobs.first else { break }
            isTrying = true
            let failure: PrintFailure?
            do throws(PrintFailure) {
                try await attempt(job)
                failure = nil
            } catch { failure = error }
            if let failure { put(off: failure) } else { jobs.removeFirst() }
            endTry()
            guard let failure else {
                await finish(job)
                continue
            }
            if isStopping || failure.error.kind == .cancelled { break }
            await tell(trouble: failure)
            await awaitPrinter()
        }
        worker = nil
    }

    private func attempt(_ job: Job) async throws(PrintFailure) {
        try await printer.print(
            job.document, isRepeat: job.isRepeat, deadline: clock.uptime.advanced(milliseconds: tryMilliseconds))
    }

    private func endTry() {
        isTrying = false
        let waiters = tryWaiters
        tryWaiters = []
        for waiter in waiters { waiter.resume() }
    }

    private func change(_ name: String, _ body: (inout Job) -> Void) {
        if let index = jobs.firstIndex(where: { $0.document.name == name }) { body(&jobs[index]) }
        if let index = abandoned.firstIndex(where: { $0.document.name == name }) { body(&abandoned[index]) }
    }

    /// The first document stays, or is abandoned.
    private func put(off failure: PrintFailure) {
        var job = jobs.removeFirst()
        if failure.progress == .perhapsAll { job.isRepeat = true }
        if failure.trouble == .hangs, failure.progress != .nothing { job.failures += 1 }
        if job.failures >= Self.failureLimit {
            abandoned.append(job)
            if let payment = job.payment { note(payment, ReceiptState(.notPrinted, .hangs)) }
            logger.warning("not printed", metadata: ["what": "\(job.document.name)", "reason": "\(failure.error)"])
        } else {
            jobs.insert(job, at: 0)
        }
    }

    private func awaitPrinter() async {
        let day = clock.uptime.advanced(milliseconds: 24 * 3600 * 1000)
        do throws(DeviceError) {
            try await printer.awaitReady(deadline: day)
            trouble = nil
            logger.info("the printer is ready again")
            await tell(.ready)
        } catch {}
    }

    // MARK: Telling

    private func finish(_ job: Job) async {
        guard let payment = job.payment, !(jobs + abandoned).contains(where: { $0.payment == payment }) else { return }
        note(payment, ReceiptState(.printed))
        await tell(.printed(payment, since: job.since))
    }

    private func tell(trouble failure: PrintFailure) async {
        for payment in Set(jobs.compactMap(\.payment)) { note(payment, ReceiptState(.waiting, failure.trouble)) }
        guard trouble != failure.trouble else { return }
        trouble = failure.trouble
        logger.warning(
            "the printer cannot print",
            metadata: [
                "trouble": "\(failure.trouble.rawValue)", "reason": "\(failure.error)", "waiting": "\(jobs.count)",
            ])
        await tell(.trouble(failure.trouble, jobs.first?.payment))
    }

    private func note(_ payment: RequestID, _ state: ReceiptState) {
        states.removeAll { $0.payment == payment }
        if states.count >= Self.stateLimit { states.removeFirst() }
        states.append((payment, state))
    }
}
