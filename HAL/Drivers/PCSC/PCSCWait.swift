import HAL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One operation's end: its deadline, or somebody's wish before it.
final class PCSCWait: Sendable {
    let deadline: Uptime
    private let cancelled = Atomic(false)

    init(deadline: Uptime) { self.deadline = deadline }

    func cancel() { cancelled.store(true, ordering: .releasing) }

    /// Milliseconds left, at least 1. Throws when there is nothing left to wait for.
    func remainingMilliseconds(_ operation: String) throws(DeviceError) -> Int {
        if cancelled.load(ordering: .acquiring) { throw DeviceError(.cancelled, operation) }
        let left = Uptime.now.distance(to: deadline.nanoseconds)
        guard left > 0 else { throw DeviceError(.timeout, operation) }
        return Int(left / 1_000_000) + 1
    }
}

extension Uptime {
    static var now: Uptime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Uptime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    /// Nanoseconds from here to another point, 0 if that is past, at most a day.
    func distance(to later: UInt64) -> Int64 {
        later > nanoseconds ? Int64(min(later - nanoseconds, 86_400_000_000_000)) : 0
    }
}
