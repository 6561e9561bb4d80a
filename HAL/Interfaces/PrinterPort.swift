/// Where a printer is plugged in: USB, TCP or a serial line. It opens lines to whatever printer is there now.
public protocol PrinterPort: Device {
    /// Opens a line. Throws `.absent` where nothing is plugged in, `.busy`, `.refused`, `.timeout`, `.cancelled`.
    func open(deadline: Uptime) async throws(DeviceError) -> any PrinterLine
}

/// An open line to a printer.
public protocol PrinterLine: ByteStream {
    /// The IEEE 1284 device id, `MFG:EPSON;MDL:TM-T88V;CMD:ESC/POS;`; nil where the line does not carry one.
    var deviceID: String? { get async }
    /// The port status of USB's printer class (GET_PORT_STATUS: bit 5 paper empty, bit 4 selected, bit 3 no error); nil
    /// where the line has none.
    func portStatus(deadline: Uptime) async throws(DeviceError) -> UInt8?
}

extension PrinterLine {
    /// None.
    public var deviceID: String? { get async { nil } }
    /// None.
    public func portStatus(deadline: Uptime) async throws(DeviceError) -> UInt8? { nil }
}
