#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How a serial line is set: always raw, 8 data bits, no parity, 1 stop bit.
public struct SerialSettings: Equatable, Sendable {
    /// What stops the sender while the other side is busy.
    public enum FlowControl: String, Sendable, CaseIterable {
        /// Nothing does.
        case none
        /// RTS and CTS.
        case hardware
        /// XON and XOFF from the device.
        case software
    }

    /// Bits per second; what the line does not know is refused when it is opened. CDC-ACM devices do not care.
    public var baud: Int
    /// For printers; scanners send little.
    public var flowControl: FlowControl

    /// A line of these settings.
    public init(baud: Int = 9600, flowControl: FlowControl = .none) {
        self.baud = baud
        self.flowControl = flowControl
    }

    /// The rates that a line can have.
    public static let rates = speeds.map(\.rate)

    var speed: speed_t? { Self.speeds.first { $0.rate == baud }?.speed }

    private static let speeds: [(rate: Int, speed: speed_t)] = [
        (1200, speed_t(B1200)), (2400, speed_t(B2400)), (4800, speed_t(B4800)), (9600, speed_t(B9600)),
        (19200, speed_t(B19200)), (38400, speed_t(B38400)), (57600, speed_t(B57600)), (115_200, speed_t(B115200)),
        (230_400, speed_t(B230400)), (460_800, speed_t(B460800)), (921_600, speed_t(B921600)),
    ]
}
