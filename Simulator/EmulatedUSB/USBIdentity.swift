/// What a device says about itself when it is plugged in (USB 2.0, 9.6). The bytes are sent as they are, so they can lie.
public struct USBIdentity: Equatable, Sendable {
    /// Device descriptor, 18 bytes.
    public var device: [UInt8]
    /// Configuration descriptor with all that belongs to it.
    public var configuration: [UInt8]
    /// String descriptors 1, 2 and 3.
    public var manufacturer, product, serial: String
    /// Per interface the kernel's driver that takes it, `usblp`, `usbhid`; empty where none does.
    public var drivers: [String]

    /// One endpoint (9.6.6).
    public struct Endpoint: Equatable, Sendable {
        let address: UInt8
        let attributes: UInt8
        let packetBytes: UInt16
        let interval: UInt8

        /// A bulk endpoint; bit 7 of the address says IN.
        public static func bulk(_ address: UInt8) -> Endpoint {
            Endpoint(address: address, attributes: 2, packetBytes: 64, interval: 0)
        }

        /// An interrupt endpoint, asked each 4 ms.
        public static func interrupt(_ address: UInt8, packetBytes: UInt16) -> Endpoint {
            Endpoint(address: address, attributes: 3, packetBytes: packetBytes, interval: 4)
        }
    }

    /// A device of one interface of this class, subclass and protocol; `extra` stands between interface and endpoints.
    public init(
        vendor: UInt16, model: UInt16, interface: (UInt8, UInt8, UInt8), extra: [UInt8] = [], endpoints: [Endpoint],
        manufacturer: String, product: String, serial: String = "", driver: String = ""
    ) {
        func bytes(_ word: UInt16) -> [UInt8] { [UInt8(word & 0xFF), UInt8(word >> 8)] }
        device =
            [18, 1, 0x00, 0x02, 0, 0, 0, 64] + bytes(vendor) + bytes(model)
            + [0x00, 0x01, manufacturer.isEmpty ? 0 : 1, product.isEmpty ? 0 : 2, serial.isEmpty ? 0 : 3, 1]
        let rest =
            [9, 4, 0, 0, UInt8(truncatingIfNeeded: endpoints.count), interface.0, interface.1, interface.2, 0] + extra
            + endpoints.flatMap { [7, 5, $0.address, $0.attributes] + bytes($0.packetBytes) + [$0.interval] }
        // Self-powered, 100 mA.
        configuration = [9, 2] + bytes(UInt16(truncatingIfNeeded: rest.count + 9)) + [1, 1, 0, 0xC0, 50] + rest
        self.manufacturer = manufacturer
        self.product = product
        self.serial = serial
        drivers = [driver]
    }

    /// Answers the standard requests that read descriptors (9.4.3); nil for any other.
    func answer(_ request: ControlRequest) -> Handshake<[UInt8]>? {
        guard request.type == 0x80, request.request == 0x06 else { return nil }
        switch (request.value >> 8, request.value & 0xFF) {
        case (1, _): return .ack(device)
        case (2, _): return .ack(configuration)
        case (3, 0): return .ack([4, 3, 0x09, 0x04])
        case (3, 1...3):
            let texts = [manufacturer, product, serial]
            let text = texts[Int(request.value & 0xFF) - 1].utf16.prefix(126)
            let units = text.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            return text.isEmpty ? .stall : .ack([UInt8(units.count + 2), 3] + units)
        default: return .stall
        }
    }

    /// What sysfs says of it, as umockdev writes it: on `port`, as device `number` of bus 1, with a driver or none.
    func record(port: String, number: UInt8) -> String {
        func word(_ at: Int) -> String {
            guard device.count > at + 1 else { return "0000" }
            return BusText.hex([device[at + 1], device[at]]).lowercased()
        }
        let digits = BusText.padded(number)
        var lines = [
            "P: /devices/pci0000:00/0000:00:14.0/usb1/\(port)",
            "E: DEVNAME=/dev/bus/usb/001/\(digits)", "E: DEVTYPE=usb_device", "E: SUBSYSTEM=usb", "E: BUSNUM=001",
            "E: DEVNUM=\(digits)",
        ]
        var attributes = [
            ("busnum", "1"), ("devnum", "\(number)"), ("bConfigurationValue", "1"), ("speed", "12"),
            ("idVendor", word(8)), ("idProduct", word(10)),
        ]
        attributes += [("manufacturer", manufacturer), ("product", product), ("serial", serial)].filter {
            !$0.1.isEmpty
        }
        lines += attributes.map { "A: \($0.0)=\(BusText.escaped($0.1))\\n" }
        lines.append("H: descriptors=\(BusText.hex(device + configuration))")
        return lines.joined(separator: "\n") + "\n"
    }
}

/// How text stands in a record of umockdev.
enum BusText {
    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }

    static func padded(_ number: UInt8) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }

    static func escaped(_ text: String) -> String {
        text.map { $0 == "\\" ? "\\\\" : $0 == "\n" ? "\\n" : String($0) }.joined()
    }
}
