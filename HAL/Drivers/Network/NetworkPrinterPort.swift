public import HAL

/// A printer behind TCP port 9100.
public struct NetworkPrinterPort: PrinterPort {
    private let connector: any StreamConnector
    private let clock: any TerminalClock
    private let host: String
    private let port: Int
    private let connectMilliseconds = 3000

    /// The printer at `host`.
    public init(host: String, port: Int = 9100, connector: any StreamConnector, clock: any TerminalClock) {
        self.host = host
        self.port = port
        self.connector = connector
        self.clock = clock
    }

    /// Connects; the wait for the connection has a deadline of its own, 3 seconds.
    public func open(deadline: Uptime) async throws(DeviceError) -> any PrinterLine {
        let soon = clock.uptime.advanced(milliseconds: connectMilliseconds)
        return NetworkPrinterLine(try await connector.connect(host: host, port: port, deadline: min(deadline, soon)))
    }

    /// Where it is; only a connection can tell more.
    public func status() async -> DeviceStatus { DeviceStatus(name: "\(host):\(port)", isReady: true) }
}

/// A connection to a printer.
private struct NetworkPrinterLine: PrinterLine {
    private let stream: any ByteStream

    init(_ stream: any ByteStream) { self.stream = stream }

    func read(atMost limit: Int, deadline: Uptime) async throws(DeviceError) -> [UInt8] {
        try await stream.read(atMost: limit, deadline: deadline)
    }
    func write(_ bytes: [UInt8], deadline: Uptime) async throws(DeviceError) {
        try await stream.write(bytes, deadline: deadline)
    }
    func isStale() async -> Bool { await stream.isStale() }
    func close() async { await stream.close() }
}
