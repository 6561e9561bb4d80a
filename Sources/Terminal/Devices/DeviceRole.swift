/// What a device is there for, in the words of status and log.
public enum DeviceRole: String, Codable, Sendable, CaseIterable {
    case reader
    case contactlessReader = "contactless reader"
    case pinPad = "PIN pad"
    case scanner, display, printer
}
