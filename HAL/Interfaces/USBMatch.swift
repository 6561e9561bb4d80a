/// Which of the devices that would do is meant, as the configuration says it: everything that is given must agree.
public struct USBMatch: Equatable, Sendable {
    /// idVendor, of usb.ids or `lsusb`.
    public let vendor: UInt16?
    /// idProduct.
    public let product: UInt16?
    /// The serial number string, exactly.
    public let serial: String?
    /// The port as the kernel writes it, bus and ports: `1-2.3`. Only this pins a device to a socket.
    public let port: String?

    /// A match of these parts; without any, whatever does what is asked for by its class.
    public init(vendor: UInt16? = nil, product: UInt16? = nil, serial: String? = nil, port: String? = nil) {
        self.vendor = vendor
        self.product = product
        self.serial = serial
        self.port = port
    }

    /// Whether somebody named a device. Only then a keyboard is taken for a scanner.
    public var isSpecific: Bool { self != USBMatch() }

    /// A vendor or product as usb.ids and `lsusb` write it, four hexadecimal digits: `04b8`.
    public static func digits(_ id: UInt16) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
