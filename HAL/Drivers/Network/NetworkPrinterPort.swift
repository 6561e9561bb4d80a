public import HAL

/// A printer behind TCP port 9100.
public struct NetworkPrinterPort: PrinterPort {
    private let connector: TCPConnector
    private let clock: any TerminalClock
    private let host: String
    private let port: Int
    private let connectMilliseconds = 3000

    /// The printer at `host`.
    public init(host: String, port: Int = 9100, connector: TCPConnector, clock: any TerminalClock) {
        self.host = host
        self.port = port
        self.connector = connector
        self.clock = clock
    }

    /// Connects; the wait for the connection has a deadline of its own, 3 seconds.
    public func open(deadline: Uptime) async throws(DeviceError) -> any PrinterLine {
        let soon = clock.uptime.advanced(milliseconds: connectMilliseconds)
        return try await connector.open(host: host, port: port, deadline: min(deadline, soon))
    }

    /// Where it is; only a connection can tell more.
    public func status() async -> DeviceStatus { DeviceStatus(name: "\(host):\(port)", isReady: true) }
}

/// A connection to a printer.
extension TCPStream: PrinterLine {}
