import CLibUSB
import HAL

/// An open device with one interface claimed; given back, with its kernel driver, when the last owner lets go. All calls
/// here block: the kernel gives a device five seconds to answer each.
final class USBHandle: Sendable {
    nonisolated(unsafe) let pointer: OpaquePointer
    private let interface: UInt8
    private let device: USBDeviceReference

    /// Opens `device` and claims `interface`. Throws `.refused` where the machine has no rule that lets this program, `.busy`
    /// where another program holds it, `.gone`.
    init(_ device: USBDevice, claiming interface: USBInterface) throws(DeviceError) {
        self.device = device.reference
        self.interface = interface.number
        var opened: OpaquePointer?
        let status = libusb_open(device.reference.pointer, &opened)
        if status == LIBUSB_ERROR_ACCESS.rawValue {
            throw DeviceError(
                .refused, "libusb_open",
                code: "no udev rule opens \(device.reference.node) to this program, see docs/hardware.md")
        }
        try check(status, "libusb_open")
        guard let opened else { throw DeviceError(.other, "libusb_open") }
        pointer = opened
        // From here on `deinit` closes it, also when this throws.
        // Taken from the kernel's driver for as long as this program holds it. Not every system has that: then a driver that
        // holds the interface makes it busy.
        libusb_set_auto_detach_kernel_driver(pointer, 1)
        try check(libusb_claim_interface(pointer, Int32(interface.number)), "libusb_claim_interface")
        guard interface.setting != 0 else { return }
        try check(
            libusb_set_interface_alt_setting(pointer, Int32(interface.number), Int32(interface.setting)),
            "libusb_set_interface_alt_setting")
    }

    deinit {
        libusb_release_interface(pointer, Int32(interface))
        libusb_close(pointer)
    }

    /// Ends the stall of an endpoint (USB 2.0, 9.4.5).
    func clearHalt(_ endpoint: USBEndpoint) throws(DeviceError) {
        try check(libusb_clear_halt(pointer, endpoint.address), "libusb_clear_halt")
    }
}
