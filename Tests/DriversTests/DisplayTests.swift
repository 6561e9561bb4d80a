import DisplayDriver
import Glibc
import HAL
import NetworkDriver
import Payments
import SerialDriver
import SimulatedDevices
import Synchronization
import SystemDriver
import Testing

@Suite(.timeLimit(.minutes(1))) struct DisplayTests {
    private let clock = SystemClock()
    private let folder = DisplayFolder()
    private var later: Uptime { clock.uptime.advanced(milliseconds: 20_000) }
    private static let pay = BilingualText("请付款", "Please pay")
    private static let amount = Money(minorUnits: 8880, .cny)

    private func become(_ isReady: Bool, _ device: any Device) async {
        let changes = device.changes()
        if await device.status().isReady == isReady { return }
        for await status in changes where status.isReady == isReady { return }
    }

    private func become(_ note: String, _ device: any Device) async {
        let changes = device.changes()
        if await device.status().note == note { return }
        for await status in changes where status.note == note { return }
    }

    /// Runs what blocks on a thread of its own: the displays need those that all tasks share.
    private func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DeviceThread.detach(name: "test") { continuation.resume(with: Result { try body() }) }
        }
    }

    private func text(from peer: Loopback.Peer) async -> String? {
        try? await blocking { String(decoding: peer.receive(), as: UTF8.self) }
    }

    /// Waits until the file at `path` holds `text`.
    private func become(_ text: String, at path: String) async throws {
        while read(path) != text { try await clock.wait(until: clock.uptime.advanced(milliseconds: 5)) }
    }

    // MARK: Pole display

    private static let begin: [UInt8] = [0x1B, 0x40, 0x1F, 0x01, 0x1F, 0x43, 0x00]
    private static let second: [UInt8] = [0x1F, 0x24, 1, 2]

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var text = DisplayTests.pay
        var amount: Money? = DisplayTests.amount
        var isChinese = false
        let first: [UInt8]
        let second: [UInt8]
    }

    private static func right(_ text: String) -> [UInt8] {
        [UInt8](repeating: 0x20, count: 20 - text.utf8.count) + Array(text.utf8)
    }

    static let cases = [
        Case(testDescription: "English", first: Array("Please pay".utf8), second: right("CNY 88.80")),
        Case(
            testDescription: "Chinese", isChinese: true, first: [0xC7, 0xEB, 0xB8, 0xB6, 0xBF, 0xEE],
            second: right("CNY 88.80")),
        Case(
            testDescription: "no amount: goes on below", text: BilingualText("", "Remove your card, and thank you"),
            amount: nil, first: Array("Remove your card, an".utf8), second: Array("d thank you".utf8)),
        Case(
            testDescription: "cut at 20 columns", text: BilingualText("", "Remove your card, and thank you"),
            first: Array("Remove your card, an".utf8), second: right("CNY 88.80")),
        Case(
            testDescription: "cut at a character", text: BilingualText("a请请请请请请请请请请", ""), isChinese: true,
            first: [0x61] + [[UInt8]](repeating: [0xC7, 0xEB], count: 9).joined(), second: right("CNY 88.80")),
        Case(
            testDescription: "no command gets through",
            text: BilingualText("", "a\u{1B}@\u{0C}\u{1F}C\u{9B}\u{202E}b\n"),
            first: Array("a?@??C??b?".utf8), second: right("CNY 88.80")),
        Case(
            testDescription: "characters that it lacks", text: BilingualText("请😀€𠀀é\u{301}\0", "é"), isChinese: true,
            first: [0xC7, 0xEB, 0x3F, 0xA2, 0xE3, 0x3F, 0x3F, 0x3F], second: right("CNY 88.80")),
        Case(
            testDescription: "no Chinese", text: BilingualText("", "收 ok"), first: Array("? ok".utf8),
            second: right("CNY 88.80")),
        Case(
            testDescription: "an amount that fits without its currency",
            amount: Money(minorUnits: 1_234_567_890_123_456_789, .cny),
            first: Array("Please pay".utf8), second: Array("12345678901234567.89".utf8)),
        Case(
            testDescription: "an amount that does not fit is not cut", amount: Money(minorUnits: .min, .cny),
            first: Array("Please pay".utf8), second: right("")),
    ]

    @Test(arguments: cases)
    func `a pole display gets commands for two lines`(row: Case) async throws {
        let device = try SerialDevice(link: folder.path + "/pole", clock: clock)
        try await device.plugIn()
        let port = try SerialPort(path: folder.path + "/pole", clock: clock)
        let display = PoleDisplay(port: port, name: "pole", isChinese: row.isChinese, clock: clock)
        let begin = Self.begin + (row.isChinese ? [0x1C, 0x26] : [])
        #expect(try await bytes(begin.count, from: device) == begin)
        await display.show(row.text, amount: row.amount)
        let expected = [0x0C] + row.first + Self.second + row.second
        #expect(try await bytes(expected.count, from: device) == expected)
    }

    @Test func `a pole display that comes back shows the latest message`() async throws {
        let device = try SerialDevice(link: folder.path + "/pole", clock: clock)
        let port = try SerialPort(path: folder.path + "/pole", clock: clock)
        let display = PoleDisplay(port: port, name: "pole", clock: clock)
        await display.show(BilingualText("旧", "old"), amount: nil)
        await display.show(Self.pay, amount: Self.amount)
        let expected = Self.begin + [0x0C] + Array("Please pay".utf8) + Self.second + Self.right("CNY 88.80")
        for _ in 0..<2 {
            try await device.plugIn()
            let shown = try await bytes(expected.count, from: device)
            #expect(shown == expected)
            await become(true, display)
            await device.unplug()
            await become(false, display)
        }
    }

    private func bytes(_ count: Int, from device: SerialDevice) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += try await device.receive(deadline: later) }
        return bytes
    }

    // MARK: Network

    private func network(_ port: Int) -> NetworkDisplay {
        NetworkDisplay(host: "127.0.0.1", port: port, connector: TCPConnector(clock: clock), clock: clock)
    }

    @Test func `a network display gets a line of JSON, and the latest one again when it comes back`() async throws {
        let loopback = try Loopback()
        let display = network(loopback.port)
        await become(true, display)
        let peer = try await blocking { try loopback.accept() }
        await display.show(BilingualText("请\"付\\款\u{1}", "Please pay\n"), amount: Self.amount)
        let first = #"{"chinese":"请\"付\\款?","english":"Please pay?","amount":"88.80","currency":"CNY"}"# + "\n"
        #expect(await text(from: peer) == first)
        await display.show(Self.pay, amount: nil)
        let second = #"{"chinese":"请付款","english":"Please pay"}"# + "\n"
        #expect(await text(from: peer) == second)
        let changes = display.changes()
        peer.hangUp()
        for await status in changes where status.isReady { break }
        let again = try await blocking { try loopback.accept() }
        #expect(await text(from: again) == second)
    }

    @Test func `a display that is not there, or takes nothing, holds nobody up`() async throws {
        let absent = network(try Loopback(isListening: false).port)
        let console = ConsoleDisplay(path: "/dev/tender-has-no-such-console", clock: clock)
        let full = NetworkDisplay(host: "display", port: 1, connector: Deaf(clock: clock), clock: clock)
        let start = clock.uptime
        for display in [absent, console, full] as [any CustomerDisplay] {
            for _ in 0..<100 { await display.show(Self.pay, amount: Self.amount) }
        }
        #expect(clock.uptime.milliseconds(since: start) < 5000)
        await become("write: timeout", full)
        await become("connect: refused (ECONNREFUSED)", absent)
        await become("open: absent (ENOENT)", console)
        #expect(access("/dev/tender-has-no-such-console", F_OK) != 0)
    }

    /// Connects, and then takes nothing.
    private struct Deaf: StreamConnector, ByteStream {
        let clock: any TerminalClock

        func connect(host: String, port: Int, deadline: Uptime) async throws(DeviceError) -> any ByteStream { self }
        func read(atMost limit: Int, deadline: Uptime) async throws(DeviceError) -> [UInt8] {
            try await hang("read", deadline)
        }
        func write(_ bytes: [UInt8], deadline: Uptime) async throws(DeviceError) {
            _ = try await hang("write", deadline)
        }
        func isStale() async -> Bool { false }
        func close() async {}

        private func hang(_ operation: String, _ deadline: Uptime) async throws(DeviceError) -> [UInt8] {
            do { try await clock.wait(until: deadline) } catch { throw DeviceError(.cancelled, operation) }
            throw DeviceError(.timeout, operation)
        }
    }

    // MARK: Console

    @Test func `a console is cleared before each message`() async throws {
        let device = try SerialDevice(link: folder.path + "/pole", clock: clock)
        try await device.plugIn()
        let display = ConsoleDisplay(path: folder.path + "/pole", clock: clock)
        let clear = "\u{1B}[2J\u{1B}[H"
        #expect(try await bytes(clear.utf8.count, from: device) == Array(clear.utf8))
        await display.show(BilingualText("请付款\u{1B}[31m", "Please pay"), amount: Self.amount)
        let expected = clear + "请付款?[31m\nPlease pay\nCNY 88.80\n"
        #expect(try await bytes(expected.utf8.count, from: device) == Array(expected.utf8))
        await device.unplug()
        await become(false, display)
    }

    @Test func `a file holds the latest message`() async throws {
        let path = folder.path + "/file"
        let display = ConsoleDisplay(path: path, clock: clock)
        await become(true, display)
        await display.show(BilingualText("一条很长的消息", "A long message"), amount: Self.amount)
        await display.show(Self.pay, amount: nil)
        let expected = "请付款\nPlease pay\n"
        try await become(expected, at: path)
    }

    private func read(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }
}

/// A folder of its own for links and files, gone with the test.
private final class DisplayFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/tender-display-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    }

    deinit {
        for name in ["pole", "pole.new", "file"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }
}
