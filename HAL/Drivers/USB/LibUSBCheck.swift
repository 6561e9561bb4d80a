import CLibUSB
import HAL

/// Throws what a status of libusb other than success means: the only place that compares its codes.
@discardableResult
func check(_ status: Int32, _ operation: String) throws(DeviceError) -> Int32 {
    guard status < 0 else { return status }
    throw DeviceError(libusb: status, operation)
}

extension DeviceError {
    init(libusb status: Int32, _ operation: String) {
        let kind: Kind =
            switch libusb_error(rawValue: status) {
            case LIBUSB_ERROR_ACCESS: .refused
            case LIBUSB_ERROR_NO_DEVICE: .gone
            case LIBUSB_ERROR_NOT_FOUND: .absent
            case LIBUSB_ERROR_BUSY: .busy
            case LIBUSB_ERROR_TIMEOUT: .timeout
            case LIBUSB_ERROR_OVERFLOW, LIBUSB_ERROR_PIPE: .protocolViolation
            case LIBUSB_ERROR_INTERRUPTED: .cancelled
            default: .other
            }
        self.init(kind, operation, code: String(cString: libusb_error_name(status)))
    }

    /// What a transfer's end other than completion means.
    init(_ ending: libusb_transfer_status, _ operation: String) {
        switch ending {
        case LIBUSB_TRANSFER_TIMED_OUT: self.init(.timeout, operation)
        case LIBUSB_TRANSFER_CANCELLED: self.init(.cancelled, operation)
        case LIBUSB_TRANSFER_STALL: self.init(.protocolViolation, operation, code: "stalled")
        case LIBUSB_TRANSFER_NO_DEVICE: self.init(.gone, operation)
        case LIBUSB_TRANSFER_OVERFLOW: self.init(.protocolViolation, operation, code: "more data than asked for")
        default: self.init(.other, operation, code: "transfer failed")
        }
    }
}
