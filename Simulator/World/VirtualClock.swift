import HAL
import Payments
import Synchronization

/// The world's time: it passes when the world says so.
final class VirtualClock: TerminalClock {
    private let milliseconds = Mutex(0)

    /// Milliseconds since the world began, at eight in the morning.
    var now: Int {
        get { milliseconds.withLock { $0 } }
        set { milliseconds.withLock { $0 = newValue } }
    }

    func localTime() -> LocalDateTime {
        LocalDateTime(year: 2026, month: 3, day: 9, hour: 8, minute: 0, second: 0).advanced(seconds: now / 1000)
    }

    var uptime: Uptime { Uptime(nanoseconds: UInt64(now) * 1_000_000) }

    /// Nobody waits in a world of one thread: what is due later stands in the `Agenda`.
    func wait(until deadline: Uptime) async throws { now = max(now, Int(deadline.nanoseconds / 1_000_000)) }
}
