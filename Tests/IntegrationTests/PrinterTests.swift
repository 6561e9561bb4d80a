import Control
import Payments
import SimulatedDevices
import SimulatedShop
import Terminal
import Testing

extension WholeTerminal {
    /// A printer that fails never changes the outcome of the money (M10).
    @Suite struct PrinterTests {
        @Test(arguments: PaperPrinter.Fault.allCases) func printerFails(_ fault: PaperPrinter.Fault) async throws {
            try await Scene.play { scene in
                scene.shop.printer.fail(fault)
                try await scene.insert()
                try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "paperless")
                    #expect(report.outcome == .approved)
                    // One that hangs looks like one that knows no status: it takes the job and prints it later.
                    if fault != .hanging {
                        let refusal = await #expect(throws: Refusal.self) {
                            _ = try await daemon.ask(.post, "/v1/receipts/paperless/print") as PaymentReport
                        }
                        #expect(refusal?.kind == .unavailable)
                        #expect(try await daemon.status().devices.contains { $0.role == "printer" && !$0.isReady })
                    }
                    #expect(scene.shop.printer.receipts.isEmpty)
                    // Whatever reached a printer that hung or waited for paper comes out now; later prints add to it.
                    scene.shop.printer.fail(nil)
                    let before = scene.shop.printer.receipts.count
                    let again = try await daemon.ask(.post, "/v1/receipts/paperless/print") as PaymentReport
                    #expect(again == report)
                    try await scene.receipts(before + 2)
                    let receipt = try #require(scene.shop.printer.receipts.last)
                    #expect(receipt.contains("88.80"))
                    // Once more is a duplicate.
                    let count = scene.shop.printer.receipts.count
                    _ = try await daemon.ask(.post, "/v1/receipts/paperless/print") as PaymentReport
                    try await scene.receipts(count + 2)
                    #expect(scene.shop.printer.receipts.last?.contains("DUPLICATE") == true)
                }
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
