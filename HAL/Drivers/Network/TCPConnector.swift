public import HAL

/// Opens TCP connections, IPv4 and IPv6, with a thread for each that waits on it.
public struct TCPConnector: StreamConnector {
    private let clock: any TerminalClock

    /// Deadlines are points on `clock`.
    public init(clock: any TerminalClock) { self.clock = clock }

    /// Connects to a host name or address; the deadline covers the name's lookup too. Throws `.absent` for a name that does
    /// not exist and a host that cannot be reached, `.refused`, `.timeout`, `.cancelled`.
    public func connect(host: String, port: Int, deadline: Uptime) async throws(DeviceError) -> any ByteStream {
        try await open(host: host, port: port, deadline: deadline)
    }

    func open(host: String, port: Int, deadline: Uptime) async throws(DeviceError) -> TCPStream {
        guard (1...65535).contains(port), !host.isEmpty, host.utf8.count <= 253, !host.utf8.contains(0) else {
            throw DeviceError(.other, "connect", code: "no such host or port")
        }
        let stream = try TCPStream(clock: clock)
        try await stream.open(host: host, port: port, deadline: deadline)
        return stream
    }
}
