public import HAL
public import SimulatedDevices

/// A receipt printer of USB's printer class (07/01/02), with paper in it.
public struct EmulatedPrinter: EmulatedDevice {
    /// What can be wrong with it.
    public enum Fault: String, CaseIterable, Sendable {
        /// It says so when asked, and of its own accord if it was told to; it takes data until its buffer is full.
        case paperOut, coverOpen, cutterJam
        /// Takes nothing and says nothing, as firmware that has crashed, until it is switched off and on.
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
    /// Its inside: what it has printed, what waits, its buffer and its condition.
    public var paper: Paper
    /// What is wrong with it now.
    public private(set) var fault: Fault?
    /// How many bytes of data it has taken since it was switched on.
    public private(set) var takenBytes = 0

    private var plan: (after: Int, fault: Fault)?
    private var answers: [UInt8] = []

    /// An idle printer of this model.
    public init(
        profile: PrinterProfile = .chinese80, deviceID: String = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;"
    ) {
        identity = USBIdentity(
            vendor: 0x04B8, model: 0x0202, interface: (0x07, 0x01, 0x02),
            endpoints: [.bulk(Self.output), .bulk(Self.input)], manufacturer: "EPSON", product: "TM-T88V",
            serial: "J5CF000001", driver: "usblp")
        self.deviceID = deviceID
        paper = Paper(profile: profile)
    }

    /// Makes it fail so, or nil makes it well again: it prints then what is in its buffer.
    public mutating func fail(_ fault: Fault?) {
        plan = nil
        self.fault = fault
        paper.condition.isPaperOut = fault == .paperOut
        paper.condition.isCoverOpen = fault == .coverOpen
        paper.condition.isCutterJammed = fault == .cutterJam
        say(paper.answers())
    }

    /// Makes it fail so once it has taken `count` more bytes of data: in the middle of a document.
    public mutating func fail(_ fault: Fault, after count: Int) { plan = (takenBytes + max(0, count), fault) }

    /// Switches it off and on: what is in its buffer is lost, what is on paper is not, and it hangs no longer. To the bus
    /// that is an unplug and a plug.
    public mutating func powerCycle() {
        if fault == .hanging { fault = nil }
        (answers, takenBytes, plan) = ([], 0, nil)
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
            answers = []
            paper.powerCycle()
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
            if fault == .stalling { return .stall }
            if fault == .hanging || paper.isStalled { break }
            say(paper.feed(CollectionOfOne(byte)))
            count += 1
            takenBytes += 1
        }
        return count > 0 ? .ack(count) : .nak
    }

    /// Gives what it has to say.
    public mutating func give(endpoint: UInt8, atMost limit: Int) -> Handshake<[UInt8]> {
        guard endpoint == Self.input else { return .stall }
        guard fault != .hanging, !answers.isEmpty else { return .nak }
        let given = Array(answers.prefix(limit))
        answers.removeFirst(given.count)
        return .ack(given)
    }

    private mutating func say(_ bytes: [UInt8]) {
        switch fault {
        case .silent, .hanging: break
        case .garbage: answers += bytes.map { _ in 0xFF }
        default: answers += bytes
        }
    }

    /// GET_PORT_STATUS: bit 5 paper empty, bit 4 selected, bit 3 no error.
    private var portStatus: UInt8 {
        guard paper.condition.trouble != nil else { return 0x18 }
        return paper.condition.isPaperOut ? 0x30 : 0x10
    }
}
