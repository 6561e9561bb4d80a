/// Tells apart what a printer sends: all of it comes down one line, and only fixed bits say what is what.
struct PrinterAnswers: Equatable, Sendable {
    enum Answer: Equatable, Sendable {
        /// To DLE EOT: bits 1 and 4 are set, 0 and 7 are not.
        case status(UInt8)
        /// Four bytes that GS a asked for: bit 4 of the first is set, bits 0, 1 and 7 are not; of the others neither 4 nor 7.
        case change([UInt8])
        /// To GS r 1.
        case mark
        /// To DLE DC4 8.
        case cleared
    }

    /// Bytes that mean nothing.
    private(set) var garbage = 0
    private var begun: [UInt8] = []

    /// The answers that are whole with these bytes.
    mutating func take(_ bytes: [UInt8]) -> [Answer] { bytes.compactMap { take($0) } }

    private mutating func take(_ byte: UInt8) -> Answer? {
        if let first = begun.first {
            let fits =
                first == PrinterCommand.cleared[0] ? byte == PrinterCommand.cleared[begun.count] : byte & 0x90 == 0
            guard fits else {
                garbage += begun.count
                begun = []
                return take(byte)
            }
            begun.append(byte)
            let whole = begun
            if whole == PrinterCommand.cleared {
                begun = []
                return .cleared
            }
            if whole.count == 4 {
                begun = []
                return .change(whole)
            }
            return nil
        }
        switch byte {
        // XON and XOFF.
        case 0x11, 0x13: return nil
        case PrinterCommand.cleared[0]:
            begun = [byte]
            return nil
        case _ where byte & 0x93 == 0x12: return .status(byte)
        case _ where byte & 0x93 == 0x10:
            begun = [byte]
            return nil
        case _ where byte & 0xF0 == 0: return .mark
        default:
            garbage += 1
            return nil
        }
    }
}
