import HAL
import Synchronization

/// One operation's end: its deadline, or somebody's wish before it.
final class PCSCWait: Sendable {
    let clock: any TerminalClock
    private let deadline: Uptime
    private let isCancelled = Atomic(false)

    init(deadline: Uptime, clock: any TerminalClock) {
        self.deadline = deadline
        self.clock = clock
    }

    func cancel() { isCancelled.store(true, ordering: .releasing) }

    /// Throws once it is cancelled.
    func checkWanted(_ operation: String) throws(DeviceError) {
        if isCancelled.load(ordering: .acquiring) { throw DeviceError(.cancelled, operation) }
    }

    /// Milliseconds left but no more than `limit`, at least 1. Throws when there is nothing left to wait for.
    func milliseconds(atMost limit: Int, _ operation: String) throws(DeviceError) -> Int {
        try checkWanted(operation)
        let left = deadline.milliseconds(since: clock.uptime)
        guard left > 0 else { throw DeviceError(.timeout, operation) }
        return max(1, Int(min(Double(limit), left.rounded(.up))))
    }
}
