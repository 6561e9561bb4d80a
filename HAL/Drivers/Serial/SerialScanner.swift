public import HAL
import ScannerDriver

/// A scanner on a serial line, such as one in CDC-ACM mode. Reads all the time, so that nothing old waits in the line, and
/// gives a scan to who waits for one.
public final class SerialScanner: Scanner {
    private let inbox: ScanInbox
    private let reading: Task<Void, Never>

    /// The scanner at `port`.
    public init(port: SerialPort, name: String, rules: ScanRules, clock: any TerminalClock) {
        let inbox = ScanInbox(name: name, rules: rules, clock: clock)
        self.inbox = inbox
        reading = Task { await Self.run(port, inbox, rules, clock) }
    }

    deinit { reading.cancel() }

    /// See `Scanner.scan`.
    public func scan(deadline: Uptime) async throws(DeviceError) -> Scan { try await inbox.scan(deadline: deadline) }
    /// Whether its line is open, and what was wrong with the last scan.
    public func status() async -> DeviceStatus { inbox.status }
    /// Each time that changes.
    public func changes() -> AsyncStream<DeviceStatus> { inbox.changes() }

    /// After a failed opening: the first time soon, since a device that comes back is not usable at once.
    private static let pauses = [20, 50, 100, 250, 500, 1000, 2000]

    private static func run(
        _ port: SerialPort, _ inbox: ScanInbox, _ rules: ScanRules, _ clock: any TerminalClock
    ) async {
        var news = port.changes().makeAsyncIterator()
        var failures = 0
        while !Task.isCancelled {
            guard port.isThere else {
                inbox.disconnected()
                failures = 0
                if await news.next() == nil { return }
                continue
            }
            let sighting = port.sighting
            do throws(DeviceError) {
                let line = try await port.openLine()
                inbox.connected()
                let start = clock.uptime
                let end = await read(line, into: inbox, SerialScanDecoder(rules: rules), clock)
                await line.abort()
                // A line that ends as soon as it is open is no better than one that does not open.
                if clock.uptime.milliseconds(since: start) > 1000 { failures = 0 }
                inbox.disconnected(end)
            } catch {
                inbox.disconnected(error)
            }
            if Task.isCancelled { return }
            if port.sighting != sighting { failures = 0 }
            let pause = pauses[min(failures, pauses.count - 1)]
            failures += 1
            try? await clock.wait(until: clock.uptime.advanced(milliseconds: pause))
        }
    }

    /// Reads until the line ends, and says why.
    private static func read(
        _ line: SerialLine, into inbox: ScanInbox, _ decoder: SerialScanDecoder, _ clock: any TerminalClock
    ) async -> DeviceError {
        var decoder = decoder
        while true {
            let milliseconds = decoder.silenceMilliseconds ?? 3_600_000
            do throws(DeviceError) {
                let deadline = clock.uptime.advanced(milliseconds: milliseconds)
                let bytes = try await line.read(atMost: 4096, deadline: deadline)
                guard !bytes.isEmpty else { return DeviceError(.gone, "read") }
                inbox.deliver(decoder.take(bytes))
            } catch {
                guard error.kind == .timeout else { return error }
                if let last = decoder.silence() { inbox.deliver([last]) }
            }
        }
    }
}
