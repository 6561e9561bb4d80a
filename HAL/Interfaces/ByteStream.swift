/// A connected byte stream, TCP in the shop. Waits end with `.cancelled` when the task is cancelled.
public protocol ByteStream: Sendable {
    /// The next bytes, at least one and at most `limit`; empty when the other side has closed.
    func read(atMost limit: Int, deadline: Uptime) async throws(DeviceError) -> [UInt8]
    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8], deadline: Uptime) async throws(DeviceError)
    /// True if the other side has closed or sent something unasked: a stream to give up rather than to reuse.
    func isStale() async -> Bool
    /// Closes both directions; later calls throw `.gone`.
    func close() async
}

/// Opens byte streams.
public protocol StreamConnector: Sendable {
    /// Connects to a host name or address.
    func connect(host: String, port: Int, deadline: Uptime) async throws(DeviceError) -> any ByteStream
}
