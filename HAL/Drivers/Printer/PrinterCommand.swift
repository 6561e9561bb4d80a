import HAL

/// The commands that a driver sends beside a document (ESC/POS). The real-time ones, which begin with DLE, are obeyed as
/// they arrive, whatever waits in the printer's buffer; the others in their turn.
enum PrinterCommand {
    /// ESC @: forgets what is set and what of a line is not printed yet.
    static let initialize: [UInt8] = [0x1B, 0x40]
    /// GS a: tells of each change of online, error and paper state unasked; until the next ESC @.
    static let tellChanges: [UInt8] = [0x1D, 0x61, 0x0E]
    /// GS r 1: answered when all before it has been performed.
    static let mark: [UInt8] = [0x1D, 0x72, 0x01]
    /// DLE ENQ 2: goes on after an error whose cause is gone, without what was not printed.
    static let recover: [UInt8] = [0x10, 0x05, 0x02]
    /// DLE DC4 8: forgets all that is not printed.
    static let clear: [UInt8] = [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08]
    /// What is answered to `clear`.
    static let cleared: [UInt8] = [0x37, 0x25, 0x00]
    /// ESC p: a pulse of 50 ms on pin 2.
    static let openDrawer: [UInt8] = [0x1B, 0x70, 0x00, 0x19, 0x19]

    /// Sets apart what is on the paper already.
    static func cut(_ cutter: PrinterProfile.Cutter) -> [UInt8] {
        switch cutter {
        case .none: [0x0A, 0x0A, 0x0A, 0x0A]
        case .partial: [0x0A, 0x1D, 0x56, 0x42, 0x03]
        case .full: [0x0A, 0x1D, 0x56, 0x41, 0x03]
        }
    }
}
