public import HAL

/// The devices of one terminal. What is nil is not configured; what is there may still be absent from the counter.
public struct Devices: Sendable {
    /// Reads cards that are inserted.
    public let reader: any CardReader
    /// Reads cards and phones that are tapped.
    public let field: (any CardReader)?
    /// Takes PINs.
    public let pinPad: (any PINPad)?
    /// Speaks to the customer.
    public let display: (any CustomerDisplay)?
    /// Prints receipts.
    public let printer: (any ReceiptPrinter)?
    /// Tells the time.
    public let clock: any TerminalClock
    /// Gives unpredictable numbers.
    public let entropy: any Entropy

    /// These devices.
    public init(
        reader: any CardReader, field: (any CardReader)? = nil, pinPad: (any PINPad)?, display: (any CustomerDisplay)?,
        printer: (any ReceiptPrinter)?, clock: any TerminalClock, entropy: any Entropy
    ) {
        self.reader = reader
        self.field = field
        self.pinPad = pinPad
        self.display = display
        self.printer = printer
        self.clock = clock
        self.entropy = entropy
    }

    /// How a PIN can go to a card in the slot now: from the reader's own keys, or from the PIN pad.
    var offlinePINMethods: Set<OfflinePINMethod> {
        get async {
            async let ofReader = reader.offlinePINMethods()
            async let ofPad = pinPad?.offlinePINMethods() ?? []
            return await ofReader.union(ofPad)
        }
    }
}
