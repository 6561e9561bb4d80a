/// A code scanner on USB, as HID POS device or as keyboard, with its habits.
public struct EmulatedScanner: EmulatedDevice {
    /// How it hands over what it has read.
    public enum Mode: String, CaseIterable, Sendable {
        /// Reports of 64 bytes with length, symbology and data (HID POS usage tables, 0x8C).
        case pos
        /// Key strokes of a US keyboard (HID 1.11, appendix B.1).
        case keyboard
    }

    /// What is peculiar to it.
    public struct Habits: Equatable, Sendable {
        /// Whether POS reports tell the symbology.
        public var tellsSymbology = true
        /// POS reports that say that more follow, always.
        public var neverEnds = false
        /// Length of the reports that are sent, in bytes; nil for the one its descriptors promise.
        public var reportBytes: Int?
        /// Each scan comes twice.
        public var scansTwice = false
        /// What a keyboard types after a scan: Enter (0x28), Tab (0x2B), or nil for nothing.
        public var suffixKey: UInt8? = 0x28
        /// Whether Caps Lock is on at the counter: a keyboard then types small letters for capital ones, and the reverse.
        public var hasCapsLock = false

        /// None.
        public init() {}
    }

    /// The endpoint for reports.
    public static let input: UInt8 = 0x81

    /// What it says about itself.
    public var identity: USBIdentity
    /// The report descriptor it sends.
    public var reportDescriptor: [UInt8]
    /// What is peculiar to it.
    public var habits: Habits
    /// How it hands over what it has read.
    public let mode: Mode
    /// The reports the host has sent it: beeps, lamps, trigger. The number of the report first, if it has one.
    public private(set) var hostReports: [[UInt8]] = []
    /// Reports that nobody has fetched yet.
    public private(set) var waiting: [[UInt8]] = []

    /// A scanner that has read nothing.
    public init(_ mode: Mode, habits: Habits = Habits()) {
        self.mode = mode
        self.habits = habits
        reportDescriptor = mode == .pos ? Self.posDescriptor : Self.keyboardDescriptor
        let length = reportDescriptor.count
        let hid: [UInt8] = [9, 0x21, 0x11, 0x01, 0, 1, 0x22, UInt8(length & 0xFF), UInt8(length >> 8)]
        identity =
            switch mode {
            case .pos:
                USBIdentity(
                    vendor: 0x0C2E, model: 0x0B6A, interface: (0x03, 0, 0), extra: hid,
                    endpoints: [.interrupt(Self.input, packetBytes: 64)], manufacturer: "Honeywell",
                    product: "Vuquest 3310g", serial: "17033B0001", driver: "usbhid")
            case .keyboard:
                USBIdentity(
                    vendor: 0x1EAB, model: 0x0103, interface: (0x03, 0x01, 0x01), extra: hid,
                    endpoints: [.interrupt(Self.input, packetBytes: 8)], manufacturer: "Newland",
                    product: "HR22 Dorada", driver: "usbhid")
            }
    }

    /// Reads a code.
    public mutating func scan(_ text: String, symbology: String = "]Q1") {
        scan(Array(text.utf8), symbology: symbology)
    }

    /// Reads a code of any bytes; a keyboard leaves out what it has no key for.
    public mutating func scan(_ data: [UInt8], symbology: String = "]Q1") {
        let reports = mode == .pos ? posReports(data, symbology) : keyReports(data)
        for _ in 0..<(habits.scansTwice ? 2 : 1) {
            waiting += reports.map { report in
                guard let count = habits.reportBytes else { return report }
                return Array((report + [UInt8](repeating: 0, count: max(0, count - report.count))).prefix(count))
            }
        }
    }

    /// Sends a report as it is.
    public mutating func send(_ report: [UInt8]) { waiting.append(report) }

    /// The requests of class HID (1.11, 7.2) that scanners know.
    public mutating func answer(_ request: ControlRequest) -> Handshake<[UInt8]> {
        switch (request.type, request.request, request.value >> 8) {
        case (0x81, 0x06, 0x22): return .ack(reportDescriptor)
        case (0x21, 0x09, _):
            hostReports.append(request.data)
            return .ack([])
        case (0x21, 0x0A, _), (0x21, 0x0B, _): return .ack([])
        default: return .stall
        }
    }

    /// It has no endpoint for data.
    public mutating func take(_ bytes: ArraySlice<UInt8>, endpoint: UInt8) -> Handshake<Int> { .stall }

    /// Gives the next report.
    public mutating func give(endpoint: UInt8, atMost limit: Int) -> Handshake<[UInt8]> {
        guard endpoint == Self.input else { return .stall }
        return waiting.isEmpty ? .nak : .ack(waiting.removeFirst())
    }
}
