public import HAL
import Synchronization

/// What all scanner drivers share: it takes what the device reads and gives a scan only to who waits for one. What nobody
/// waits for is dropped, unless configured otherwise.
public final class ScanInbox: Sendable {
    private let feed: StatusFeed
    private let clock: any TerminalClock
    private let rules: ScanRules
    private let state: Mutex<State>

    /// How long a scanner may be missing before who waits is told.
    private static let absenceMilliseconds = 2000

    private struct Waiter {
        let deadline: Uptime
        let since: Uptime
        let continuation: CheckedContinuation<Result<Scan, DeviceError>, Never>
        var timer: Task<Void, Never>?
    }

    private struct State {
        var filter: ScanFilter
        /// In order of arrival; the first one gets the scan.
        var waiters: [(id: Int, waiter: Waiter)] = []
        var nextID = 0
        var kept: (scan: Scan, time: Uptime)?
        /// Nil while the scanner is there.
        var missing: (since: Uptime, error: DeviceError)?
    }

    /// For a scanner called `name`, absent at first.
    public init(name: String, rules: ScanRules, clock: any TerminalClock) {
        feed = StatusFeed(DeviceStatus(name: name, isReady: false, note: Self.absent.description))
        self.clock = clock
        self.rules = rules
        state = Mutex(State(filter: ScanFilter(rules), missing: (clock.uptime, Self.absent)))
    }

    private static let absent = DeviceError(.absent, "scanner")

    // MARK: The driver's side

    /// The scanner is there, under this name.
    public func connected(name: String? = nil) {
        let timers = state.withLock { state in
            state.missing = nil
            return rearm(&state)
        }
        timers.forEach { $0.cancel() }
        feed.tell(DeviceStatus(name: name ?? feed.status.name, isReady: true))
    }

    /// The scanner is gone, or cannot be used because of `error`.
    public func disconnected(_ error: DeviceError = DeviceError(.absent, "scanner")) {
        let now = clock.uptime
        let timers = state.withLock { state in
            state.missing = (state.missing?.since ?? now, error)
            state.kept = nil
            return rearm(&state)
        }
        timers.forEach { $0.cancel() }
        feed.tell(DeviceStatus(name: feed.status.name, isReady: false, note: error.description))
    }

    /// Takes what a decoder made, in order.
    public func deliver(_ results: [Result<Scan, ScanFault>]) {
        for result in results { deliver(result) }
    }

    private func deliver(_ result: Result<Scan, ScanFault>) {
        let now = clock.uptime
        let judged = result.flatMap { scan in
            state.withLock { state -> Result<Waiter?, ScanFault> in
                let isAsked = !state.waiters.isEmpty
                return state.filter.take(scan, at: now, isAsked: isAsked).map { clean in
                    guard isAsked else {
                        if rules.keepMilliseconds > 0 { state.kept = (clean, now) }
                        return nil
                    }
                    let waiter = state.waiters.removeFirst().waiter
                    waiter.continuation.resume(returning: .success(clean))
                    return waiter
                }
            }
        }
        switch judged {
        case .success(let waiter):
            waiter?.timer?.cancel()
            note("")
        case .failure(.repeated): break
        case .failure(let fault): note("dropped \(fault.rawValue)")
        }
    }

    /// What the technician should know of the last scan, as long as the scanner is there.
    private func note(_ note: String) {
        let status = feed.status
        if status.isReady { feed.tell(DeviceStatus(name: status.name, isReady: true, note: note)) }
    }

    // MARK: The scanner's side

    /// See `Scanner.scan`.
    public func scan(deadline: Uptime) async throws(DeviceError) -> Scan {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(id, Waiter(deadline: deadline, since: clock.uptime, continuation: continuation))
            }
        } onCancel: {
            finish(id, .failure(DeviceError(.cancelled, "scan")))
        }.get()
    }

    /// See `Device.status`.
    public var status: DeviceStatus { feed.status }
    /// See `Device.changes`.
    public func changes() -> AsyncStream<DeviceStatus> { feed.changes() }

    private func begin(_ id: Int, _ waiter: Waiter) {
        let kept = state.withLock { state -> Scan? in
            defer { state.kept = nil }
            if let kept = state.kept, waiter.since < kept.time.advanced(milliseconds: rules.keepMilliseconds) {
                return kept.scan
            }
            state.waiters.append((id, waiter))
            _ = rearm(&state, only: id)
            return nil
        }
        if let kept { waiter.continuation.resume(returning: .success(kept)) }
        // A cancellation before this point found nobody to tell.
        if Task.isCancelled { finish(id, .failure(DeviceError(.cancelled, "scan"))) }
    }

    private func finish(_ id: Int, _ result: Result<Scan, DeviceError>) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiters.remove(at: index).waiter
        }
        waiter?.timer?.cancel()
        waiter?.continuation.resume(returning: result)
    }

    /// Starts the timers of those who wait anew, and gives those that no longer count.
    private func rearm(_ state: inout State, only id: Int? = nil) -> [Task<Void, Never>] {
        var old: [Task<Void, Never>] = []
        for index in state.waiters.indices where id == nil || state.waiters[index].id == id {
            let (id, waiter) = state.waiters[index]
            var end = waiter.deadline
            var error = DeviceError(.timeout, "scan")
            if let missing = state.missing {
                let patience = max(missing.since, waiter.since).advanced(milliseconds: Self.absenceMilliseconds)
                if patience < end {
                    end = patience
                    error = missing.error
                }
            }
            if let timer = waiter.timer { old.append(timer) }
            let outcome = error
            state.waiters[index].waiter.timer = Task { [clock, weak self, end] in
                do { try await clock.wait(until: end) } catch { return }
                self?.finish(id, .failure(outcome))
            }
        }
        return old
    }
}
