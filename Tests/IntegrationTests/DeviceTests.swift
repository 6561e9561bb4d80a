import Control
import EmulatedUSB
import FoundationEssentials
import HAL
import Payments
import Receipts
import SimulatedDevices
import SimulatedShop
import SystemDriver
import Terminal
import Testing

extension WholeTerminal {
    /// The counter's devices: absent at the start, plugged in, pulled out, back on another port. The whole daemon with real
    /// libusb on an emulated bus, and real serial lines.
    @Suite struct DeviceTests {
        private static let clock = SystemClock()
        private static var soon: Uptime { clock.uptime.advanced(milliseconds: 15_000) }

        private static func onBus(
            _ change: @escaping (inout ShopConfiguration) -> Void,
            _ body: @escaping @Sendable (Scene, EmulatedBus, Daemon) async throws -> Void
        ) async throws {
            let bus = try await EmulatedBus()
            do {
                try await Scene.play(change) { scene in
                    try await scene.daemon(environment: bus.environment) { daemon in try await body(scene, bus, daemon)
                    }
                }
            } catch {
                await bus.stop()
                throw error
            }
            await bus.stop()
        }

        /// Payments go on whatever the printer does; what it is and where it is stands in `tenderctl devices`.
        @Test func aPrinterComesAndGoes() async throws {
            try await Self.onBus({ $0.printer = #"{"usb": {}, "profile": "chinese-80"}"# }) { scene, bus, daemon in
                try await scene.insert()
                #expect(try await daemon.sale("88.80", id: "without").outcome == .approved)
                #expect(try await Self.device(.printer, daemon).isReady == false)
                let missing = try await scene.tenderctl(["printer"])
                #expect(missing.code == 0 && missing.output.contains("打印机未连接"), "\(missing.output)")

                var port: EmulatedPort<EmulatedPrinter>?
                try await daemon.awaitDevice("printer is ready: usb 1-2") {
                    port = try await bus.plug(EmulatedPrinter(), port: "1-2")
                }
                let first = try #require(port)
                let there = try await Self.device(.printer, daemon)
                #expect(there.isReady && there.name.hasPrefix("usb 1-2 04b8:0202"))
                #expect(there.rule == "USB class 07 (printer)")
                #expect(there.profile != nil)

                // What waited for it comes first.
                try await Self.papers(2, first)
                #expect(first.device.paper.receipts.allSatisfy { $0.contains("88.80") })
                try await scene.insert()
                #expect(try await daemon.sale("12.30", id: "with").outcome == .approved)
                try await Self.papers(4, first)
                #expect(first.device.paper.receipts.suffix(2).allSatisfy { $0.contains("12.30") })

                try await daemon.awaitDevice("printer is not ready") { await bus.unplug(first) }
                var again: EmulatedPort<EmulatedPrinter>?
                try await daemon.awaitDevice("printer is ready: usb 1-5") {
                    again = try await bus.plug(EmulatedPrinter(), port: "1-5")
                }
                let second = try #require(again)
                try await daemon.awaitDevice("printer is not ready") { second.change { $0.fail(.coverOpen) } }
                let open = try await scene.tenderctl(["printer", "status"])
                #expect(open.output.contains("打印机上盖打开") && open.output.contains("cover is open"), "\(open.output)")
                try await daemon.awaitDevice("printer is ready") { second.change { $0.fail(nil) } }
                let words = try await scene.tenderctl(["devices"])
                #expect(words.output.contains("printer: ready usb 1-5") && words.output.contains("class 07"))
                let profile = try await scene.tenderctl(["printer", "profile"])
                #expect(profile.code == 0 && profile.output.contains("columns"), "\(profile.output)")
                await bus.unplug(second)
            }
        }

        /// What pays is masked everywhere, other codes are shown, and nothing is kept of a scan that nobody waits for.
        @Test(arguments: EmulatedScanner.Mode.allCases) func aScannerIsTested(mode: EmulatedScanner.Mode) async throws {
            let filter = mode == .keyboard ? #""vendor": "1eab""# : ""
            try await Self.onBus({ $0.scanner = #"{"usb": {\#(filter)}, "debounceMilliseconds": 0}"# }) {
                scene, bus, daemon in
                let (code, dropped) = ("134512345678901234", "281234567890123456")
                scene.guardScan(code)
                scene.guardScan(dropped)
                var port: EmulatedPort<EmulatedScanner>?
                try await daemon.awaitDevice("scanner is ready: usb 1-3") {
                    port = try await bus.plug(EmulatedScanner(mode), port: "1-3")
                }
                let scanner = try #require(port)
                scanner.change { $0.scan(dropped) }
                // A keyboard takes its time to type it.
                #expect(await scanner.wait(until: Self.soon, clock: Self.clock) { device, _ in device.waiting.isEmpty })
                let masked = try await Self.test(scene, while: { scanner.change { $0.scan(code) } }, ["--json"])
                #expect(masked.code == 0, "\(masked.complaint)")
                let report = try masked.json(ScanReport.self)
                #expect(
                    report.payment == .weChatPay && report.length == 18
                        && report.text == "13" + String(repeating: "*", count: 16))
                #expect(report.symbology == (mode == .pos ? "]Q1" : nil))
                let shown = try await Self.test(
                    scene, while: { scanner.change { $0.scan("6901234567892", symbology: "]E0") } })
                #expect(shown.output.contains("6901234567892") && shown.output.contains("13 bytes"), "\(shown.output)")

                try await daemon.awaitDevice("scanner is not ready") { await bus.unplug(scanner) }
                let gone = try await scene.tenderctl(["scanner", "test", "--seconds", "5"])
                #expect(gone.code == 4 && gone.complaint.contains("scanner"), "\(gone.complaint)")
                try await daemon.awaitDevice("scanner is ready: usb 1-4") {
                    port = try await bus.plug(EmulatedScanner(mode), port: "1-4")
                }
            }
        }

        /// What nobody configured is shown with the lines that would do it, and left alone.
        @Test func whatIsNotConfiguredIsShown() async throws {
            try await Self.onBus({ _ in }) { scene, bus, daemon in
                let printer = try await bus.plug(EmulatedPrinter(), port: "1-2")
                let scanner = try await bus.plug(EmulatedScanner(.keyboard), port: "1-3")
                let report: DevicesReport = try await daemon.ask(.get, "/v1/devices")
                #expect(report.unused.map(\.role) == [.printer, .scanner])
                #expect(report.unused.first?.setting == #""printer": {"usb": {"vendor": "04b8", "product": "0202"}}"#)
                let words = try await scene.tenderctl(["devices"])
                #expect(words.output.contains("plugged in and not configured") && words.output.contains("TM-T88V"))
                #expect(printer.events.isEmpty && scanner.events.isEmpty, "somebody opened them")
                let refused = try await scene.tenderctl(["scanner", "test"])
                #expect(refused.code == 4 && refused.complaint.contains("no scanner is configured"))
            }
        }

        /// Registers hear of scans where the configuration says so, and of none that could pay.
        @Test func registersFollowScans() async throws {
            try await Self.onBus({ $0.scanner = #"{"usb": {}, "listens": "always", "debounceMilliseconds": 0}"# }) {
                scene, bus, daemon in
                let code = "6212345678901234567"
                scene.guardScan(code)
                let scanner = try await bus.plug(EmulatedScanner(.pos), port: "1-3")
                let lines = try await withThrowingTaskGroup(of: [String].self) { group in
                    group.addTask {
                        var lines: [String] = []
                        try await daemon.client.follow("/v1/scans") { line in
                            if !line.isEmpty { lines.append(line) }
                            return lines.count < 2
                        }
                        return lines
                    }
                    group.addTask {
                        // Until the stream has been opened and both have been told.
                        while !Task.isCancelled {
                            scanner.change { $0.scan(code) }
                            scanner.change { $0.scan(code) }
                            try await Self.clock.wait(until: Self.clock.uptime.advanced(milliseconds: 200))
                        }
                        return []
                    }
                    let lines = try await group.next() ?? []
                    group.cancelAll()
                    return lines
                }
                for line in lines { scene.evidence.add("GET /v1/scans", line) }
                #expect(lines.count == 2 && lines.allSatisfy { $0.contains(#""payment":"unionPay""#) }, "\(lines)")
            }
        }

        /// The test page, both languages by themselves, the drawer and the symbol of the e-receipt: on the paper itself.
        @Test(arguments: [ReceiptLanguage.chinese, .english]) func papersAreAsTheShopWantsThem(
            language: ReceiptLanguage
        ) async throws {
            try await Self.onBus({
                $0.printer = #"{"usb": {}, "profile": "chinese-80"}"#
                $0.receipts = """
                    {"languages": "\(language.rawValue)", "copies": ["customer"], "openDrawer": "sale",
                     "eReceipt": "https://shop.example/r/{rrn}"}
                    """
            }) { scene, bus, daemon in
                var port: EmulatedPort<EmulatedPrinter>?
                try await daemon.awaitDevice("printer is ready") {
                    port = try await bus.plug(EmulatedPrinter(), port: "1-2")
                }
                let printer = try #require(port)
                try await scene.insert()
                let report = try await daemon.sale("88.80", id: "paper")
                let rrn = try #require(report.rrn)
                try await Self.papers(1, printer)
                let receipt = try #require(printer.device.paper.receipts.last)
                #expect(receipt.contains("88.80"))
                #expect(receipt.contains("签购单") == (language == .chinese), "\(receipt)")
                #expect(receipt.contains("SALES SLIP") == (language == .english), "\(receipt)")
                #expect(receipt.contains("https://shop.example/r/\(rrn)"), "\(receipt)")
                let isOpen = await printer.wait(until: Self.soon, clock: Self.clock) { device, _ in
                    device.paper.drawerOpenings == 1
                }
                #expect(isOpen)
                let drawer = try await scene.tenderctl(["printer", "drawer", "--json"])
                #expect(drawer.code == 0 && drawer.output.contains(#""opened":true"#), "\(drawer.complaint)")
                #expect(
                    await printer.wait(until: Self.soon, clock: Self.clock) { device, _ in
                        device.paper.drawerOpenings == 2
                    })
                for (number, arguments) in [
                    ["printer", "test"], ["receipt", "print", "paper", "--copy", "merchant"], ["totals", "--print"],
                    ["parameters", "--print"],
                ].enumerated() {
                    let answer = try await scene.tenderctl(arguments)
                    #expect(answer.code == 0 && answer.output == "printed\n", "\(arguments) \(answer.complaint)")
                    try await Self.papers(number + 2, printer)
                }
                #expect(printer.device.paper.receipts[1].contains("chinese-80"))
                #expect(try await scene.tenderctl(["settlement", "print"]).code == 4, "no batch was settled")
                try await daemon.setUpOperators()
                let settled = try await daemon.closeBatch()
                #expect(settled.settled != nil)
                try await Self.papers(6, printer)
                #expect(try await scene.tenderctl(["settlement", "print"]).code == 0)
                try await Self.papers(7, printer)
            }
        }

        /// Every form of a receipt, without a printer.
        @Test func aReceiptInEveryForm() async throws {
            try await Scene.play { scene in
                try await scene.insert()
                try await scene.daemon { daemon in
                    #expect(try await daemon.sale("88.80", id: "forms").outcome == .approved)
                    for (form, beginning) in [
                        ("text", Array("  ".utf8)), ("html", Array("<!DOCTYPE html>".utf8)),
                        ("png", [0x89, 0x50, 0x4E, 0x47]), ("escpos", [0x1B, 0x40]),
                    ] {
                        let file = "\(scene.folder)/receipt.\(form)"
                        let show = try await scene.tenderctl([
                            "receipt", "show", "forms", "--copy", "merchant", "--form", form, "--out", file,
                        ])
                        #expect(show.code == 0, "\(show.complaint)")
                        let bytes = Array(try Data(contentsOf: URL(filePath: file)))
                        #expect(bytes.starts(with: beginning), "\(form): \(bytes.prefix(16))")
                    }
                    #expect(try await scene.tenderctl(["receipt", "show", "forms", "--form", "pdf"]).code == 64)
                    #expect(try await scene.tenderctl(["receipt", "show", "forms", "--copy", "mine"]).code == 4)
                }
            }
        }

        /// The reader and a card in it, without a daemon.
        @Test(.enabled(if: Programs.isPrivate, "no private pcscd")) func aReaderIsTested() async throws {
            try await Scene.play(audited: false) { scene in
                try await scene.insert()
                let options = ["--config", scene.shop.configurationFile, "--seconds", "15", "--count", "20"]
                let words = try await tenderctl(["reader", "test"] + options)
                #expect(words.code == 0, "\(words.complaint)")
                for part in ["ATR", "protocols", "p50", "p99", "over 20 commands"] {
                    #expect(words.output.contains(part), "\(words.output)")
                }
                let json = try await tenderctl(["reader", "test", "--json"] + options)
                struct Report: Decodable {
                    struct Latency: Decodable { let count, p50Microseconds, p99Microseconds: Int }
                    let latency: Latency
                }
                let latency = try json.json(Report.self).latency
                #expect(latency.count == 20 && latency.p50Microseconds <= latency.p99Microseconds)
            }
        }

        /// A scanner on a serial line that appears, scans, vanishes and comes back behind the same link.
        @Test func aSerialScannerComesAndGoes() async throws {
            try await Scene.play({ $0.scanner = #"{"serial": {"path": "scanner"}, "debounceMilliseconds": 0}"# }) {
                scene in
                let line = try SerialDevice(link: "\(scene.folder)/scanner", clock: Self.clock)
                try await scene.daemon { daemon in
                    let gone = try await scene.tenderctl(["scanner", "test", "--seconds", "5"])
                    #expect(gone.code == 4)
                    for _ in 0..<2 {
                        try await daemon.awaitDevice("scanner is ready") { try await line.plugIn() }
                        let shown = try await Self.test(
                            scene,
                            while: {
                                try? await line.send(Array("]E06901234567892\r\n".utf8), deadline: Self.soon)
                            }, ["--json"])
                        #expect(shown.code == 0, "\(shown.complaint)")
                        let report = try shown.json(ScanReport.self)
                        #expect(report.text == "6901234567892" && report.symbology == "]E0")
                        try await daemon.awaitDevice("scanner is not ready") { await line.unplug() }
                    }
                }
            }
        }

        /// What the customer reads also stands on further displays.
        @Test func furtherDisplaysShowWhatThePadShows() async throws {
            try await Scene.play({ $0.displays = #"[{"console": {"path": "display"}}]"# }) { scene in
                try Data().write(to: URL(filePath: "\(scene.folder)/display"))
                try await scene.insert()
                try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "shown")
                    let display = try await Self.device(.display, daemon)
                    #expect(report.outcome == .approved && display.isReady)
                }
                let text = String(
                    decoding: try Data(contentsOf: URL(filePath: "\(scene.folder)/display")), as: UTF8.self)
                #expect(text.contains("交易成功") && text.contains("Approved") && text.contains("88.80"), "\(text)")
            }
        }

        // MARK: Help

        /// Waits until so many papers are cut off.
        private static func papers(_ count: Int, _ port: EmulatedPort<EmulatedPrinter>) async throws {
            let isThere = await port.wait(until: soon, clock: clock) { device, _ in device.paper.receipts.count >= count
            }
            try #require(isThere, "\(port.device.paper.receipts.count) of \(count) papers")
        }

        private static func device(_ role: DeviceRole, _ daemon: Daemon) async throws -> DevicesReport.Item {
            let report: DevicesReport = try await daemon.ask(.get, "/v1/devices")
            return try #require(report.devices.first { $0.role == role })
        }

        /// Runs `tenderctl scanner test`, and scans until it has heard one.
        private static func test(
            _ scene: Scene, while scan: @escaping @Sendable () async -> Void, _ options: [String] = []
        ) async throws -> Answer {
            let scanning = Task {
                while !Task.isCancelled {
                    try await clock.wait(until: clock.uptime.advanced(milliseconds: 200))
                    await scan()
                }
            }
            defer { scanning.cancel() }
            return try await scene.tenderctl(["scanner", "test", "--seconds", "15"] + options)
        }
    }
}

extension Daemon {
    /// Does something, and returns once the daemon has told of a device in these words.
    fileprivate func awaitDevice(_ words: String, after action: () async throws -> Void) async throws {
        let (started, source) = AsyncStream.makeStream(of: Void.self)
        async let step: Void = followSteps(started: { source.yield() }) {
            $0.step != .deviceChanged || !$0.detail.contains(words)
        }
        _ = await started.first { true }
        try await action()
        try await step
    }
}
