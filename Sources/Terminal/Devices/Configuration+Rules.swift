import HAL

/// How each device is found, in words for the technician.
extension Configuration {
    /// The rules of the devices of `role`, in the order of the configuration.
    func rules(_ role: DeviceRole) -> [String] {
        switch role {
        case .reader: [reader.rule]
        case .contactlessReader: [contactlessReader?.rule].compactMap { $0 }
        case .pinPad: [pinPad?.rule].compactMap { $0 }
        case .scanner: [scanner?.place.rule].compactMap { $0 }
        case .display: displays.map(\.rule)
        case .printer: [printer?.place.rule].compactMap { $0 }
        }
    }
}

extension ReaderSettings {
    fileprivate var rule: String {
        switch self {
        case .pcsc(let name?): "PC/SC reader named \(name)"
        case .pcsc(nil): "first PC/SC reader"
        case .vpcd(let port): "simulated, port \(port)"
        }
    }
}

extension PINPadSettings {
    fileprivate var rule: String {
        switch self {
        case .simulated(let address): "simulated, \(address.host):\(address.port)"
        }
    }
}

extension PrinterSettings.Place {
    fileprivate var rule: String {
        switch self {
        case .usb(let device): device.rule("USB class 07 (printer)")
        case .network(let address): "network \(address.host):\(address.port)"
        case .serial(let line): line.rule
        }
    }
}

extension ScannerSettings.Place {
    fileprivate var rule: String {
        switch self {
        // A keyboard is taken for a scanner only where somebody says which.
        case .usb(let device) where device.isSpecific:
            device.rule("USB HID, usage 8C:02 (bar code scanner) or else a keyboard")
        case .usb(let device): device.rule("USB HID, usage 8C:02 (bar code scanner)")
        case .serial(let line): line.rule
        }
    }
}

extension DisplaySettings {
    fileprivate var rule: String {
        switch self {
        case .console(let path): "console \(path)"
        case .network(let address): "network \(address.host):\(address.port)"
        case .pole(let line, _): line.rule
        }
    }
}

extension USBMatch {
    fileprivate func rule(_ kind: String) -> String { words.isEmpty ? kind : "\(kind), \(words)" }
}

extension SerialLineSettings {
    fileprivate var rule: String { "serial line \(path), \(settings.baud) baud" }
}
