/// What a printer's answers to DLE EOT 1–4 say (ESC/POS, "Transmit real-time status").
struct PrinterCondition: Equatable, Sendable {
    /// DLE EOT's questions, in the order to ask: the one that some printers do not know comes last.
    enum Question: UInt8, CaseIterable {
        case printer = 1
        case offlineCause = 2
        case paper = 4
        case error = 3

        /// DLE EOT n.
        var command: [UInt8] { [0x10, 0x04, rawValue] }
    }

    private(set) var isCoverOpen = false
    private(set) var isPaperOut = false
    private(set) var isPaperNearEnd = false
    private(set) var isOffline = false
    private(set) var hasError = false

    /// Whether a byte can be an answer to DLE EOT: bits 1 and 4 are set, 0 and 7 are not.
    static func isAnswer(_ byte: UInt8) -> Bool { byte & 0x93 == 0x12 }

    /// Takes the answer to `question`.
    mutating func take(_ answer: UInt8, to question: Question) {
        switch question {
        case .printer: isOffline = answer & 0x08 != 0
        case .offlineCause:
            isCoverOpen = answer & 0x04 != 0
            isPaperOut = isPaperOut || answer & 0x20 != 0
            hasError = hasError || answer & 0x40 != 0
        case .error: hasError = hasError || answer & 0x28 != 0
        case .paper:
            isPaperNearEnd = answer & 0x0C != 0
            isPaperOut = isPaperOut || answer & 0x60 != 0
        }
    }

    /// Why it cannot print; nil if it can.
    var trouble: String? {
        if isCoverOpen { return "cover open" }
        if isPaperOut { return "paper out" }
        if hasError { return "printer error" }
        if isOffline { return "offline" }
        return nil
    }
}
