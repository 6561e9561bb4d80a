public import HAL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A path where a serial device may be: a printer's, a scanner's, a pole display's. The device may be absent, appear, vanish,
/// and come back under another name behind the same link.
public final class SerialPort: PrinterPort {
    private let path: String
    private let settings: SerialSettings
    private let clock: any TerminalClock
    private let feed: StatusFeed
    private let ending: WakeUp
    private let sightings: Sightings

    /// The port at `path`, best one of /dev/serial/by-id, which follows the device to whichever socket it is plugged in.
    public init(path: String, settings: SerialSettings = SerialSettings(), clock: any TerminalClock) throws(DeviceError)
    {
        self.path = path
        self.settings = settings
        self.clock = clock
        ending = try WakeUp()
        sightings = Sightings()
        feed = StatusFeed(Self.status(path, isThere: access(path, F_OK) == 0))
        DeviceThread.detach(name: "serial-watch") { [path, feed, ending, sightings] in
            var watch = PathWatch(path)
            var last: [Int]?
            repeat {
                let sight = watch.sight()
                if sight != last { sightings.count.add(1, ordering: .relaxed) }
                last = sight
                feed.tell(Self.status(path, isThere: sight != nil))
            } while watch.wait(wakeUp: ending.descriptor)
            feed.finish()
        }
    }

    deinit { ending.signal() }

    /// False: a line may stay open.
    public var isShared: Bool { false }
    /// Whether something is there.
    public func status() async -> DeviceStatus { feed.status }
    /// Each time it appears or vanishes.
    public func changes() -> AsyncStream<DeviceStatus> { feed.changes() }

    /// Opens the line. Throws `.absent`; `.busy` while another program holds it; `.refused` without the permission for it.
    public func open(deadline: Uptime) async throws(DeviceError) -> any PrinterLine { try await openLine() }

    /// As `open`: opening waits for nothing.
    func openLine() async throws(DeviceError) -> SerialLine {
        let line = try SerialLine(clock: clock)
        try await line.open(path, settings: settings)
        return line
    }

    var isThere: Bool { feed.status.isReady }
    /// Changes whenever something else is there than before, or nothing.
    var sighting: Int { sightings.count.load(ordering: .relaxed) }

    /// Shared with the thread that watches, which must not keep the port alive.
    private final class Sightings: Sendable {
        let count = Atomic(0)
    }

    private static func status(_ path: String, isThere: Bool) -> DeviceStatus {
        DeviceStatus(name: path, isReady: isThere, note: isThere ? "" : "not plugged in")
    }
}
