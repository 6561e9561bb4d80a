public import Acquiring
import EMV
import Engine
import HAL
public import Journaling
public import Logging
import Payments
import Synchronization

/// The terminal on the counter: one event loop that feeds the machines and performs what they ask, one payment at a
/// time. The only place where concurrency lives; whatever is slow runs beside it and posts an event when it is done.
public actor PaymentTerminal {
    /// What runs now.
    struct Running {
        let request: PaymentRequest
        let startedAt: Uptime
        /// The card as somebody typed it; in memory from the order to the authorization (M8).
        var typedCard: Credentials?
        /// The typed card's expiry.
        var typedExpiry: ExpiryDate?
        var machine = PaymentMachine()
        var session: CardSession?
        var cardTask: Task<Void, Never>?
        /// The authorization, once the journal holds it.
        var authorization: Authorization?
        /// In memory from the card's reading to the outcome, and nowhere else (M8).
        var credentials: Credentials?
        var acquirerMilliseconds = 0.0
        var waiters: [CheckedContinuation<PaymentReport, Never>] = []
    }

    let configuration: Configuration
    let devices: Devices
    let journal: Journal
    let acquirer: Acquirer
    let operators: OperatorStore
    let downloads: DownloadStore
    let logger: Logger
    let observer: @Sendable (Step) -> Void
    let halt: @Sendable () -> Never

    var running: Running?
    var isSignedIn = false
    var padHasKey = false
    var acquirerProblem: String?
    var isStopping = false
    /// Whether the batch is being closed now, or waits to be: no payment meanwhile.
    var isSettling = false
    /// What was configured, and what was fetched from the acquirer.
    var parameters: TerminalParameters
    /// Whether the operator wants nothing stored to be sent.
    var isQueuePaused = false
    /// What the acquirer wants done after the present payment, oldest first; heard in the link's own task.
    let demands = Mutex<[AcquirerDemand]>([])
    /// Whether what is owed is being done, or waits for its next try.
    var isWorking = false
    /// How far the acquirer's clock is from the shop's.
    var acquirerClock = AcquirerClock()
    /// Finds out that somebody has set the shop's clock.
    private var clockWatch = ClockWatch(lastRecord: nil)
    /// When script results may be tried again before a payment; one that is not answered costs a whole wait.
    var scriptsRestUntil: Uptime?
    /// Taps that were torn apart, for the card that comes back. In memory only (M8).
    var torn: [TornTransaction] = []
    /// What is to be printed; nil without a printer.
    var printQueue: PrintQueue?
    /// Where the time of the last payments went, newest last.
    var timings: [(id: RequestID, milliseconds: PaymentReport.Milliseconds)] = []

    /// What each device said last, by its place among `devices.all`.
    var seenDevices: [Int: HAL.DeviceStatus] = [:]
    var deviceWatches: [Task<Void, Never>] = []
    /// Where scans are heard; nil without a scanner.
    let scanDesk: ScanDesk?

    var settling: Task<SettlementMachine.Result, Never>?
    var preparation: Task<PaymentFailure?, Never>?
    var background: Task<Void, Never>?
    var timer: Task<Void, Never>?
    var dismissal: Task<Void, Never>?
    /// Whether somebody speaks to the acquirer, and who waits for it. One message at a time.
    private var isLineTaken = false
    private var lineWaiters: [CheckedContinuation<Void, Never>] = []
    private var events: [PaymentMachine.Event] = []
    private var isDraining = false
    private var watchers: [Int: AsyncStream<StepReport>.Continuation] = [:]
    private var nextWatcher = 0
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []

    private let thread = DeviceThread(name: "terminal")
    /// The terminal's own thread: the journal blocks while the disk writes.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// A terminal of these parts. `observer` is called at every step before the next thing happens; `halt` ends the process
    /// at once, as a power cut would.
    public init(
        configuration: Configuration, devices: Devices, journal: Journal, acquirer: Acquirer,
        operators: OperatorStore, downloads: DownloadStore, logger: Logger,
        observer: @escaping @Sendable (Step) -> Void = { _ in }, halt: @escaping @Sendable () -> Never
    ) {
        self.configuration = configuration
        self.devices = devices
        self.journal = journal
        self.acquirer = acquirer
        self.operators = operators
        self.downloads = downloads
        parameters = TerminalParameters(configured: configuration.terminalData)
        scanDesk = devices.scanner.map { ScanDesk($0, clock: devices.clock) }
        self.logger = logger
        self.observer = observer
        self.halt = halt
    }

    /// Closes what a crash left open, then settles reversals, signs in and sends what is stored, beside the payments to
    /// come. Throws where the journal does not let itself be read or written.
    public func start() throws(JournalError) {
        clockWatch = ClockWatch(lastRecord: try journal.entry(journal.count)?.time)
        try append([.started(version: Version.text)])
        lookAtClock()
        try recover()
        isSettling = journal.settlement() != nil
        loadParameters()
        startPrinting()
        isSignedIn = acquirer.isSignedIn
        workInBackground()
        watchTheClock()
        watchDevices()
    }

    /// Takes no new payment, cancels the running one while it can be cancelled, waits for its end, and tries once more
    /// to settle what is to be reversed.
    public func stop() async {
        isStopping = true
        timer?.cancel()
        for watch in deviceWatches { watch.cancel() }
        if let id = running?.request.id { post(.cancel(.shutdown), to: id) }
        if running != nil { await withCheckedContinuation { idleWaiters.append($0) } }
        background?.cancel()
        await dismissal?.value
        await printQueue?.stop()
        if let pending = try? journal.deliveries(.reversal, limit: 1), !pending.isEmpty { _ = await prepareLink() }
        for watcher in watchers.values { watcher.finish() }
        await scanDesk?.stop()
        for (_, device) in devices.all { await device.release() }
        do {
            try journal.fold()
        } catch {
            logger.warning("the journal's log stays beside it", metadata: ["reason": "\(error)"])
        }
        logger.info("stopped")
    }

    /// The shop's time: for the journal, whose order depends on nothing but its sequence.
    var now: LocalDateTime { devices.clock.localTime() }

    /// The acquirer's time: for messages and receipts. The shop's clock is never set.
    var acquirerNow: LocalDateTime { acquirerClock.time(at: now) }

    /// Learns the acquirer's time from a reply; a skew worth knowing is kept in the journal.
    func hear(_ time: AcquirerTime?) {
        guard let time, let skew = acquirerClock.hear(time, at: now) else { return }
        logger.warning("the clocks of shop and acquirer differ", metadata: ["seconds": "\(skew)"])
        try? append([.acquirerTime(offset: skew)])
    }

    /// Notes in the journal that somebody has set the shop's clock.
    func lookAtClock() {
        let uptime = Int(devices.clock.uptime.nanoseconds / 1_000_000_000)
        guard let moved = clockWatch.look(now, uptimeSeconds: uptime) else { return }
        logger.warning("the shop's clock was set", metadata: ["seconds": "\(moved)"])
        try? append([.clockMoved(seconds: moved)])
    }

    /// Makes records durable. Where nobody knows whether they are, nothing may be told: the process ends, and the next one
    /// reads what is there.
    func append(_ records: [Record], pan: PAN? = nil) throws(JournalError) {
        do throws(JournalError) {
            try journal.append(records, pan: pan, at: now)
        } catch {
            guard error.kind == .inDoubt else { throw error }
            logger.critical("the journal is in doubt, the terminal starts anew", metadata: ["reason": "\(error)"])
            halt()
        }
    }

    /// Why a journal that threw keeps something from being done.
    func unavailable(_ error: any Error) -> PaymentFailure { PaymentFailure(.journalUnavailable, "\(error)") }

    /// Speaks to the acquirer when nobody else does. Who waits is served in order, so a payment is held up by one message
    /// of the queue at most.
    func onTheLine<Value>(_ body: () async -> Value) async -> Value {
        if isLineTaken {
            await withCheckedContinuation { lineWaiters.append($0) }
        } else {
            isLineTaken = true
        }
        let value = await body()
        if lineWaiters.isEmpty { isLineTaken = false } else { lineWaiters.removeFirst().resume() }
        return value
    }

    /// Feeds an event to the payment `id`; one that is over does not hear it.
    func post(_ event: PaymentMachine.Event, to id: RequestID) {
        guard running?.request.id == id else { return logger.debug("late event", metadata: ["payment": "\(id)"]) }
        events.append(event)
        guard !isDraining else { return }
        isDraining = true
        defer { isDraining = false }
        while !events.isEmpty, running != nil {
            let next = events.removeFirst()
            for action in running?.machine.handle(next) ?? [] { perform(action) }
        }
        events.removeAll()
    }

    /// Begins a payment and answers when it is over.
    func run(_ request: PaymentRequest, typed: Credentials? = nil, expiry: ExpiryDate? = nil) async -> PaymentReport {
        running = Running(
            request: request, startedAt: devices.clock.uptime, typedCard: typed, typedExpiry: expiry)
        logger.info(
            "payment begins",
            metadata: ["payment": "\(request.id)", "kind": "\(request.kind.rawValue)", "amount": "\(request.amount)"])
        return await withCheckedContinuation { continuation in
            running?.waiters.append(continuation)
            post(.start(request), to: request.id)
        }
    }

    private func perform(_ action: PaymentMachine.Action) {
        guard let payment = running else { return }
        let id = payment.request.id
        switch action {
        case .persist(let records): persist(records, of: id)
        case .prepareLink:
            Task {
                if let failure = await prepareLink() {
                    post(linkFailed(failure, payment.request), to: id)
                } else {
                    step(.linkReady, "signed in", of: id)
                    post(.linkReady, to: id)
                }
            }
        case .readCard(let request, let attempt, let online): getCard(request, attempt: attempt, online: online)
        case .stopCard: payment.cardTask?.cancel()
        case .send(let authorization): send(authorization)
        case .completeCard(let reply): completeCard(reply)
        case .completeCardOffline(let authorization): completeCardOffline(authorization)
        case .finish(let outcome): finish(outcome)
        case .ignore(let event): logger.debug("event ignored", metadata: ["payment": "\(id)", "event": "\(event)"])
        }
    }

    private func persist(_ records: [Record], of id: RequestID) {
        do {
            try append(records, pan: running?.credentials?.pan)
        } catch {
            logger.error("the journal cannot be written", metadata: ["reason": "\(error)"])
            return post(.persistFailed(unavailable(error)), to: id)
        }
        for record in records {
            switch record {
            case .accepted: step(.requestSaved, "", of: id)
            case .authorization(let authorization):
                running?.authorization = authorization
                step(.authorizationSaved, "STAN \(authorization.stan)", of: id)
            case .finished: step(.outcomeSaved, "", of: id)
            default: break
            }
        }
        post(.persisted, to: id)
    }

    private func finish(_ outcome: Outcome) {
        guard let payment = running else { return }
        let id = payment.request.id
        let total = devices.clock.uptime.milliseconds(since: payment.startedAt)
        Task { await conclude(payment, outcome, totalMilliseconds: total) }
        var facts: Logger.Metadata = [
            "payment": "\(id)", "outcome": "\(outcome.name)", "text": "\(outcome.text.english)",
        ]
        if let failure = outcome.failure { facts["detail"] = "\(failure.detail)" }
        logger.info("payment ends", metadata: facts)
    }

    /// Tells the register first: a pad, a reader or a printer that hangs keeps nobody waiting (M10).
    private func conclude(_ payment: Running, _ outcome: Outcome, totalMilliseconds total: Double) async {
        let id = payment.request.id
        let waited = await payment.session?.waitedMilliseconds ?? 0
        remember(
            PaymentReport.Milliseconds(total: total, card: waited, acquirer: payment.acquirerMilliseconds), of: id)
        if let session = payment.session {
            if await session.hasPINPadFailed { padHasKey = false }
            torn = await session.tap.torn
        }
        let report = report(payment, outcome)
        let waiters = running?.waiters ?? []
        running = nil
        dismissal = Task { await dismiss(payment, outcome) }
        for waiter in waiters { waiter.resume(returning: report) }
        step(.outcomeTold, outcome.name, of: id, since: payment.startedAt)
        if outcome.isGood { await printFirstReceipt(of: id, since: payment.startedAt) }
        for waiter in idleWaiters { waiter.resume() }
        idleWaiters.removeAll()
        workInBackground()
    }

    /// Says goodbye to customer and card. The next payment's card waits for it.
    private func dismiss(_ payment: Running, _ outcome: Outcome) async {
        var text = outcome.text
        if await payment.session?.place == .slot {
            text = BilingualText("\(text.chinese)，请取卡", "\(text.english). Take your card")
        }
        await devices.show(text, amount: payment.request.amount)
        await payment.session?.end()
    }

    private func remember(_ milliseconds: PaymentReport.Milliseconds, of id: RequestID) {
        if timings.count >= 100 { timings.removeFirst() }
        timings.append((id, milliseconds))
    }

    /// The steps of all payments from now on.
    public func steps() -> AsyncStream<StepReport> {
        let watcher = nextWatcher
        nextWatcher += 1
        let (stream, continuation) = AsyncStream.makeStream(of: StepReport.self, bufferingPolicy: .bufferingNewest(256))
        watchers[watcher] = continuation
        continuation.onTermination = { _ in Task { await self.forget(watcher) } }
        return stream
    }

    private func forget(_ watcher: Int) { watchers[watcher] = nil }

    /// A step of the running payment, or of one that began at `since`: the observer first, then the screens.
    func step(_ step: Step, _ detail: String, of id: RequestID?, since start: Uptime? = nil) {
        report(step, detail, of: id, since: start)
        observer(step)
    }

    /// Shows a step on the screens.
    func report(_ step: Step, _ detail: String, of id: RequestID?, since start: Uptime? = nil) {
        let began = start ?? running?.startedAt ?? devices.clock.uptime
        let report = StepReport(
            id: id, step: step, detail: detail, milliseconds: devices.clock.uptime.milliseconds(since: began))
        for watcher in watchers.values { watcher.yield(report) }
        logger.debug(
            "step",
            metadata: ["payment": "\(id?.rawValue ?? "-")", "step": "\(step.rawValue)", "detail": "\(detail)"])
    }
}
