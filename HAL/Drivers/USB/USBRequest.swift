/// A control request to an interface (USB 2.0, 9.3).
struct USBRequest {
    let type: UInt8
    let request: UInt8
    let value: UInt16
    let index: UInt16
    /// The most bytes of an answer.
    var answerBytes = 0

    /// The eight bytes at the head of the transfer.
    var setup: [UInt8] {
        [type, request]
            + [value, index, UInt16(clamping: answerBytes)].flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    }

    /// GET_DEVICE_ID (printer class 1.1, 4.2.1): the first configuration's.
    static func deviceID(of interface: USBInterface) -> USBRequest {
        let index = UInt16(interface.number) << 8 | UInt16(interface.setting)
        return USBRequest(type: 0xA1, request: 0, value: 0, index: index, answerBytes: 1023)
    }

    /// GET_PORT_STATUS (printer class 1.1, 4.2.2).
    static func portStatus(of interface: USBInterface) -> USBRequest {
        USBRequest(type: 0xA1, request: 1, value: 0, index: UInt16(interface.number), answerBytes: 1)
    }

    /// GET_DESCRIPTOR of the report descriptor (HID 1.11, 7.1.1).
    static func reportDescriptor(of interface: USBInterface) -> USBRequest {
        USBRequest(
            type: 0x81, request: 6, value: 0x2200, index: UInt16(interface.number),
            answerBytes: interface.reportDescriptorBytes ?? 0)
    }

    /// SET_IDLE 0 (HID 1.11, 7.2.4): a report only when something changes.
    static func silence(_ interface: USBInterface) -> USBRequest {
        USBRequest(type: 0x21, request: 0x0A, value: 0, index: UInt16(interface.number))
    }

    /// SET_PROTOCOL 0 (HID 1.11, 7.2.6): a keyboard's reports in the form that firmware knows.
    static func bootProtocol(_ interface: USBInterface) -> USBRequest {
        USBRequest(type: 0x21, request: 0x0B, value: 0, index: UInt16(interface.number))
    }
}
