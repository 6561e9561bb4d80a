import HAL
import NetworkDriver
import Payments
import PrinterDriver
import SimulatedDevices
import SystemDriver
import Testing

/// The driver against a printer that fails: what is in its hands when all is mended.
@Suite(.serialized, .timeLimit(.minutes(1))) struct PrinterFaultTests {
    private static let clock = SystemClock()

    /// 180 lines of 48 characters: more than any window, and more than the smallest buffer.
    struct Page: PrintDocument {
        let name = "page"
        static let lines = (1...180).map { "line \($0) " + String(repeating: ".", count: 30) }
        static let end = "the end"

        func bytes(for profile: PrinterProfile, isRepeat: Bool) -> [UInt8] {
            let text = (isRepeat ? ["DUPLICATE"] : []) + Self.lines + [Self.end]
            return [0x1B, 0x40, 0x1C, 0x2E] + Array(text.map { $0 + "\n" }.joined().utf8) + [0x1D, 0x56, 0x42, 0x03]
        }
        static let count = Page().bytes(for: .chinese80, isRepeat: false).count
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let fault: PaperPrinter.Fault
        var after = 0
        /// One that does not answer marks, and does not clear its buffer.
        var isPlain = false
        var status = PrinterProfile.StatusReport.realTime
        var trouble: PrinterTrouble
        var progress = PrintFailure.Progress.part
        /// Whole receipts on paper in the end, the last of them a duplicate if there are two.
        var receipts = 1
        /// Until it is told, and until the try ends.
        var told = 1000.0
        var ended = 2500.0

        var testDescription: String { "\(fault) after \(after) of \(status)\(isPlain ? ", plain" : "")" }
    }

    static let middle = Page.count / 2
    /// Within the last line; what the driver asks on the way counts too.
    static let table: [Row] =
        [
            Row(fault: .absent, trouble: .absent, progress: .nothing),
            Row(fault: .paperOut, trouble: .paperOut, progress: .nothing),
            Row(fault: .coverOpen, trouble: .coverOpen, progress: .nothing),
            Row(fault: .cutterJam, trouble: .cutterJam, progress: .nothing),
            Row(fault: .garbage, trouble: .error, progress: .nothing),
            Row(fault: .hanging, trouble: .hangs, progress: .nothing, ended: 5000),
            Row(fault: .absent, after: middle, trouble: .absent),
            Row(fault: .garbage, after: middle, trouble: .error),
            Row(fault: .hanging, after: middle, trouble: .hangs, ended: 5000),
            Row(fault: .silent, after: middle, trouble: .hangs, ended: 5000),
        ]
        + [PaperPrinter.Fault.paperOut, .coverOpen, .cutterJam].flatMap { fault -> [Row] in
            let trouble = PrinterTrouble(rawValue: fault.rawValue) ?? .error
            return [
                Row(fault: fault, after: middle, trouble: trouble),
                Row(fault: fault, after: middle, status: .automatic, trouble: trouble),
                Row(fault: fault, after: middle, isPlain: true, trouble: trouble),
            ]
        }

    @Test(arguments: table) func `a document that fails is printed whole`(row: Row) async throws {
        var profile = PrinterProfile.chinese80
        profile.status = row.status
        var paper = Paper(profile: profile)
        paper.clears = !row.isPlain
        let printer = try PaperPrinter(paper: paper, answersMarks: !row.isPlain)
        defer { printer.stop() }
        let driver = Self.driver(printer, profile)
        let told = Told(driver)
        _ = await driver.status()
        printer.fail(row.fault, after: row.after)
        let start = Self.clock.uptime
        let failure = await #expect(throws: PrintFailure.self) {
            try await driver.print(Page(), isRepeat: false, deadline: Self.later)
        }
        let ended = Self.clock.uptime.milliseconds(since: start)
        #expect(failure?.trouble == row.trouble)
        #expect(failure?.progress == row.progress)
        #expect(ended < row.ended)
        let news = try await told.first { !$0.isReady }
        #expect(news.status.note.contains(row.trouble.text.english))
        #expect(news.time.milliseconds(since: start) < row.told)
        printer.fail(nil)
        try await driver.awaitReady(deadline: Self.later)
        try await driver.print(Page(), isRepeat: failure?.progress == .perhapsAll, deadline: Self.later)
        let whole = Self.whole(printer)
        #expect(whole.count == row.receipts)
        #expect(whole.dropFirst().allSatisfy { $0.contains("DUPLICATE") })
        #expect(printer.receipts.last == whole.last, "\(printer.receipts.count)")
    }

    static var later: Uptime { clock.uptime.advanced(milliseconds: 10_000) }

    static func driver(_ printer: PaperPrinter, _ profile: PrinterProfile = .chinese80) -> ESCPOSPrinter {
        let port = NetworkPrinterPort(
            host: "127.0.0.1", port: printer.port, connector: TCPConnector(clock: clock), clock: clock)
        return ESCPOSPrinter(port: port, profile: profile, clock: clock)
    }

    static func whole(_ printer: PaperPrinter) -> [String] {
        let text = (Page.lines + [Page.end]).map { $0 + "\n" }.joined()
        return printer.receipts.filter { $0.contains(text) }
    }
}

/// What a device tells, with the times.
final class Told: Sendable {
    typealias News = (status: DeviceStatus, time: Uptime)
    private let news: AsyncStream<News>
    private let task: Task<Void, Never>

    init(_ device: any Device) {
        let (news, source) = AsyncStream.makeStream(of: News.self)
        self.news = news
        let changes = device.changes()
        task = Task {
            for await status in changes { source.yield((status, SystemClock().uptime)) }
            source.finish()
        }
    }

    deinit { task.cancel() }

    func first(_ isWanted: @Sendable (DeviceStatus) -> Bool) async throws -> News {
        try #require(await news.first { isWanted($0.status) })
    }
}
