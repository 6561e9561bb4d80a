/// Anything on the counter that may be absent at the start, appear, vanish and come back.
public protocol Device: Sendable {
    /// What the technician sees of it now.
    func status() async -> DeviceStatus
    /// Its status each time it changes, from now on; ends with the device. What cannot tell of changes ends at once.
    func changes() -> AsyncStream<DeviceStatus>
    /// Gives the device back to whoever had it before, as the last thing that is asked of it; waits for nothing but that.
    func release() async
}

extension Device {
    /// No news.
    public func changes() -> AsyncStream<DeviceStatus> { AsyncStream { $0.finish() } }
    /// Nothing: the end of the process gives it back.
    public func release() async {}
}
