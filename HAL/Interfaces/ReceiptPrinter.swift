/// A printer of receipts.
public protocol ReceiptPrinter: Sendable {
    /// Prints a whole job (ESC/POS bytes) and returns when the printer has taken it.
    func print(_ job: [UInt8], deadline: Uptime) async throws(DeviceError)
    /// Asks for paper and cover.
    func status() async -> DeviceStatus
}
