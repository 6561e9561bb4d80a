public import HAL

/// A device that is plugged in, with what it says about itself.
public struct USBDevice: Sendable {
    /// The port as the kernel writes it, bus and ports: `1-2.3`.
    public let port: String
    /// idVendor.
    public let vendor: UInt16
    /// idProduct.
    public let product: UInt16
    /// iManufacturer; empty if it has none. Printable ASCII and letters only, at most 64 characters.
    public let manufacturer: String
    /// iProduct; empty if it has none.
    public let productName: String
    /// iSerialNumber; empty if it has none.
    public let serial: String
    /// Its interfaces, or why its descriptors cannot be believed.
    public let descriptors: Result<USBDescriptors, DeviceError>

    let reference: USBDeviceReference

    /// Port, ids and names: `usb 1-2 04b8:0202 EPSON TM-T88V`.
    public var name: String {
        let names = [manufacturer, productName].filter { !$0.isEmpty }
        return (["usb", port, "\(USBMatch.digits(vendor)):\(USBMatch.digits(product))"] + names).joined(separator: " ")
    }

    /// None if the descriptors cannot be believed.
    public var interfaces: [USBInterface] { (try? descriptors.get().interfaces) ?? [] }

    /// Why its descriptors cannot be believed.
    public var fault: DeviceError? {
        if case .failure(let error) = descriptors { error } else { nil }
    }
}

extension USBMatch {
    func accepts(_ device: USBDevice) -> Bool {
        (vendor ?? device.vendor) == device.vendor && (product ?? device.product) == device.product
            && (serial ?? device.serial) == device.serial && (port ?? device.port) == device.port
    }
}
