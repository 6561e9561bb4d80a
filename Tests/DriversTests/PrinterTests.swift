import HAL
import NetworkDriver
import Payments
import PrinterDriver
import SystemDriver
import Testing

@Suite(.timeLimit(.minutes(1))) struct PrinterTests {
    private static let job: [UInt8] = [0x1B, 0x40] + Array("CNY 88.80".utf8) + [0x0A, 0x1D, 0x56, 0x42, 0x00]
    private let clock = SystemClock()

    private struct Job: PrintDocument {
        let name = "test"
        let job: [UInt8]
        func bytes(for profile: PrinterProfile, isRepeat: Bool) -> [UInt8] { job }
    }

    private func driver(_ port: Int, answerMilliseconds: Int) -> ESCPOSPrinter {
        ESCPOSPrinter(
            port: NetworkPrinterPort(
                host: "127.0.0.1", port: port, connector: TCPConnector(clock: clock), clock: clock),
            profile: .chinese80, clock: clock, answerMilliseconds: answerMilliseconds)
    }

    private func print(
        _ job: [UInt8], _ port: Int, answerMilliseconds: Int = 10_000, milliseconds: Int = 20_000
    ) async throws(PrintFailure) {
        try await driver(port, answerMilliseconds: answerMilliseconds)
            .print(Job(job: job), isRepeat: false, deadline: clock.uptime.advanced(milliseconds: milliseconds))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let answers: [UInt8]
        let trouble: PrinterTrouble?
        var note = ""
        /// Long where every question is answered: a busy machine must not look like a silent printer.
        var answerMilliseconds: Int { answers.contains(0) ? 500 : 10_000 }
    }

    /// Answers as measured on printers.
    static let cases = [
        Case(testDescription: "idle", answers: FakePrinter.ready, trouble: nil),
        Case(testDescription: "knows no error state", answers: [0x12, 0x12, 0, 0x12], trouble: nil),
        Case(
            testDescription: "near end", answers: [0x12, 0x12, 0x12, 0x1E], trouble: nil,
            note: PrinterCondition.nearEnd.english),
        Case(testDescription: "paper out", answers: [0x1A, 0x32, 0x12, 0x7E], trouble: .paperOut),
        Case(
            testDescription: "cover open", answers: [0x1A, 0x16, 0x12, 0x12], trouble: .coverOpen),
        Case(
            testDescription: "cutter", answers: [0x1A, 0x52, 0x1A, 0x12], trouble: .cutterJam),
        Case(testDescription: "offline", answers: [0x1A, 0x12, 0x12, 0x12], trouble: .offline),
    ]

    @Test(arguments: cases)
    func `a printer's status decides`(row: Case) async throws {
        let printer = try FakePrinter(.answering(row.answers))
        defer { printer.stop() }
        let status = await driver(printer.port, answerMilliseconds: row.answerMilliseconds).status()
        #expect(status.name == "127.0.0.1:\(printer.port)")
        #expect(status.isReady == (row.trouble == nil))
        #expect(status.note == row.trouble?.text.english ?? row.note)
        if let trouble = row.trouble {
            let failure = await #expect(throws: PrintFailure.self) {
                try await print(Self.job, printer.port, answerMilliseconds: row.answerMilliseconds)
            }
            #expect(failure?.trouble == trouble)
            #expect(failure?.error.kind == .notReady)
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
        let failure = await #expect(throws: PrintFailure.self) {
            try await print(Self.job, printer.port, answerMilliseconds: 500)
        }
        #expect(failure?.trouble == .hangs)
    }

    @Test func `a printer that takes nothing times out`() async throws {
        let printer = try FakePrinter(.deaf)
        defer { printer.stop() }
        let picture = [UInt8](repeating: 0x55, count: 8 * 1024 * 1024)
        let failure = await #expect(throws: PrintFailure.self) {
            try await print(picture, printer.port, answerMilliseconds: 100, milliseconds: 1500)
        }
        #expect(failure?.error.kind == .timeout)
        #expect(failure?.trouble == .hangs)
    }

    @Test func `an absent printer is told at once`() async throws {
        let nobody = try Loopback(isListening: false)
        let failure = await #expect(throws: PrintFailure.self) { try await print(Self.job, nobody.port) }
        #expect(failure?.trouble == .absent)
        #expect(failure?.error == DeviceError(.refused, "connect", code: "ECONNREFUSED"))
        let status = await driver(nobody.port, answerMilliseconds: 50).status()
        #expect(!status.isReady)
        #expect(status.note == "No printer. Check power and cable (connect: refused (ECONNREFUSED))")
    }
}
