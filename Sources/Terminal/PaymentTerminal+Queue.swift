import Acquiring
import Engine
import HAL
import Journaling
import Logging
public import Payments
import Synchronization

/// Stored payments: what may be stored, and how they get to the acquirer beside the payments to come.
extension PaymentTerminal {
    // MARK: Limits

    /// Why a payment of this request is not taken without the acquirer; nil if it is. `pan` once the card is known.
    func storeRefusal(_ request: PaymentRequest, pan: PAN? = nil) -> PaymentFailure? {
        do {
            return configuration.store.refusal(
                of: request.amount, beside: try journal.queue(card: pan, on: now))
        } catch {
            return unavailable(error)
        }
    }

    /// Whether the shop takes this payment without the acquirer at all.
    func canStore(_ request: PaymentRequest) -> Bool {
        let policy = configuration.store
        return (policy.takesOffline || policy.defers) && storeRefusal(request) == nil
    }

    /// What a payment is told that cannot reach the acquirer: a full queue is the reason that helps the cashier.
    func linkFailed(_ failure: PaymentFailure, _ request: PaymentRequest) -> PaymentMachine.Event {
        let policy = configuration.store
        guard policy.takesOffline || policy.defers, request.kind == .sale else {
            return .linkFailed(failure, canStore: false)
        }
        if let refusal = storeRefusal(request) { return .linkFailed(refusal, canStore: false) }
        return .linkFailed(failure, canStore: true)
    }

    // MARK: Working off

    /// Does what is owed while no payment runs: now, and after a failure at growing intervals of at most a minute.
    func workInBackground() {
        background?.cancel()
        guard !isStopping else { return }
        isWorking = true
        background = Task {
            // One that was cancelled has been replaced.
            defer { if !Task.isCancelled { isWorking = false } }
            var backoff = Backoff()
            while !Task.isCancelled, running == nil {
                let wasReady = !needsPreparation
                guard let failure = await workOnce() else {
                    guard hasWork else { return }
                    // A sign-in alone is no success: an acquirer may demand one after the other.
                    if wasReady { backoff.reset() }
                    continue
                }
                logger.debug("work waits", metadata: ["reason": "\(failure.detail)"])
                let random = (try? devices.entropy.bytes(4))?.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } ?? 0
                let pause = backoff.next(random: random)
                try? await devices.clock.wait(until: devices.clock.uptime.advanced(milliseconds: pause))
            }
        }
    }

    private var hasWork: Bool {
        needsPreparation || isSettling || demands.withLock { !$0.isEmpty } || (!isQueuePaused && nextStored != nil)
    }

    private var nextStored: PendingDelivery? { (try? journal.deliveries(.stored, limit: 1))?.first }

    /// The most urgent thing: the way to the acquirer, a settlement that was begun, one stored payment, what the acquirer
    /// demands. Nil if it was done, or nothing is to do.
    private func workOnce() async -> PaymentFailure? {
        if needsPreparation { return await prepareLink() }
        if isSettling {
            guard case .suspended(let failure) = await closeBatch(by: nil) else { return nil }
            return failure
        }
        if !isQueuePaused, nextStored != nil { return await deliverNext() }
        if let demand = demands.withLock({ $0.first }) {
            let failure = await obey(demand)
            if failure == nil { demands.withLock { demands in demands.removeAll { $0 == demand } } }
            return failure
        }
        return nil
    }

    /// One attempt at the first stored payment. The line is free again after each: a payment that comes meanwhile goes
    /// before the next one.
    private func deliverNext() async -> PaymentFailure? {
        let result = await onTheLine { () async -> DeliveryMachine.Result? in
            // Looked for on the line: whoever was there before may have delivered it.
            guard running == nil, let stored = nextStored else { return nil }
            return await deliver(stored)
        }
        switch result {
        case .accepted?, .refused?, nil: return nil
        case .signInDemanded(let code)?:
            return PaymentFailure(.acquirerUnreachable, "the acquirer demands sign-in (\(code))")
        case .unanswered(let failure)?: return failure
        }
    }

    /// Sends everything stored, paused or not, and answers what keeps it from being sent. A new sign-in that the acquirer
    /// demands is worth one more try, no more: it may demand it for ever.
    func emptyQueue() async -> PaymentFailure? {
        var hasSignedInAnew = false
        while true {
            // A payment that came meanwhile goes first, and sends what is left after it.
            if let id = running?.request.id { return PaymentFailure(.interrupted, "payment \(id) is running") }
            if needsPreparation, let failure = await prepareLink() { return failure }
            do {
                guard try !journal.deliveries(.stored, limit: 1).isEmpty else { return nil }
                guard let failure = await deliverNext() else { continue }
                if isSignedIn || hasSignedInAnew { return failure }
                hasSignedInAnew = true
            } catch {
                return unavailable(error)
            }
        }
    }

    // MARK: The operator

    /// What waits to be sent, and what the acquirer refused.
    public func queue() throws -> QueueReport {
        try reading {
            let load = try journal.queue(card: nil, on: now)
            return QueueReport(
                load: load, isPaused: isQueuePaused,
                waiting: try journal.deliveries(.stored, limit: QueueReport.mostItems).map(QueueReport.Item.init),
                refused: try refusedItems(), currency: configuration.terminal.currency,
                isOverdue: configuration.store.isOverdue(load, at: now))
        }
    }

    /// What the acquirer refused and nobody has settled: stored payments, and reversals that were tried often enough.
    func refusedItems() throws(JournalError) -> [QueueReport.Item] {
        let reversals = try journal.deliveries(.reversal, limit: .max).filter { !holdsPayments($0) }
        return try journal.refused().map(QueueReport.Item.init) + reversals.map(QueueReport.Item.init)
    }

    /// Sends everything stored now; answers when it is done, or what keeps it from being done.
    public func sendQueue() async throws -> QueueReport {
        guard running == nil, !isSettling else {
            throw Refusal(.busy, "a payment or a settlement is running; try again")
        }
        if let failure = await emptyQueue() { throw Refusal(failure) }
        return try queue()
    }

    /// Holds stored payments back, or lets them go.
    public func pauseQueue(_ isPaused: Bool) throws -> QueueReport {
        isQueuePaused = isPaused
        if !isPaused, running == nil { workInBackground() }
        return try queue()
    }

    /// Takes something that the acquirer refused off the list: a supervisor has settled it by other means.
    public func resolve(_ id: RequestID, by supervisor: Supervisor?) async throws -> PaymentReport {
        let who = try await allow(.resolve, by: supervisor?.number, pin: supervisor?.pin, request: id)
        // What is uploaded follows from the payments: none of them changes until the batch is closed.
        guard !isSettling else { throw Refusal(.busy, "the batch is being settled; settle this when it is closed") }
        guard let state = try known(id) else { throw Refusal(.notFound, field: "id", "no payment has the id \(id)") }
        let delivery: Delivery
        switch (state.reversal, state.stored) {
        case (.pending(_, let refusals), _) where refusals.count >= reversalTries:
            delivery = .reversal
        case (_, .refused): delivery = .stored
        default: throw Refusal(.conflict, field: "id", "the acquirer has refused nothing of \(id): nothing to settle")
        }
        try reading { try append([.resolved(id, delivery, supervisor: who.rawValue)]) }
        step(.deliverySaved, "resolved", of: id)
        return try await payment(id)
    }
}
