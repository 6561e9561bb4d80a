import EmulatedUSB
import HAL
import SimulatedDevices
import Synchronization
import SystemDriver

/// A printer and a scanner on an emulated USB bus, and the hands that plug, open and scan.
final class USBCounter: Sendable {
    private let bus: EmulatedBus
    private let ports = Mutex(Ports())

    private struct Ports {
        var printer: EmulatedPort<EmulatedPrinter>?
        var scanner: EmulatedPort<EmulatedScanner>?
    }

    /// Plugs both in. Throws where umockdev is not installed.
    init() async throws(DeviceError) {
        bus = try await EmulatedBus()
        try await plugPrinter()
        let scanner = try await bus.plug(EmulatedScanner(.pos), port: "1-3")
        ports.withLock { $0.scanner = scanner }
    }

    /// What a daemon needs in its environment to see the bus.
    var environment: [String: String] { bus.environment }

    /// The next line of the menu.
    static let menu = "b scan a code    u unplug the printer    p plug it in   o open its cover   c close it"

    /// Does what the person chose, if it is one of these.
    func perform(_ choice: String) async throws {
        let printer = ports.withLock(\.printer)
        switch choice {
        case "b":
            let code = Screen.ask("code: ") ?? ""
            ports.withLock(\.scanner)?.change { $0.scan(code) }
        case "u":
            if let printer { await bus.unplug(printer) }
            ports.withLock { $0.printer = nil }
        case "p": if printer == nil { try await plugPrinter() }
        case "o": printer?.change { $0.fail(.coverOpen) }
        case "c": printer?.change { $0.fail(nil) }
        default: return
        }
    }

    /// How many receipts the printer has cut since it was plugged in.
    var printed: Int { ports.withLock(\.printer)?.device.paper.receipts.count ?? 0 }

    /// Waits for `count` receipts after the first `former`, and shows them.
    func showReceipts(_ count: Int, after former: Int, _ pictures: ReceiptPictures) async {
        guard let printer = ports.withLock(\.printer) else { return }
        let clock = SystemClock()
        _ = await printer.wait(until: clock.uptime.advanced(milliseconds: 3_000), clock: clock) { device, _ in
            device.paper.receipts.count >= former + count
        }
        pictures.show(printer.device.paper.sheets.dropFirst(former))
    }

    /// Unplugs everything.
    func stop() async { await bus.stop() }

    private func plugPrinter() async throws(DeviceError) {
        let printer = try await bus.plug(EmulatedPrinter(), port: "1-2")
        ports.withLock { $0.printer = printer }
    }
}
