import EmulatedUSB
import HAL
import SimulatedDevices
import SystemDriver
import Testing
import USBDriver

extension USBTests {
    /// Printers on an emulated bus, through the real libusb.
    @Suite(.timeLimit(.minutes(1))) struct Printers {
        private let counter: USBCounter
        private let port: USBPrinterPort

        init() async throws {
            counter = try await USBCounter()
            port = USBPrinterPort(on: try USBBus(), clock: counter.clock)
        }

        private func ready() async -> DeviceStatus { await counter.await(port, \.isReady) }

        @Test func aPrinterPrintsAndAnswers() async throws {
            try await counter.with(EmulatedPrinter()) { printer in
                #expect(await ready() == DeviceStatus(name: "usb 1-1 04b8:0202 EPSON TM-T88V", isReady: true))
                let line = try await port.open(deadline: counter.soon)
                try await line.write(Array("Thank you\n".utf8), deadline: counter.soon)
                #expect(printer.device.paper.uncut == "Thank you\n")
                #expect(await line.deviceID == "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;")
                #expect(try await line.portStatus(deadline: counter.soon) == 0x18)
                try await line.write([0x10, 0x04, 1], deadline: counter.soon)
                #expect(try await line.read(atMost: 64, deadline: counter.soon) == [0x12])
                #expect(await !line.isStale())
                await line.close()
            }
        }

        /// The kernel's driver steps aside for as long as the line is open, no longer.
        @Test func theInterfaceIsGivenBack() async throws {
            try await counter.with(EmulatedPrinter()) { printer in
                _ = await ready()
                let line = try await port.open(deadline: counter.soon)
                await counter.await(printer) { _, events in
                    events == [.opened, .driverDetached(interface: 0), .claimed(interface: 0)]
                }
                await line.close()
                await counter.await(printer) { _, events in events.last == .closed }
                #expect(
                    printer.events.dropFirst(3) == [.released(interface: 0), .driverAttached(interface: 0), .closed])
            }
        }

        @Test func aSecondLineIsBusy() async throws {
            try await counter.with(EmulatedPrinter()) { _ in
                _ = await ready()
                let line = try await port.open(deadline: counter.soon)
                #expect(await kind { _ = try await port.open(deadline: counter.soon) } == .busy)
                await line.close()
                await (try port.open(deadline: counter.soon)).close()
            }
        }

        @Test func muchDataArrivesWhole() async throws {
            try await counter.with(ScriptedPrinter()) { printer in
                _ = await ready()
                let line = try await port.open(deadline: counter.soon)
                let data = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
                try await line.write(data, deadline: counter.soon)
                await line.close()
                #expect(printer.device.taken == data)
            }
        }

