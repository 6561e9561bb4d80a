import HAL
import Payments
import Synchronization

/// A clock that stands until it is told to go on.
final class ManualClock: TerminalClock {
    private struct State {
        var now = 0
        var waits: [(id: Int, until: Uptime, continuation: CheckedContinuation<Void, any Error>)] = []
        var nextID = 0
    }
    private let state = Mutex(State())

    private static func time(_ milliseconds: Int) -> Uptime {
        Uptime(nanoseconds: 0).advanced(milliseconds: milliseconds)
    }

    var uptime: Uptime { state.withLock { Self.time($0.now) } }

    func localTime() -> LocalDateTime { LocalDateTime(year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0) }

    func wait(until deadline: Uptime) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOver = state.withLock { state in
                    if Self.time(state.now) >= deadline || Task.isCancelled { return true }
                    state.waits.append((id, deadline, continuation))
                    return false
                }
                if isOver { continuation.resume(with: Result { try Task.checkCancellation() }) }
            }
        } onCancel: {
            let wait = state.withLock { state in
                state.waits.firstIndex { $0.id == id }.map { state.waits.remove(at: $0) }
            }
            wait?.continuation.resume(throwing: CancellationError())
        }
    }

    func advance(_ milliseconds: Int) {
        let due = state.withLock { state in
            state.now += milliseconds
            let due = state.waits.filter { $0.until <= Self.time(state.now) }
            state.waits.removeAll { $0.until <= Self.time(state.now) }
            return due
        }
        for wait in due { wait.continuation.resume() }
    }

    /// Returns when `count` wait, all of them until `milliseconds` where it is given.
    func waiters(_ count: Int, until milliseconds: Int? = nil) async {
        while !state.withLock({ state in
            state.waits.count == count
                && (milliseconds == nil || state.waits.allSatisfy { $0.until == milliseconds.map(Self.time) })
        }) { await Task.yield() }
    }
}
