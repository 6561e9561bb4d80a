/// Where a printer is plugged in: USB, TCP or a serial line. It opens lines to whatever printer is there now.
public protocol PrinterPort: Device {
    /// Whether others may print there too, as on the network: a line is opened for each document only. A line that is not
    /// shared may stay open between documents.
    var isShared: Bool { get }
    /// Opens a line. Throws `.absent` where nothing is plugged in, `.busy`, `.refused`, `.timeout`, `.cancelled`.
    func open(deadline: Uptime) async throws(DeviceError) -> any PrinterLine
}

/// An open line to a printer. One call at a time; only `close` and `abort` overtake a waiting one.
public protocol PrinterLine: ByteStream {
    /// Writes as much of `bytes`, from the first on, as the printer takes, and returns how much as soon as that is something;
    /// 0 at the deadline: a printer that prints or waits for paper takes nothing, and is still there.
    func offer(_ bytes: [UInt8], deadline: Uptime) async throws(DeviceError) -> Int
    /// Closes, and discards what has not left this machine yet.
    func abort() async
    /// The IEEE 1284 device id, `MFG:EPSON;MDL:TM-T88V;CMD:ESC/POS;`; nil where the line does not carry one.
    var deviceID: String? { get async }
    /// The port status of USB's printer class (GET_PORT_STATUS: bit 5 paper empty, bit 4 selected, bit 3 no error); nil
    /// where the line has none.
    func portStatus(deadline: Uptime) async throws(DeviceError) -> UInt8?
}

extension PrinterPort {
    /// It is.
    public var isShared: Bool { true }
}

extension PrinterLine {
    /// Closes: nothing waits on this side.
    public func abort() async { await close() }
    /// None.
    public var deviceID: String? { get async { nil } }
    /// None.
    public func portStatus(deadline: Uptime) async throws(DeviceError) -> UInt8? { nil }
}
