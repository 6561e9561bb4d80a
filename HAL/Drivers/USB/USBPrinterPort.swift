public import HAL

/// A printer on USB (printer class 1.1), whatever its maker and port; `match` picks one of several.
public struct USBPrinterPort: PrinterPort {
    private let bus: USBBus
    private let match: USBMatch
    private let clock: any TerminalClock

    /// The first printer by port that `match` accepts. Deadlines are points on `clock`.
    public init(on bus: USBBus, match: USBMatch = USBMatch(), clock: any TerminalClock) {
        self.bus = bus
        self.match = match
        self.clock = clock
    }

    /// It is not: whoever holds the printer's interface has it alone.
    public var isShared: Bool { false }

    /// Takes the printer from the kernel's driver until the line is closed. That has no deadline but the kernel's own, five
    /// seconds for a mute device. Throws `.absent`, `.busy` where another program or line holds it, `.refused` where a udev rule
    /// is missing, `.protocolViolation` where the printer that was named contradicts itself.
    public func open(deadline: Uptime) async throws(DeviceError) -> any PrinterLine {
        guard let (device, interface) = printers.first else { throw absence }
        let connection = USBConnection(interface: interface, clock: clock)
        try await connection.open(device)
        return USBPrinterLine(connection, clock: clock)
    }

    /// Which printer is there, without asking it anything.
    public func status() async -> DeviceStatus { current }

    /// Its coming and going.
    public func changes() -> AsyncStream<DeviceStatus> {
        let (stream, continuation) = AsyncStream.makeStream(of: DeviceStatus.self)
        let news = bus.changes()
        let now = current
        let task = Task {
            var last = now
            for await _ in news where current != last {
                last = current
                continuation.yield(last)
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    private var current: DeviceStatus {
        let printers = printers
        guard let (device, _) = printers.first else {
            return DeviceStatus(name: "usb printer", isReady: false, note: absence.description)
        }
        let others = printers.dropFirst().map(\.device.port)
        return DeviceStatus(
            name: device.name, isReady: true, note: others.isEmpty ? "" : "more at \(others.joined(separator: ", "))")
    }

    /// Every device with a printer's interface, of its settings the one that carries most: both ways before one way.
    private var printers: [(device: USBDevice, interface: USBInterface)] {
        bus.devices.filter(match.accepts).compactMap { device in
            device.interfaces.filter(\.isPrinter).max { $0.purpose.protocolCode < $1.purpose.protocolCode }
                .map { (device, $0) }
        }
    }

    private var absence: DeviceError { bus.absence(of: "USB printer", match) }
}
