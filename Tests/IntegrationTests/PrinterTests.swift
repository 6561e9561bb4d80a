import Control
import HAL
import Payments
import SimulatedDevices
import SimulatedShop
import SystemDriver
import Terminal
import Testing

extension PaymentReport {
    /// What the money is concerned with: receipts get on paper later.
    var withoutReceipt: PaymentReport {
        var report = self
        report.receipt = nil
        return report
    }
}

extension WholeTerminal {
    /// A printer that fails never changes the outcome of the money (M10), and what it owes comes out when it can.
    @Suite struct PrinterTests {
        static let faults: [PaperPrinter.Fault] = [.absent, .paperOut, .coverOpen, .cutterJam, .hanging]

        @Test(arguments: faults) func printerFails(_ fault: PaperPrinter.Fault) async throws {
            try await Scene.play { scene in
                try await scene.insert()
                try await scene.daemon { daemon in
                    // One that never answered would be taken for one that cannot.
                    #expect(try await daemon.status().devices.contains { $0.role == "printer" && $0.isReady })
                    scene.shop.printer.fail(fault)
                    let (excuses, source) = AsyncStream.makeStream(of: Void.self)
                    scene.once("The receipt comes later") { source.yield() }
                    let steps = Steps(daemon)
                    try await steps.ready()
                    let report = try await daemon.sale("88.80", id: "paperless")
                    #expect(report.outcome == .approved)
                    let trouble = try await steps.first { $0.step == .printerTrouble }
                    #expect(trouble.detail == (fault == .hanging ? "hangs" : fault.rawValue))
                    _ = await excuses.first { true }
                    let reason = try #require(PrinterTrouble(rawValue: trouble.detail)).text.english
                    #expect(scene.shown.contains("The receipt comes later: \(reason)"), "\(scene.shown)")
                    let waiting = try await daemon.payment("paperless")
                    #expect(waiting.withoutReceipt == report)
                    #expect(waiting.receipt?.state == .waiting && waiting.receipt?.trouble == trouble.detail)
                    let refusal = await #expect(throws: Refusal.self) {
                        _ = try await daemon.ask(.post, "/v1/receipts/paperless/print") as PaymentReport
                    }
                    #expect(refusal?.kind == .unavailable)
                    #expect(try await daemon.status().devices.contains { $0.role == "printer" && !$0.isReady })
                    #expect(scene.shop.printer.receipts.isEmpty)
                    // What waited is no duplicate; what is asked for afterwards is.
                    scene.shop.printer.fail(nil)
                    _ = try await steps.first { $0.step == .receiptPrinted }
                    let receipts = scene.shop.printer.receipts.filter { $0.contains("88.80") }
                    #expect(receipts.count == 2 && !receipts.contains { $0.contains("DUPLICATE") })
                    #expect(try await daemon.payment("paperless").receipt?.state == .printed)
                    let count = scene.shop.printer.receipts.count
                    _ = try await daemon.ask(.post, "/v1/receipts/paperless/print") as PaymentReport
                    try await scene.receipts(count + 2)
                    #expect(scene.shop.printer.receipts.suffix(2).allSatisfy { $0.contains("DUPLICATE") })
                }
            }
        }

        @Test func paperEndsInTheMiddleAndPaymentsGoOn() async throws {
            try await Scene.play { scene in
                scene.shop.printer.fail(.paperOut, after: 500)
                try await scene.insert()
                try await scene.daemon { daemon in
                    let steps = Steps(daemon)
                    try await steps.ready()
                    let start = SystemClock().uptime
                    #expect(try await daemon.sale("88.80", id: "first").outcome == .approved)
                    let told = SystemClock().uptime
                    _ = try await steps.first { $0.step == .printerTrouble && $0.detail == "paperOut" }
                    #expect(SystemClock().uptime.milliseconds(since: told) < 1000)
                    try await scene.insert()
                    #expect(try await daemon.sale("11.20", id: "second").outcome == .approved)
                    #expect(try await daemon.payment("second").receipt?.trouble == "paperOut")
                    scene.shop.printer.fail(nil)
                    _ = try await steps.first { $0.step == .receiptPrinted && $0.id?.rawValue == "second" }
                    // A part, cut off, and four whole ones in order.
                    let amounts = scene.shop.printer.receipts.suffix(4).map { $0.contains("88.80") }
                    #expect(amounts == [true, true, false, false])
                    #expect(!scene.shop.printer.receipts.contains { $0.contains("DUPLICATE") })
                    #expect(scene.shop.printer.receipts.count == 5)
                    #expect(SystemClock().uptime.milliseconds(since: start) < 30_000)
                }
            }
        }

        @Test func aPrinterWithoutPaperKeepsNobodyFromClosing() async throws {
            try await Scene.play { scene in
                scene.shop.printer.fail(.paperOut)
                try await scene.insert()
                let (asked, end) = try await scene.daemon(isWatched: false) { daemon in
                    let steps = Steps(daemon)
                    try await steps.ready()
                    _ = try await daemon.sale("88.80", id: "waits")
                    _ = try await steps.first { $0.step == .printerTrouble }
                    try await scene.eject()
                    return SystemClock().uptime
                }
                let ended = SystemClock().uptime
                #expect(end.isClean)
                #expect(ended.milliseconds(since: try #require(asked)) < 2000)
            }
        }

        /// After a restart receipts come from the journal alone.
        @Test func printedAfterRestart() async throws {
            try await Scene.play { scene in
                scene.shop.printer.fail(.absent)
                try await scene.insert()
                try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "later")
                    #expect(report.outcome == .approved)
                }
                scene.shop.printer.fail(nil)
                try await scene.daemon { daemon in
                    _ = try await daemon.ask(.post, "/v1/receipts/later/print") as PaymentReport
                    try await scene.receipts(2)
                }
                #expect(scene.shop.printer.receipts.allSatisfy { $0.contains("88.80") })
            }
        }

        @Test func noPrinterConfigured() async throws {
            try await Scene.play { scene in
                var settings = scene.shop.configuration
                settings.printerPort = nil
                try scene.shop.write(settings)
                try await scene.insert()
                try await scene.daemon { daemon in
                    #expect(try await daemon.sale("88.80", id: "screen").outcome == .approved)
                    let text = try await daemon.client.send(.get, "/v1/receipts/screen?copy=merchant")
                    #expect(String(decoding: text.body, as: UTF8.self).contains("88.80"))
                }
            }
        }
    }
}

/// The steps of a daemon as they come.
private final class Steps: Sendable {
    private let steps: AsyncStream<StepReport>
    private let started: AsyncStream<Void>
    private let task: Task<Void, Never>

    init(_ daemon: Daemon) {
        let (steps, source) = AsyncStream.makeStream(of: StepReport.self)
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        self.steps = steps
        self.started = started
        task = Task {
            try? await daemon.followSteps(started: { start.yield() }) { step in
                source.yield(step)
                return true
            }
            source.finish()
            start.finish()
        }
    }

    deinit { task.cancel() }

    /// Returns when no later step is missed.
    func ready() async throws { try #require(await started.first { _ in true } != nil) }

    /// The next of these; those before it are passed over.
    func first(_ isWanted: @Sendable (StepReport) -> Bool) async throws -> StepReport {
        try #require(await steps.first(where: isWanted))
    }
}
