import HAL
import NetworkDriver
import SystemDriver
import Testing

@Suite(.timeLimit(.minutes(1))) struct NetworkPrinterTests {
    private static let job: [UInt8] = [0x1B, 0x40] + Array("CNY 88.80".utf8) + [0x0A, 0x1D, 0x56, 0x42, 0x00]
    private let clock = SystemClock()

    private func driver(_ port: Int, answerMilliseconds: Int) -> NetworkPrinter {
        NetworkPrinter(
            host: "127.0.0.1", port: port, connector: TCPConnector(clock: clock), clock: clock,
            answerMilliseconds: answerMilliseconds)
    }

    private func print(
        _ job: [UInt8], _ port: Int, answerMilliseconds: Int = 10_000, milliseconds: Int = 20_000
    ) async throws(DeviceError) {
        try await driver(port, answerMilliseconds: answerMilliseconds)
            .print(job, deadline: clock.uptime.advanced(milliseconds: milliseconds))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let answers: [UInt8]
        let trouble: String?
        let note: String
        /// Long where every question is answered: a busy machine must not look like a silent printer.
        var answerMilliseconds: Int { answers.contains(0) ? 500 : 10_000 }
    }

    /// Answers as measured on printers.
    static let cases = [
        Case(testDescription: "idle", answers: FakePrinter.ready, trouble: nil, note: ""),
        Case(testDescription: "knows no error state", answers: [0x12, 0x12, 0, 0x12], trouble: nil, note: ""),
        Case(testDescription: "near end", answers: [0x12, 0x12, 0x12, 0x1E], trouble: nil, note: "paper near end"),
        Case(testDescription: "paper out", answers: [0x1A, 0x32, 0x12, 0x7E], trouble: "paper out", note: "paper out"),
        Case(
            testDescription: "cover open", answers: [0x1A, 0x16, 0x12, 0x12], trouble: "cover open", note: "cover open"),
        Case(
            testDescription: "cutter", answers: [0x1A, 0x52, 0x1A, 0x12], trouble: "printer error",
            note: "printer error"),
        Case(testDescription: "offline", answers: [0x1A, 0x12, 0x12, 0x12], trouble: "offline", note: "offline"),
    ]

    @Test(arguments: cases)
    func `a printer's status decides`(row: Case) async throws {
        let printer = try FakePrinter(.answering(row.answers))
        defer { printer.stop() }
        #expect(
            await driver(printer.port, answerMilliseconds: row.answerMilliseconds).status()
                == DeviceStatus(name: "127.0.0.1:\(printer.port)", isReady: row.trouble == nil, note: row.note))
        if let trouble = row.trouble {
            await #expect(throws: DeviceError(.notReady, "DLE EOT", code: trouble)) {
                try await print(Self.job, printer.port, answerMilliseconds: row.answerMilliseconds)
            }
            #expect(printer.printed.isEmpty)
        } else {
            try await print(Self.job, printer.port, answerMilliseconds: row.answerMilliseconds)
            #expect(printer.printed == Self.job)
        }
    }

    @Test func `a printer that gives no status prints`() async throws {
        let printer = try FakePrinter(.silent)
        defer { printer.stop() }
        let status = await driver(printer.port, answerMilliseconds: 50).status()
        #expect(status.isReady)
        #expect(status.note == "gives no status; takes connections")
        try await print(Self.job, printer.port, answerMilliseconds: 50)
        while printer.printed.count < Self.job.count { await Task.yield() }
        #expect(printer.printed == Self.job)
    }

    @Test func `a printer that falls silent with the job is not believed`() async throws {
        let printer = try FakePrinter(.hangingAfterJob)
        defer { printer.stop() }
        await #expect(throws: DeviceError(.timeout, "DLE EOT")) {
            try await print(Self.job, printer.port, answerMilliseconds: 500)
        }
    }

    @Test func `a printer that takes nothing times out`() async throws {
        let printer = try FakePrinter(.deaf)
        defer { printer.stop() }
        let picture = [UInt8](repeating: 0x55, count: 8 * 1024 * 1024)
        let failure = await #expect(throws: DeviceError.self) {
            try await print(picture, printer.port, answerMilliseconds: 100, milliseconds: 1500)
        }
        #expect(failure?.kind == .timeout)
    }

    @Test func `an absent printer is told at once`() async throws {
        let nobody = try Loopback(isListening: false)
        await #expect(throws: DeviceError(.refused, "connect", code: "ECONNREFUSED")) {
            try await print(Self.job, nobody.port)
        }
        let status = await driver(nobody.port, answerMilliseconds: 50).status()
        #expect(!status.isReady)
        #expect(status.note == "connect: refused (ECONNREFUSED)")
    }
}
