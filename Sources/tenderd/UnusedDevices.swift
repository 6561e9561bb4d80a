import FoundationEssentials
import HAL
import Terminal
import USBDriver

/// What is plugged in and could be a device of the counter, told by its class alone and without opening it.
enum UnusedDevices {
    /// All there is on USB and among the serial lines, what is configured included.
    static func candidates(on bus: USBBus?) -> [UnusedDevice] {
        let devices = (bus ?? (try? USBBus()))?.devices ?? []
        return devices.flatMap(candidates) + serialLines
    }

    private static func candidates(_ device: USBDevice) -> [UnusedDevice] {
        let setting =
            #"{"usb": {"vendor": "\#(USBMatch.digits(device.vendor))", "product": "\#(USBMatch.digits(device.product))"}}"#
        func candidate(_ role: DeviceRole, _ rule: String) -> UnusedDevice {
            UnusedDevice(
                role: role, name: device.name, rule: rule,
                setting: #""\#(role.rawValue)": \#(setting)"#)
        }
        if device.interfaces.contains(where: \.isPrinter) { return [candidate(.printer, "USB class 07 (printer)")] }
        if device.interfaces.contains(where: \.isBootKeyboard) {
            return [candidate(.scanner, "USB keyboard: a scanner, if it is one, in keyboard mode")]
        }
        if device.interfaces.contains(where: { $0.isHID && !$0.isBootMouse }) {
            return [candidate(.scanner, "USB class 03 (HID): a scanner, if its usage is 8C:02")]
        }
        return []
    }

    /// The links that stay the same wherever a line is plugged in.
    private static var serialLines: [UnusedDevice] {
        let folder = "/dev/serial/by-id"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { name in
            UnusedDevice(
                role: .scanner, name: "\(folder)/\(name)", rule: "serial line: a scanner, a printer or a pole display",
                setting: #""scanner": {"serial": {"path": "\#(folder)/\#(name)"}}"#)
        }
    }
}
