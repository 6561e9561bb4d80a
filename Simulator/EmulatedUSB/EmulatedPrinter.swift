public import SimulatedDevices

/// A receipt printer of USB's printer class (07/01/02), with paper in it.
public struct EmulatedPrinter: EmulatedDevice {
    /// What can be wrong with it.
    public enum Fault: String, CaseIterable, Sendable {
        /// Says so when asked and of its own accord; takes data until its buffer is full.
        case paperOut, coverOpen
        /// Takes nothing and says nothing, as firmware that has crashed.
        case hanging
        /// Prints, and answers nothing.
        case silent
        /// Prints, and answers what no printer answers.
        case garbage
        /// Its endpoint for data stalls, again after each halt that is cleared.
        case stalling
    }

    /// The endpoint for data.
    public static let output: UInt8 = 0x01
    /// The endpoint for answers.
    public static let input: UInt8 = 0x82

    /// What it says about itself.
    public var identity: USBIdentity
    /// IEEE 1284 device id; empty if it has none, then GET_DEVICE_ID stalls.
    public var deviceID: String
    /// What it has printed.
    public private(set) var paper: Paper
    /// What is wrong with it now.
    public private(set) var fault: Fault?
    /// How many bytes of data it has taken since it was switched on.
    public private(set) var takenBytes = 0
    /// How much data it takes while it cannot print, in bytes.
    public var bufferBytes = 4096

    private var columns: Int
    private var plan: (after: Int, fault: Fault)?
    private var buffer: [UInt8] = []
    private var answers: [UInt8] = []
    private var command: [UInt8] = []
    private var isAutomatic = false

    /// An idle printer: 48 columns on 80 mm paper, 32 on 58 mm.
    public init(columns: Int = 48, deviceID: String = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;") {
        identity = USBIdentity(
            vendor: 0x04B8, model: 0x0202, interface: (0x07, 0x01, 0x02),
            endpoints: [.bulk(Self.output), .bulk(Self.input)], manufacturer: "EPSON", product: "TM-T88V",
            serial: "J5CF000001", driver: "usblp")
        self.deviceID = deviceID
        self.columns = columns
        paper = Paper(columns: columns)
    }

    /// Makes it fail so, or nil makes it well again: it prints then what is in its buffer.
    public mutating func fail(_ fault: Fault?) {
        plan = nil
        begin(fault)
    }

    /// Makes it fail so once it has taken `count` more bytes of data: in the middle of a document.
    public mutating func fail(_ fault: Fault, after count: Int) { plan = (takenBytes + max(0, count), fault) }

    /// Switches it off and on: what is in its buffer is lost, what is on paper is not.
    public mutating func powerCycle() {
        (buffer, answers, command, isAutomatic, takenBytes, plan) = ([], [], [], false, 0, nil)
        paper.powerCycle()
    }

    /// The three requests of the printer class (1.1, 4.2).
    public mutating func answer(_ request: ControlRequest) -> Handshake<[UInt8]> {
        if fault == .hanging { return .nak }
        switch (request.type, request.request) {
        case (0xA1, 0x00):
            let text = Array(deviceID.utf8.prefix(0xFFF0))
            guard !text.isEmpty else { return .stall }
            let length = text.count + 2
            return .ack([UInt8(length >> 8), UInt8(length & 0xFF)] + text)
        case (0xA1, 0x01): return .ack([portStatus])
        case (0x21, 0x02):
            (buffer, answers, command) = ([], [], [])
            return .ack([])
        default: return .stall
        }
    }

    /// Takes data to print, or until its buffer is full.
    public mutating func take(_ bytes: ArraySlice<UInt8>, endpoint: UInt8) -> Handshake<Int> {
        guard endpoint == Self.output else { return .stall }
        var count = 0
        for byte in bytes {
            if let plan, takenBytes >= plan.after { fail(plan.fault) }
            switch fault {
            case .hanging: return count > 0 ? .ack(count) : .nak
            case .stalling: return .stall
            case .paperOut, .coverOpen: if buffer.count >= bufferBytes { return count > 0 ? .ack(count) : .nak }
            case .silent, .garbage, nil: break
            }
            take(byte)
            count += 1
            takenBytes += 1
        }
        if canPrint { print() }
        return .ack(count)
    }

    /// Gives what it has to say.
    public mutating func give(endpoint: UInt8, atMost limit: Int) -> Handshake<[UInt8]> {
        guard endpoint == Self.input else { return .stall }
        guard fault != .hanging, !answers.isEmpty else { return .nak }
        let given = Array(answers.prefix(limit))
        answers.removeFirst(given.count)
        return .ack(given)
    }

    private mutating func begin(_ fault: Fault?) {
        guard fault != self.fault else { return }
        if canPrint { print() }
        self.fault = fault
        if canPrint { print() }
        if isAutomatic { say(automaticStatus) }
    }

    private var canPrint: Bool { fault == nil || fault == .silent || fault == .garbage }

    private mutating func print() {
        let waiting = buffer
        buffer = []
        say(paper.feed(waiting))
    }

    private mutating func say(_ bytes: [UInt8]) {
        switch fault {
        case .silent, .hanging: break
        case .garbage: answers += bytes.map { _ in 0xFF }
        default: answers += bytes
        }
    }

    /// Real-time commands are done as they come, whatever waits in the buffer; `DLE EOT n` is none of the data.
    private mutating func take(_ byte: UInt8) {
        buffer.append(byte)
        command = command.suffix(2) + [byte]
        guard command.count == 3 else { return }
        switch (command[0], command[1], byte) {
        case (0x10, 0x04, 1...4):
            buffer.removeLast(min(3, buffer.count))
            say([realTimeStatus(byte)])
        case (0x1D, 0x61, _):
            isAutomatic = byte != 0
            if isAutomatic { say(automaticStatus) }
        default: break
        }
    }

    /// `DLE EOT n`: printer, cause of offline, error, roll sensor.
    private func realTimeStatus(_ kind: UInt8) -> UInt8 {
        switch (fault, kind) {
        case (.paperOut, 1), (.coverOpen, 1): 0x1A
        case (.paperOut, 2): 0x32
        case (.coverOpen, 2): 0x16
        case (.paperOut, 4): 0x7E
        default: 0x12
        }
    }

    /// What `GS a` asks for: four bytes at each change.
    private var automaticStatus: [UInt8] {
        switch fault {
        case .paperOut: [0x18, 0x00, 0x0F, 0x00]
        case .coverOpen: [0x38, 0x00, 0x00, 0x00]
        default: [0x10, 0x00, 0x00, 0x00]
        }
    }

    /// GET_PORT_STATUS: bit 5 paper empty, bit 4 selected, bit 3 no error.
    private var portStatus: UInt8 {
        switch fault {
        case .paperOut: 0x30
        case .coverOpen: 0x00
        default: 0x18
        }
    }
}
