public import HAL
import Payments

/// The devices of one terminal. What is nil is not configured; what is there may still be absent from the counter.
public struct Devices: Sendable {
    /// Reads cards that are inserted.
    public let reader: any CardReader
    /// Reads cards and phones that are tapped.
    public let field: (any CardReader)?
    /// Takes PINs.
    public let pinPad: (any PINPad)?
    /// Speaks to the customer: the PIN pad's own display.
    public let display: (any CustomerDisplay)?
    /// Further displays; they show a message as soon as they can and never wait.
    public let displays: [any CustomerDisplay]
    /// Prints receipts.
    public let printer: (any ReceiptPrinter)?
    /// Reads bar codes and QR symbols.
    public let scanner: (any Scanner)?
    /// What is plugged in and could be configured, but is not.
    public let unused: @Sendable () async -> [UnusedDevice]
    /// Tells the time.
    public let clock: any TerminalClock
    /// Gives unpredictable numbers.
    public let entropy: any Entropy

    /// These devices.
    public init(
        reader: any CardReader, field: (any CardReader)? = nil, pinPad: (any PINPad)?, display: (any CustomerDisplay)?,
        displays: [any CustomerDisplay] = [], printer: (any ReceiptPrinter)?, scanner: (any Scanner)? = nil,
        unused: @escaping @Sendable () async -> [UnusedDevice] = { [] }, clock: any TerminalClock, entropy: any Entropy
    ) {
        self.reader = reader
        self.field = field
        self.pinPad = pinPad
        self.display = display
        self.displays = displays
        self.printer = printer
        self.scanner = scanner
        self.unused = unused
        self.clock = clock
        self.entropy = entropy
    }

    /// All of them, as a technician calls them, in the order of a payment.
    var all: [(role: DeviceRole, device: any Device)] {
        var all: [(role: DeviceRole, device: any Device)] = [(.reader, reader)]
        if let field { all.append((.contactlessReader, field)) }
        if let pinPad { all.append((.pinPad, pinPad)) }
        if let scanner { all.append((.scanner, scanner)) }
        all += displays.map { (.display, $0) }
        if let printer { all.append((.printer, printer)) }
        return all
    }

    /// Shows the customer a message, and waits until the PIN pad has it.
    func show(_ text: BilingualText, amount: Money?) async {
        for further in displays { await further.show(text, amount: amount) }
        await display?.show(text, amount: amount)
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
