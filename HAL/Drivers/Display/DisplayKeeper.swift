import HAL
import Synchronization

/// Keeps one display showing the latest message: opens its line, writes, notices when the line is lost, and shows the message
/// again when the display is back. Whoever has something to show never waits for it.
final class DisplayKeeper: Sendable {
    private let latest: Latest
    private let running: Task<Void, Never>
    private let listening: Task<Void, Never>?
    let feed: StatusFeed

    /// The latest message and how to tell that there is a new one, or that the line was lost, or that it is time to try again.
    private final class Latest: Sendable {
        let message = Mutex<(bytes: [UInt8], number: Int)>(([], 0))
        let nudges: AsyncStream<Void>
        private let nudging: AsyncStream<Void>.Continuation

        init() { (nudges, nudging) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

        func nudge() { nudging.yield() }
    }

    /// One try to open or to write may take this long.
    private static let tryMilliseconds = 1000
    /// A line that is open for so long was no mistake.
    private static let steadyMilliseconds = 1000.0
    /// Between two tries to reach a display that is not there.
    private static let pauses = [100, 250, 500, 1000, 2000, 5000]

    /// A display called `name`. `begin` is sent first on each new line. `changes` tells when it may be worth a try at once.
    init(
        name: String, begin: [UInt8] = [], clock: any TerminalClock, changes: AsyncStream<DeviceStatus>? = nil,
        open: @escaping @Sendable (Uptime) async throws(DeviceError) -> any ByteStream
    ) {
        let latest = Latest()
        let feed = StatusFeed(DeviceStatus(name: name, isReady: false, note: "not reached yet"))
        self.latest = latest
        self.feed = feed
        latest.nudge()
        listening = changes.map { changes in Task { for await _ in changes { latest.nudge() } } }
        running = Task { await Self.run(latest, feed, begin, clock, open) }
    }

    deinit {
        listening?.cancel()
        running.cancel()
    }

    /// Shows `bytes` as soon as the display is there; what was to be shown before and has not been is left out.
    func show(_ bytes: [UInt8]) {
        latest.message.withLock { $0 = (bytes, $0.number + 1) }
        latest.nudge()
    }

    /// An open line, since when, and whoever notices its loss.
    private typealias Line = (stream: any ByteStream, since: Uptime, watch: Task<Bool, Never>)

    private static func run(
        _ latest: Latest, _ feed: StatusFeed, _ begin: [UInt8], _ clock: any TerminalClock,
        _ open: @Sendable (Uptime) async throws(DeviceError) -> any ByteStream
    ) async {
        let name = feed.status.name
        var line: Line?
        var shown = 0
        var failures = 0
        var retry: Task<Void, Never>?
        for await _ in latest.nudges {
            retry?.cancel()
            let deadline = clock.uptime.advanced(milliseconds: tryMilliseconds)
            do throws(DeviceError) {
                if let open = line {
                    // One thing at a time on a line: the watch ends before something is written.
                    open.watch.cancel()
                    if await open.watch.value { throw DeviceError(.gone, "read") }
                    let message = latest.message.withLock { $0 }
                    if message.number != shown { try await open.stream.write(message.bytes, deadline: deadline) }
                    shown = message.number
                    line = (open.stream, open.since, watch(open.stream, clock, latest))
                } else {
                    let stream = try await open(deadline)
                    // The latest now: while the line was being opened another may have come.
                    let message = latest.message.withLock { $0 }
                    do throws(DeviceError) { try await stream.write(begin + message.bytes, deadline: deadline) } catch {
                        await stream.giveUp()
                        throw error
                    }
                    shown = message.number
                    line = (stream, clock.uptime, watch(stream, clock, latest))
                }
                feed.tell(DeviceStatus(name: name, isReady: true))
            } catch {
                // A line that was good until now is opened again at once; one that never lasts is not.
                let hasLasted = line.map { clock.uptime.milliseconds(since: $0.since) >= steadyMilliseconds } ?? false
                await line?.stream.giveUp()
                line = nil
                feed.tell(DeviceStatus(name: name, isReady: false, note: error.description))
                if hasLasted { failures = 0 }
                let pause = hasLasted ? 0 : pauses[min(failures, pauses.count - 1)]
                failures += 1
                retry = Task {
                    do { try await clock.wait(until: clock.uptime.advanced(milliseconds: pause)) } catch { return }
                    latest.nudge()
                }
            }
        }
        retry?.cancel()
        line?.watch.cancel()
        await line?.stream.giveUp()
    }

    /// Reads, and ignores, what the display says, until the line is lost (true) or the task is cancelled.
    private static func watch(
        _ stream: any ByteStream, _ clock: any TerminalClock, _ latest: Latest
    ) -> Task<Bool, Never> {
        Task {
            while true {
                do throws(DeviceError) {
                    let deadline = clock.uptime.advanced(milliseconds: 3_600_000)
                    if try await !stream.read(atMost: 256, deadline: deadline).isEmpty { continue }
                } catch {
                    if error.kind == .timeout { continue }
                    if error.kind == .cancelled { return false }
                }
                latest.nudge()
                return true
            }
        }
    }
}

extension ByteStream {
    /// Closes without waiting for what has not been sent.
    fileprivate func giveUp() async {
        if let line = self as? any PrinterLine { await line.abort() } else { await close() }
    }
}
