import HAL

/// DLE EOT's questions (ESC/POS, "Transmit real-time status"), in the order to ask: the one that some printers do not know
/// comes last.
enum StatusQuestion: UInt8, CaseIterable {
    case printer = 1
    case offlineCause = 2
    case paper = 4
    case error = 3

    /// DLE EOT n.
    var command: [UInt8] { [0x10, 0x04, rawValue] }
}

extension PrinterCondition {
    /// What the answers to all questions say together.
    init(_ answers: [StatusQuestion: UInt8]) {
        self.init()
        let (printer, cause) = (answers[.printer] ?? 0, answers[.offlineCause] ?? 0)
        let (paper, error) = (answers[.paper] ?? 0, answers[.error] ?? 0)
        isOffline = printer & 0x08 != 0
        isCoverOpen = cause & 0x04 != 0
        isPaperOut = cause & 0x20 != 0 || paper & 0x60 != 0
        isPaperNearEnd = paper & 0x0C != 0
        isCutterJammed = error & 0x08 != 0
        hasError = cause & 0x40 != 0 || error & 0x20 != 0
        recoversItself = error & 0x40 != 0
    }

    /// What four bytes of automatic status say.
    init(change bytes: [UInt8]) {
        self.init()
        guard bytes.count == 4 else { return }
        isOffline = bytes[0] & 0x08 != 0
        isCoverOpen = bytes[0] & 0x20 != 0
        isCutterJammed = bytes[1] & 0x08 != 0
        hasError = bytes[1] & 0x60 != 0
        recoversItself = bytes[1] & 0x40 != 0
        isPaperNearEnd = bytes[2] & 0x03 != 0
        isPaperOut = bytes[2] & 0x0C != 0
    }

    /// What the port status of USB's printer class says; a printer that knows no better says 0x18, or 0.
    init(port: UInt8) {
        self.init()
        guard port & 0x38 != 0 else { return }
        isPaperOut = port & 0x20 != 0
        isOffline = port & 0x10 == 0
        hasError = port & 0x08 == 0
    }
}
