/// One function of a device, in one of its settings (USB 2.0, 9.6.5).
public struct USBInterface: Equatable, Sendable {
    /// What it is for, as the USB-IF numbers it: class, subclass, protocol.
    public struct Purpose: Equatable, Sendable {
        let classCode: UInt8
        let subclass: UInt8
        let protocolCode: UInt8
    }

    /// bInterfaceNumber.
    public let number: UInt8
    /// bAlternateSetting.
    public let setting: UInt8
    /// What it is for.
    public let purpose: Purpose
    /// Where its data goes in and out.
    public internal(set) var endpoints: [USBEndpoint] = []
    /// Length of the report descriptor, of an interface of class HID (HID 1.11, 6.2.1).
    public internal(set) var reportDescriptorBytes: Int?

    init(number: UInt8, setting: UInt8, purpose: Purpose) {
        self.number = number
        self.setting = setting
        self.purpose = purpose
    }

    /// The first endpoint of `kind` in that direction.
    func endpoint(_ kind: USBEndpoint.Kind, isInput: Bool) -> USBEndpoint? {
        endpoints.first { $0.kind == kind && $0.isInput == isInput }
    }
}

extension USBInterface {
    /// A printer (printer class 1.1, 4.2.1): one way, or both; the third protocol, 1284.4 packets, carries no plain bytes.
    public var isPrinter: Bool {
        purpose.classCode == 0x07 && purpose.subclass == 0x01 && (1...2).contains(purpose.protocolCode)
            && endpoint(.bulk, isInput: false) != nil
    }
    /// A human interface with reports to read; only its report descriptor says what it is.
    public var isHID: Bool {
        purpose.classCode == 0x03 && reportDescriptorBytes != nil && endpoint(.interrupt, isInput: true) != nil
    }
    /// A keyboard in the form that firmware knows (HID 1.11, appendix B.1): what a scanner in keyboard mode is too.
    public var isBootKeyboard: Bool { isHID && purpose.subclass == 0x01 && purpose.protocolCode == 0x01 }
    /// A mouse in the form that firmware knows.
    public var isBootMouse: Bool { isHID && purpose.subclass == 0x01 && purpose.protocolCode == 0x02 }
}
