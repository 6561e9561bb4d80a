import HAL
import NetworkDriver
import SimulatedDevices
import SystemDriver
import Testing
import Wire

/// A printer over a real socket; its paper as a value is in PaperTests.
@Suite(.timeLimit(.minutes(1)))
struct SimulatedPrinterTests {
    private static let clear: [UInt8] = [0x1B, 0x40]
    private static let cut: [UInt8] = [0x1D, 0x56, 0x42, 0x00]
    private let clock = SystemClock()
    private var later: Uptime { clock.uptime.advanced(milliseconds: 20_000) }

    private static func line(_ text: String) throws -> [UInt8] { try #require(GB18030.encode(text + "\n")) }

    private static func receipt() throws -> (job: [UInt8], text: String) {
        let chinese: [UInt8] = [0x1C, 0x26]
        let latin: [UInt8] = [0x1C, 0x2E]
        let title = [0x1B, 0x61, 0x01, 0x1D, 0x21, 0x11] + chinese + (try line("签购单")) + [0x1D, 0x21, 0x00]
        let body = [0x1B, 0x61, 0x00] + (try line("金额 RMB")) + [0x1B, 0x61, 0x02] + (try line("88.80"))
        let code: [UInt8] = [0x1D, 0x28, 0x6B, 5, 0, 0x31, 0x50, 0x30, 0x68, 0x69, 0x0A]
        let text = "          签购单\n金额 RMB\n" + String(repeating: " ", count: 27) + "88.80\n"
        return (clear + title + body + latin + cut + clear + code + cut, text)
    }

    @Test func printsFromTheNetwork() async throws {
        let (job, text) = try Self.receipt()
        let printer = try PaperPrinter(columns: 32)
        let stream = try await connect(printer)
        try await stream.write(job + [0x10, 0x04, 0x01], deadline: later)
        #expect(try await stream.read(atMost: 16, deadline: later) == [0x12])
        #expect(await printer.printed.first { _ in true } == text)
        #expect(printer.receipts.first == text)
        await stream.close()
        printer.stop()
    }

    @Test func printsWhatWaitedForPaper() async throws {
        let (job, text) = try Self.receipt()
        let printer = try PaperPrinter(columns: 32)
        printer.fail(.paperOut)
        let stream = try await connect(printer)
        try await stream.write(job + [0x10, 0x04, 0x04], deadline: later)
        #expect(try await stream.read(atMost: 16, deadline: later) == [0x7E])
        #expect(printer.receipts.isEmpty)
        printer.fail(nil)
        #expect(await printer.printed.first { _ in true } == text)
        await stream.close()
        printer.stop()
    }

    @Test func absentAndBack() async throws {
        let printer = try PaperPrinter()
        let before = try await connect(printer)
        printer.fail(.absent)
        #expect(await ends(before))
        await expectFailure(.refused) { try await connect(printer) }
        printer.fail(nil)
        var stream: (any ByteStream)?
        while stream == nil, clock.uptime < later { stream = try? await connect(printer) }
        try await #require(stream).close()
        printer.stop()
    }

    @Test func hangingReadsNothing() async throws {
        let printer = try PaperPrinter()
        printer.fail(.hanging)
        let stream = try await connect(printer)
        try await stream.write([0x10, 0x04, 0x01], deadline: later)
        let soon = clock.uptime.advanced(milliseconds: 100)
        await expectFailure(.timeout) { try await stream.read(atMost: 1, deadline: soon) }
        printer.fail(nil)
        #expect(try await stream.read(atMost: 1, deadline: later) == [0x12])
        printer.stop()
        #expect(await ends(stream))
    }

    private func connect(_ printer: PaperPrinter) async throws(DeviceError) -> any ByteStream {
        try await TCPConnector(clock: clock).connect(host: "127.0.0.1", port: printer.port, deadline: later)
    }

    /// True when the other side closes or breaks the connection.
    private func ends(_ stream: any ByteStream) async -> Bool {
        do throws(DeviceError) {
            return try await stream.read(atMost: 1, deadline: later).isEmpty
        } catch {
            return error.kind == .gone
        }
    }
}
