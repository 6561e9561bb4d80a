import CLibUSB

/// A share in libusb's record of a device; as long as one is held, no other device gets the same record.
final class USBDeviceReference: Sendable {
    nonisolated(unsafe) let pointer: OpaquePointer
    /// Outlives its devices.
    private let context: USBContext

    init(retaining device: OpaquePointer, of context: USBContext) {
        pointer = libusb_ref_device(device)
        self.context = context
    }

    deinit { libusb_unref_device(pointer) }

    /// The port as the kernel writes it, bus and ports; nil for a root hub.
    var port: String? {
        var numbers = [UInt8](repeating: 0, count: 7)  // USB 3.0, 10.1.2: seven tiers at most.
        let count = Int(libusb_get_port_numbers(pointer, &numbers, Int32(numbers.count)))
        guard count > 0, count <= numbers.count else { return nil }
        return "\(libusb_get_bus_number(pointer))-" + numbers.prefix(count).map(String.init).joined(separator: ".")
    }

    /// Its node below /dev, what a udev rule opens to the program.
    var node: String {
        func digits(_ number: UInt8) -> String { String(("00" + String(number)).suffix(3)) }
        return "/dev/bus/usb/\(digits(libusb_get_bus_number(pointer)))/\(digits(libusb_get_device_address(pointer)))"
    }

    /// idVendor and idProduct as libusb read them.
    var ids: (vendor: UInt16, product: UInt16) {
        var descriptor = libusb_device_descriptor()
        guard libusb_get_device_descriptor(pointer, &descriptor) == 0 else { return (0, 0) }
        return (descriptor.idVendor, descriptor.idProduct)
    }
}
