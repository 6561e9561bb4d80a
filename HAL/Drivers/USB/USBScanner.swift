public import HAL
import ScannerDriver

/// A bar code scanner on USB, in HID POS mode (usage page 0x8C) or, if the configuration names the device, in keyboard mode.
/// It may be plugged in and out at any time, and come back elsewhere.
///
/// It is read all the time, so that no old scan waits in the device, and a scan is given only to who waits for one.
public final class USBScanner: Scanner {
    private let inbox: ScanInbox
    private let reading: Task<Void, Never>

    /// The first scanner by port that `match` accepts. A keyboard is taken for one only if `match` says more than nothing.
    public init(
        on bus: USBBus, match: USBMatch = USBMatch(), rules: ScanRules = ScanRules(), clock: any TerminalClock
    ) {
        let inbox = ScanInbox(name: "usb scanner", rules: rules, clock: clock)
        self.inbox = inbox
        reading = Task {
            var reader = USBScannerReader(bus: bus, match: match, rules: rules, clock: clock, inbox: inbox)
            await reader.run()
        }
    }

    deinit { reading.cancel() }

    /// Waits for one scan.
    public func scan(deadline: Uptime) async throws(DeviceError) -> Scan { try await inbox.scan(deadline: deadline) }

    /// Which scanner is there, and what was wrong with the last scan.
    public func status() async -> DeviceStatus { inbox.status }

    /// Its coming and going.
    public func changes() -> AsyncStream<DeviceStatus> { inbox.changes() }

    /// Ends the reading: the kernel's driver has the device again.
    public func release() async {
        reading.cancel()
        await reading.value
    }
}
