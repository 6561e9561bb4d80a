import CPCSC
import HAL

/// The one place that knows pcsc-lite's codes: throws unless `code` is success.
func check(_ code: LONG, _ operation: String) throws(DeviceError) {
    let number = tender_pcsc_code(code)
    guard number != 0 else { return }
    let kind: DeviceError.Kind =
        switch number {
        case 0x8010_0002, 0x8010_0012: .cancelled  // CANCELLED, SYSTEM_CANCELLED
        case 0x8010_000A: .timeout  // TIMEOUT
        case 0x8010_000B: .busy  // SHARING_VIOLATION
        case 0x8010_000C, 0x8010_0068, 0x8010_0069: .cardRemoved  // NO_SMARTCARD, RESET_CARD, REMOVED_CARD
        // NOT_TRANSACTED, UNSUPPORTED_CARD, UNRESPONSIVE_CARD, UNPOWERED_CARD
        case 0x8010_0016, 0x8010_0065, 0x8010_0066, 0x8010_0067: .cardMute
        // UNKNOWN_READER, NO_SERVICE, SERVICE_STOPPED, NO_READERS_AVAILABLE; COMM_ERROR is that with pcscd
        case 0x8010_0009, 0x8010_0013, 0x8010_001D, 0x8010_001E, 0x8010_002E: .absent
        case 0x8010_0017: .gone  // READER_UNAVAILABLE
        case 0x8010_0027, 0x8010_006A: .refused  // NO_ACCESS, SECURITY_VIOLATION (polkit)
        case 0x8010_000F, 0x8010_0015: .protocolViolation  // PROTO_MISMATCH, INVALID_ATR
        default: .other
        }
    throw DeviceError(kind, operation, code: "0x" + String(number, radix: 16, uppercase: true))
}