        struct Answer: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let bytes: [UInt8]?
            let id: String?
        }

        static let answers = [
            Answer(testDescription: "none", bytes: nil, id: nil),
            Answer(testDescription: "empty", bytes: [], id: nil),
            Answer(testDescription: "length alone", bytes: [0, 2], id: nil),
            Answer(testDescription: "high byte first", bytes: [0, 6] + Array("MFG:".utf8), id: "MFG:"),
            Answer(testDescription: "low byte first", bytes: [6, 0] + Array("MFG:".utf8), id: "MFG:"),
            Answer(testDescription: "more behind it", bytes: [0, 6] + Array("MFG:X".utf8), id: "MFG:"),
            Answer(testDescription: "longer than it is", bytes: [0, 60] + Array("MFG:".utf8), id: nil),
            Answer(testDescription: "control bytes", bytes: [0, 6, 0x1B, 0x40, 0xFF, 0x41], id: "?@?A"),
        ]

        @Test(arguments: answers) func theDeviceIDIsChecked(answer: Answer) async throws {
            var printer = ScriptedPrinter()
            printer.deviceID = answer.bytes
            try await counter.with(printer) { _ in
                _ = await ready()
                let line = try await port.open(deadline: counter.soon)
                #expect(await line.deviceID == answer.id)
                await line.close()
            }
        }

        @Test func emptyPacketsAreNoAnswer() async throws {
            var printer = ScriptedPrinter()
            printer.answers = [[], [], [0x12, 0x16]]
            try await counter.with(printer) { _ in
                _ = await ready()
                let line = try await port.open(deadline: counter.soon)
                #expect(try await line.read(atMost: 1, deadline: counter.soon) == [0x12])
                #expect(await line.isStale())
                #expect(try await line.read(atMost: 1, deadline: counter.soon) == [0x16])
                await line.close()
            }
        }

        @Test func aStallIsMended() async throws {
            var printer = ScriptedPrinter()
            printer.stalls = 2
            try await counter.with(printer) { printer in
                _ = await ready()
                let line = try await port.open(deadline: counter.soon)
                try await line.write([1, 2, 3], deadline: counter.soon)
                #expect(printer.device.taken == [1, 2, 3])
                await counter.await(printer) { _, events in
                    events.filter { $0 == .haltCleared(endpoint: 1) }.count == 2
                }
                await line.close()
            }
        }

        @Test func aStallThatStaysIsAnError() async throws {
            var printer = EmulatedPrinter()
            printer.fail(.stalling)
            try await counter.with(printer) { printer in
                _ = await ready()
                let line = try await port.open(deadline: counter.soon)
                await #expect(throws: DeviceError(.protocolViolation, "bulk out 1", code: "stalled")) {
                    try await line.write([1, 2, 3], deadline: counter.soon)
                }
                await counter.await(printer) { _, events in
                    events.filter { $0 == .haltCleared(endpoint: 1) }.count == 2
                }
                await line.close()
            }
        }

        @Test func babbleIsAnError() async throws {
            var printer = ScriptedPrinter()
            printer.answers = [[UInt8](repeating: 0x55, count: 5000)]
            try await counter.with(printer) { _ in
                _ = await ready()
                let line = try await port.open(deadline: counter.soon)
                #expect(await kind { _ = try await line.read(atMost: 1, deadline: counter.soon) } == .protocolViolation)
                await line.close()
            }
        }

        /// Nothing is taken, and the deadline holds; then the printer comes to itself, and so does the line.
        @Test func aHangingPrinterHasADeadline() async throws {
            var printer = EmulatedPrinter()
            printer.fail(.hanging)
            try await counter.with(printer) { printer in
                _ = await ready()
                let line = try await port.open(deadline: counter.soon)
                let start = counter.clock.uptime
                #expect(
                    await kind { try await line.write(Array("A\n".utf8), deadline: counter.after(200)) } == .timeout)
                #expect(await kind { _ = try await line.portStatus(deadline: counter.after(200)) } == .timeout)
                #expect(await kind { _ = try await line.read(atMost: 1, deadline: counter.after(200)) } == .timeout)
                #expect((550...5000).contains(counter.clock.uptime.milliseconds(since: start)))
                printer.change { $0.fail(nil) }
                try await line.write(Array("B\n".utf8), deadline: counter.soon)
                #expect(printer.device.paper.uncut == "B\n")
                await line.close()
            }
        }

        @Test func cancellingEndsAWrite() async throws {
            var printer = EmulatedPrinter()
            printer.fail(.hanging, after: 100)
            try await counter.with(printer) { printer in
                _ = await ready()
                let line = try await port.open(deadline: counter.soon)
                let writing = Task {
                    try await line.write([UInt8](repeating: 0x41, count: 30_000), deadline: counter.soon)
                }
                await counter.await(printer) { device, _ in device.takenBytes == 100 }
                writing.cancel()
                #expect(await kind { try await writing.value } == .cancelled)
                await line.close()
            }
        }

        @Test func closingEndsARead() async throws {
            try await counter.with(ScriptedPrinter()) { printer in
                _ = await ready()
                let line = try await port.open(deadline: counter.soon)
                let reading = Task { try await line.read(atMost: 1, deadline: counter.soon) }
                await counter.await(printer) { device, _ in device.reads > 0 }
                await line.close()
                #expect(await kind { _ = try await reading.value } == .gone)
                #expect(await kind { try await line.write([1], deadline: counter.soon) } == .gone)
            }
        }

        @Test func unpluggingEndsAWrite() async throws {
            var printer = EmulatedPrinter()
            printer.fail(.hanging, after: 100)
            try await counter.with(printer) { printer in
                _ = await ready()
                let line = try await port.open(deadline: counter.soon)
                let writing = Task {
                    try await line.write([UInt8](repeating: 0x41, count: 30_000), deadline: counter.soon)
                }
                await counter.await(printer) { device, _ in device.takenBytes == 100 }
                let start = counter.clock.uptime
                await counter.bus.unplug(printer)
                #expect(await kind { try await writing.value } == .gone)
                #expect(counter.clock.uptime.milliseconds(since: start) < 1000)
                #expect(await line.isStale())
                await line.close()
                _ = await counter.await(port) { !$0.isReady }
                #expect(await kind { _ = try await port.open(deadline: counter.soon) } == .absent)
            }
        }

        @Test func unpluggingEndsARead() async throws {
            try await counter.with(ScriptedPrinter()) { printer in
                _ = await ready()
                let line = try await port.open(deadline: counter.soon)
                let reading = Task { try await line.read(atMost: 1, deadline: counter.soon) }
                await counter.await(printer) { device, _ in device.reads > 0 }
                await counter.bus.unplug(printer)
                #expect(await kind { _ = try await reading.value } == .gone)
                await line.close()
            }
        }

        /// Absent at the start, there, gone, back on another port with all that was configured: told each time.
        @Test func itComesGoesAndComesBackElsewhere() async throws {
            #expect(await port.status().isReady == false)
            try await counter.with(EmulatedPrinter(), at: "1-2") { _ in
                #expect(await ready().name == "usb 1-2 04b8:0202 EPSON TM-T88V")
            }
            _ = await counter.await(port) { !$0.isReady }
            try await counter.with(EmulatedPrinter(), at: "1-4") { printer in
                #expect(await ready().name == "usb 1-4 04b8:0202 EPSON TM-T88V")
                let line = try await port.open(deadline: counter.soon)
                try await line.write(Array("again\n".utf8), deadline: counter.soon)
                #expect(printer.device.paper.uncut == "again\n")
                await line.close()
            }
        }

        @Test func theConfigurationPicksOneOfSeveral() async throws {
            var other = EmulatedPrinter()
            other.identity.serial = "SECOND"
            other.identity.manufacturer = "Xprinter"
            try await counter.with(EmulatedPrinter(), at: "1-1") { _ in
                try await counter.with(other, at: "1-3") { _ in
                    let bus = try USBBus()
                    func name(_ match: USBMatch) async -> String {
                        await USBPrinterPort(on: bus, match: match, clock: counter.clock).status().name
                    }
                    #expect(await name(USBMatch()) == "usb 1-1 04b8:0202 EPSON TM-T88V")
                    #expect(await name(USBMatch(serial: "SECOND")) == "usb 1-3 04b8:0202 Xprinter TM-T88V")
                    #expect(await name(USBMatch(port: "1-3")) == "usb 1-3 04b8:0202 Xprinter TM-T88V")
                    #expect(await name(USBMatch(vendor: 0x04B8, product: 0x0202)) == "usb 1-1 04b8:0202 EPSON TM-T88V")
                    #expect(await name(USBMatch(vendor: 0x0519)) == "usb printer")
                }
            }
        }

        /// A device that contradicts itself is not used, says why, and takes nothing from the one beside it.
        @Test func aLyingPrinterSaysWhy() async throws {
            var liar = EmulatedPrinter()
            liar.identity.configuration[4] = 3
            let reason = "usb 1-2 04b8:0202 EPSON TM-T88V: 1 of 3 interfaces"
            try await counter.with(liar, at: "1-2") { _ in
                let status = await counter.await(port) { $0.note.contains("1-2") }
                #expect(status.note == "USB printer: absent (\(reason))")
                let named = USBPrinterPort(on: try USBBus(), match: USBMatch(port: "1-2"), clock: counter.clock)
                await #expect(throws: DeviceError(.protocolViolation, "USB printer", code: reason)) {
                    try await named.open(deadline: counter.soon)
                }
                try await counter.with(EmulatedPrinter(), at: "1-3") { _ in
                    #expect(await ready().name == "usb 1-3 04b8:0202 EPSON TM-T88V")
                }
            }
        }

        /// Names come from the device: what is no letter never reaches a log or a screen.
        @Test func namesAreMadeHarmless() async throws {
            var printer = EmulatedPrinter()
            printer.identity.manufacturer = "\u{1B}[31mÉpson"
            printer.identity.product = String(repeating: "x", count: 100)
            try await counter.with(printer) { _ in
                #expect(await ready().name == "usb 1-1 04b8:0202 [31mÉpson " + String(repeating: "x", count: 64))
            }
        }

        private func kind(_ body: () async throws -> Void) async -> DeviceError.Kind? {
            do {
                try await body()
                return nil
            } catch { return (error as? DeviceError)?.kind }
        }
    }
}
