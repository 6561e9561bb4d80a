public import ISO8583

/// Which of its devices a terminal has working, as a status upload tells it (field 62).
public struct DeviceStatus: Hashable, Sendable {
    /// Whether the keys for the cashier work.
    public var keyboard: Bool
    /// Whether the PIN pad works.
    public var pinPad: Bool
    /// Whether the card reader works.
    public var reader: Bool
    /// Whether the printer works.
    public var printer: Bool
    /// Whether the screen works.
    public var screen: Bool

    /// A status of these parts.
    public init(keyboard: Bool = true, pinPad: Bool, reader: Bool, printer: Bool, screen: Bool = true) {
        self.keyboard = keyboard
        self.pinPad = pinPad
        self.reader = reader
        self.printer = printer
        self.screen = screen
    }

    /// As the message carries it.
    public var values: CodedValues {
        let parts = [("01", keyboard), ("02", pinPad), ("03", reader), ("04", printer), ("05", screen)]
        return CodedValues(parts.map { CodedValues.Item($0, ($1 ? "1" : "0").utf8) })
    }
}
