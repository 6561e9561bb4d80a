import Glibc
import HAL
import Payments
import ScannerDriver
import SerialDriver
import SimulatedDevices
import SystemDriver
import Testing

/// The serial drivers on real PTYs behind links that come and go.
@Suite(.timeLimit(.minutes(1))) struct SerialTests {
    private let clock = SystemClock()
    private let folder = SerialFolder()
    private var later: Uptime { clock.uptime.advanced(milliseconds: 20_000) }
    private var soon: Uptime { clock.uptime.advanced(milliseconds: 50) }

    private func device() throws -> SerialDevice { try SerialDevice(link: folder.link, clock: clock) }

    private func port(_ path: String? = nil, baud: Int = 115_200) throws -> SerialPort {
        try SerialPort(path: path ?? folder.link, settings: SerialSettings(baud: baud), clock: clock)
    }

    private func scanner(_ rules: ScanRules = ScanRules()) throws -> SerialScanner {
        SerialScanner(port: try port(), name: "serial scanner", rules: rules, clock: clock)
    }

    /// Waits for a status; it may be there already.
    private func become(_ isReady: Bool, _ device: any Device) async {
        let changes = device.changes()
        if await device.status().isReady == isReady { return }
        for await status in changes where status.isReady == isReady { return }
    }

    private func text(_ scan: Scan) -> String { scan.data.withBytes { String(decoding: $0, as: UTF8.self) } }

    /// Asks for a scan, and then lets `act` make one.
    private func scan(
        with scanner: SerialScanner, while act: @escaping @Sendable () async throws -> Void
    ) async throws -> Scan {
        async let scan = scanner.scan(deadline: later)
        // Whether the question has arrived cannot be seen from here: what comes too early is dropped, so send until it counts.
        let acting = Task {
            while !Task.isCancelled {
                try await act()
                try await clock.wait(until: clock.uptime.advanced(milliseconds: 150))
            }
        }
        defer { acting.cancel() }
        return try await scan
    }

    // MARK: Scanners

    @Test func `a scan, whole and in pieces`() async throws {
        let device = try device()
        try await device.plugIn()
        let scanner = try scanner()
        await become(true, scanner)
        let later = later
        for pieces in [["]Q162123456\r\n"], ["]Q", "1621", "23456", "\r"], ["]Q162123456"]] {
            let scan = try await scan(with: scanner) {
                for piece in pieces { try await device.send(Array(piece.utf8), deadline: later) }
            }
            #expect(text(scan) == "62123456" && scan.symbology == "]Q1")
            // The debounce must not swallow the next one.
            _ = try await self.scan(with: scanner) { try await device.send(Array("other\r".utf8), deadline: later) }
        }
    }

    @Test func `absent at the start, then appears, vanishes in a scan and comes back under another name`() async throws
    {
        let device = try device()
        let scanner = try scanner()
        #expect(await scanner.status() == DeviceStatus(name: "serial scanner", isReady: false, note: "scanner: absent"))
        try await device.plugIn()
        await become(true, scanner)
        let name = folder.target
        try await device.send(Array("621234".utf8), deadline: later)
        await device.unplug()
        await become(false, scanner)
        try await device.plugIn()
        await become(true, scanner)
        #expect(folder.target != "" && name != "")
        let later = later
        let scan = try await scan(with: scanner) { try await device.send(Array("56\r".utf8), deadline: later) }
        #expect(text(scan) == "56")
    }

    @Test func `a hundred times in and out`() async throws {
        let device = try device()
        let scanner = try scanner()
        for _ in 0..<100 {
            try await device.plugIn()
            await become(true, scanner)
            await device.unplug()
            await become(false, scanner)
        }
    }

    @Test func `a link that is turned to another device in one step`() async throws {
        let device = try device()
        try await device.plugIn()
        let scanner = try scanner()
        await become(true, scanner)
        try await device.plugIn()
        let later = later
        let scan = try await scan(with: scanner) { try await device.send(Array("56\r".utf8), deadline: later) }
        #expect(text(scan) == "56")
    }

    @Test func `who asks for a scan is told that there is no scanner`() async throws {
        let scanner = try scanner()
        await #expect(throws: DeviceError(.absent, "scanner")) { _ = try await scanner.scan(deadline: later) }
        await #expect(throws: DeviceError(.timeout, "scan")) { _ = try await scanner.scan(deadline: soon) }
    }

    @Test func `the largest symbol, one too large, and bytes that never end`() async throws {
        let device = try device()
        try await device.plugIn()
        let scanner = try scanner()
        await become(true, scanner)
        let later = later
        let largest = [UInt8](repeating: 0x41, count: 4296)
        let scan = try await scan(with: scanner) { try await device.send(largest + [13], deadline: later) }
        #expect(scan.data.count == 4296)
        let changes = scanner.changes()
        try await device.send(.init(repeating: 0x42, count: 300_000), deadline: later)
        for await status in changes where status.note == "dropped a scan that is too long" { break }
        try await device.send([13], deadline: later)
        let next = try await self.scan(with: scanner) { try await device.send([0, 0xFF, 13], deadline: later) }
        #expect(next.data.withBytes { Array($0) } == [0, 0xFF])
    }

    // MARK: Lines

    @Test func `a printer's bytes arrive and its answers too`() async throws {
        let device = try device()
        try await device.plugIn()
        let line = try await port().open(deadline: later)
        // Every byte value: nothing is translated, echoed or taken for flow control.
        let bytes = (0...255).map { UInt8($0) }
        try await line.write(bytes, deadline: later)
        var arrived: [UInt8] = []
        while arrived.count < 256 { arrived += try await device.receive(deadline: later) }
        #expect(arrived == bytes)
        try await device.send(bytes, deadline: later)
        var answered: [UInt8] = []
        while answered.count < 256 { answered += try await line.read(atMost: 100, deadline: later) }
        #expect(answered == bytes)
        #expect(await !line.isStale())
        await line.close()
        await #expect(throws: DeviceError(.gone, "read", code: "closed")) {
            _ = try await line.read(atMost: 1, deadline: later)
        }
    }

    @Test func `a printer that takes nothing more ends the write at its deadline`() async throws {
        let device = try device()
        try await device.plugIn()
        let line = try await port().open(deadline: later)
        await #expect(throws: DeviceError(.timeout, "write")) {
            try await line.write(.init(repeating: 0x20, count: 1_000_000), deadline: soon)
        }
        await line.abort()
    }

    @Test func `a printer pulled out in the middle of a job is gone`() async throws {
        let device = try device()
        try await device.plugIn()
        let port = try port()
        let line = try await port.open(deadline: later)
        let deadline = later
        let writing = Task { try await line.write(.init(repeating: 0x20, count: 1_000_000), deadline: deadline) }
        _ = try await device.receive(deadline: later)
        await device.unplug()
        let failure = await #expect(throws: DeviceError.self) { try await writing.value }
        #expect(failure?.kind == .gone)
        #expect(await line.isStale())
        await line.abort()
        await become(false, port)
        await #expect(throws: DeviceError(.absent, "open", code: "ENOENT")) { _ = try await port.open(deadline: later) }
    }

    @Test func `cancelling and closing end a wait`() async throws {
        let device = try device()
        try await device.plugIn()
        let line = try await port().open(deadline: later)
        let deadline = later
        let cancelled = Task { try await line.read(atMost: 1, deadline: deadline) }
        cancelled.cancel()
        await #expect(throws: DeviceError(.cancelled, "read")) { try await cancelled.value }
        let closed = Task { try await line.read(atMost: 1, deadline: deadline) }
        await line.close()
        await #expect(throws: DeviceError(.gone, "read", code: "closed")) { try await closed.value }
    }

    @Test func `a line that is somebody else's is busy until it is given back`() async throws {
        let device = try device()
        try await device.plugIn()
        let first = try await port().open(deadline: later)
        await #expect(throws: DeviceError(.busy, "flock", code: "EWOULDBLOCK")) {
            _ = try await port().open(deadline: later)
        }
        await first.close()
        await (try port().open(deadline: later)).close()
    }

    @Test func `what is no tty, and a rate that none has, are refused`() async throws {
        let file = folder.path + "/file"
        close(open(file, O_CREAT | O_WRONLY, 0o600))
        await #expect(throws: DeviceError(.other, "tcgetattr", code: "errno \(ENOTTY)")) {
            _ = try await port(file).open(deadline: later)
        }
        let device = try device()
        try await device.plugIn()
        await #expect(throws: DeviceError(.other, "cfsetspeed", code: "no rate 9601")) {
            _ = try await port(baud: 9601).open(deadline: later)
        }
    }

    // MARK: Paths

    @Test func `folders above the link may come and go as well`() async throws {
        let path = folder.path + "/serial/by-id/usb-scanner"
        let port = try port(path)
        let changes = port.changes()
        var news = changes.makeAsyncIterator()
        for _ in 0..<5 {
            mkdir(folder.path + "/serial", 0o700)
            mkdir(folder.path + "/serial/by-id", 0o700)
            symlink(folder.path + "/ttyACM7", path)
            close(open(folder.path + "/ttyACM7", O_CREAT | O_WRONLY, 0o600))
            #expect(await news.next()?.isReady == true)
            unlink(folder.path + "/ttyACM7")
            #expect(await news.next()?.isReady == false)
            unlink(path)
            rmdir(folder.path + "/serial/by-id")
            rmdir(folder.path + "/serial")
        }
        #expect(await port.status() == DeviceStatus(name: path, isReady: false, note: "not plugged in"))
    }
}

/// A folder of its own for links, gone with the test.
private final class SerialFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/tender-serial-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    }

    deinit {
        for name in ["scanner", "scanner.new", "file", "ttyACM7"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    var link: String { path + "/scanner" }

    /// The device behind the link.
    var target: String {
        var bytes = [CChar](repeating: 0, count: 256)
        let count = readlink(link, &bytes, bytes.count)
        return String(decoding: bytes[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
