import EmulatedUSB
import HAL
import Payments
import PrinterDriver
import SimulatedDevices
import SystemDriver
import Testing
import USBDriver

extension USBTests {
    /// Documents through the printer driver, libusb and an emulated printer.
    @Suite(.timeLimit(.minutes(1)))
    struct Documents {
        private let counter: USBCounter
        private let printer: ESCPOSPrinter

        /// More than the printer's buffer holds.
        private struct Document: PrintDocument {
            let name = "test"
            func bytes(for profile: PrinterProfile, isRepeat: Bool) -> [UInt8] {
                let lines = (1...300).flatMap { Array("line \($0) of a long receipt\n".utf8) }
                return [0x1B, 0x40] + lines + Array((isRepeat ? "DUPLICATE\n" : "ORIGINAL\n").utf8) + [0x1D, 0x56, 0]
            }
        }

        init() async throws {
            counter = try await USBCounter()
            printer = ESCPOSPrinter(
                port: USBPrinterPort(on: try USBBus(), clock: counter.clock), profile: nil, clock: counter.clock)
        }

        private func print(isRepeat: Bool = false) async throws(PrintFailure) {
            try await printer.print(Document(), isRepeat: isRepeat, deadline: counter.soon)
        }

        private func paper(_ port: EmulatedPort<EmulatedPrinter>) -> String {
            port.device.paper.receipts.joined() + port.device.paper.uncut
        }

        @Test func aDocumentIsPrintedWhole() async throws {
            try await counter.with(EmulatedPrinter()) { device in
                try await printer.awaitReady(deadline: counter.soon)
                try await print()
                #expect(paper(device).hasSuffix("line 300 of a long receipt\nORIGINAL\n"))
                #expect(try await printer.identify(deadline: counter.soon).deviceID?.contains("TM-T88V") == true)
            }
        }

        /// Told within a second, to who prints and to who watches; printed again when it is mended.
        @Test(arguments: [
            (EmulatedPrinter.Fault.paperOut, PrinterTrouble.paperOut), (.coverOpen, .coverOpen), (.hanging, .hangs),
        ])
        func aDocumentThatStopsIsPrintedAgain(fault: EmulatedPrinter.Fault, trouble: PrinterTrouble) async throws {
            var stopping = EmulatedPrinter()
            stopping.fail(fault, after: 5000)
            try await counter.with(stopping) { device in
                try await printer.awaitReady(deadline: counter.soon)
                let printing = Task { try await print() }
                await counter.await(device) { printer, _ in printer.fault != nil }
                let start = counter.clock.uptime
                _ = await counter.await(printer) { $0.text == trouble.text }
                let seen = counter.clock.uptime.milliseconds(since: start)
                #expect(seen < 1000, "seen after \(seen) ms")
                let failure = await #expect(throws: PrintFailure.self) { try await printing.value }
                #expect(failure?.trouble == trouble)
                #expect(failure?.progress == .part)
                device.change {
                    $0.powerCycle()
                    $0.fail(nil)
                }
                try await printer.awaitReady(deadline: counter.soon)
                try await print(isRepeat: true)
                #expect(paper(device).hasSuffix("line 300 of a long receipt\nDUPLICATE\n"))
            }
        }

        @Test func aDocumentThatIsUnpluggedIsPrintedElsewhere() async throws {
            var stopping = EmulatedPrinter()
            stopping.fail(.hanging, after: 5000)
            try await counter.with(stopping) { device in
                try await printer.awaitReady(deadline: counter.soon)
                let printing = Task { try await print() }
                await counter.await(device) { printer, _ in printer.fault != nil }
                await counter.bus.unplug(device)
                let failure = await #expect(throws: PrintFailure.self) { try await printing.value }
                #expect(failure?.trouble == .absent)
                #expect(failure?.progress == .part)
            }
            try await counter.with(EmulatedPrinter(), at: "1-4") { device in
                try await printer.awaitReady(deadline: counter.soon)
                try await print(isRepeat: true)
                #expect(paper(device).hasSuffix("DUPLICATE\n"))
            }
        }
    }
}
