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

    /// Bits per second, one of `rates`. CDC-ACM devices do not care.
    public var baud: Int
    /// For printers; scanners send little.
    public var flowControl: FlowControl

    /// A line of these settings.
    public init(baud: Int = 9600, flowControl: FlowControl = .none) {
        self.baud = baud
        self.flowControl = flowControl
    }

    /// The rates that a line can have.
    public static let rates = [
        1200, 2400, 4800, 9600, 19200, 38400, 57600, 115_200, 230_400, 460_800, 921_600,
    ]
}
