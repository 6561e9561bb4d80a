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

    /// Whether a byte can be an answer: bits 1 and 4 are set, 0 and 7 are not.
    static func isAnswer(_ byte: UInt8) -> Bool { byte & 0x93 == 0x12 }
}

extension PrinterCondition {
    /// Takes the answer to `question`.
    mutating func take(_ answer: UInt8, to question: StatusQuestion) {
        switch question {
        case .printer: isOffline = answer & 0x08 != 0
        case .offlineCause:
            isCoverOpen = answer & 0x04 != 0
            isPaperOut = isPaperOut || answer & 0x20 != 0
            hasError = hasError || answer & 0x40 != 0
        case .error:
            isCutterJammed = answer & 0x08 != 0
            hasError = hasError || answer & 0x20 != 0
        case .paper:
            isPaperNearEnd = answer & 0x0C != 0
            isPaperOut = isPaperOut || answer & 0x60 != 0
        }
    }
}
