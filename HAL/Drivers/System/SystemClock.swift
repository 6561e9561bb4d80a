public import HAL
public import Payments

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The machine's clocks: local time in the zone of the system, and CLOCK_MONOTONIC.
public struct SystemClock: TerminalClock {
    /// The clocks of this machine.
    public init() {}

    /// Now, in the system's time zone.
    public func localTime() -> LocalDateTime {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        return LocalDateTime(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec))
    }

    /// CLOCK_MONOTONIC, now.
    public var uptime: Uptime {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Uptime(nanoseconds: UInt64(now.tv_sec) &* 1_000_000_000 &+ UInt64(now.tv_nsec))
    }

    /// Sleeps until `deadline`; returns at once if it has passed.
    public func wait(until deadline: Uptime) async throws {
        let now = uptime
        guard deadline > now else { return try Task.checkCancellation() }
        let nanoseconds = Int64(clamping: deadline.nanoseconds - now.nanoseconds)
        // SuspendingClock is CLOCK_MONOTONIC on Linux.
        try await Task.sleep(for: .nanoseconds(nanoseconds), clock: .suspending)
    }
}
