import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The waits of one open device on its thread: each ends at its deadline, with its task, and when the device is closed.
public final class DescriptorWait: Sendable {
    private let clock: any TerminalClock
    private let wakeUp: WakeUp
    private let isClosed = Atomic(false)

    /// Deadlines are points on `clock`.
    public init(clock: any TerminalClock) throws(DeviceError) {
        self.clock = clock
        wakeUp = try WakeUp()
    }

    /// Ends the wait that runs now and all later ones with `.gone`. Callable from any thread.
    public func close() {
        isClosed.store(true, ordering: .releasing)
        wakeUp.signal()
    }

    /// Ends the wait that runs now, to look again. Callable from any thread.
    public func wake() { wakeUp.signal() }

    /// Throws `.gone` once closed.
    public func checkOpen(_ operation: String) throws(DeviceError) {
        if isClosed.load(ordering: .acquiring) { throw DeviceError(.gone, operation, code: "closed") }
    }

    /// Blocks this thread until `descriptor` is ready for `events` of poll or somebody woke it: look again in either case.
    /// True if it has hung up. Throws `.timeout`, `.cancelled`, `.gone` once closed.
    @discardableResult
    public func wait(
        _ operation: String, for events: Int32, on descriptor: Int32, until deadline: Uptime
    ) throws(DeviceError) -> Bool {
        if Task.isCancelled { throw DeviceError(.cancelled, operation) }
        try checkOpen(operation)
        let milliseconds = deadline.milliseconds(since: clock.uptime).rounded(.up)
        guard milliseconds > 0 else { throw DeviceError(.timeout, operation) }
        var waits = [
            pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: events), revents: 0),
        ]
        guard poll(&waits, 2, Int32(min(milliseconds, 3_600_000))) >= 0 || errno == EINTR else {
            throw DeviceError(errno: errno, "poll")
        }
        if waits[0].revents != 0 { wakeUp.drain() }
        return Int32(waits[1].revents) & (POLLHUP | POLLERR | POLLNVAL) != 0
    }

    /// Runs `body` on the caller's thread; its waits end when the task is cancelled.
    public func interruptible<Value: Sendable>(
        isolation: isolated (any Actor)? = #isolation, _ body: () throws(DeviceError) -> Value
    ) async throws(DeviceError) -> Value {
        let wakeUp = wakeUp
        return try await withTaskCancellationHandler {
            // Only what it captures keeps this closure on the caller's actor, and so off the threads that all tasks share.
            _ = isolation
            return Result(catching: body)
        } onCancel: {
            wakeUp.signal()
        }.get()
    }
}
