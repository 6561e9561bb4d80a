/// A printer of receipts. It prints one document at a time, each whole.
public protocol ReceiptPrinter: Device {
    /// Tries once to print the whole document, and returns when the printer has confirmed it; one that confirms nothing, when
    /// it has taken all of it. `isRepeat`: an earlier try may be on paper whole.
    func print(_ document: any PrintDocument, isRepeat: Bool, deadline: Uptime) async throws(PrintFailure)
    /// Returns once the printer is there and nothing keeps it from printing. Throws `.timeout`, `.cancelled`.
    func awaitReady(deadline: Uptime) async throws(DeviceError)
    /// Opens the cash drawer that hangs on the printer. Throws `.refused` where none can.
    func openDrawer(deadline: Uptime) async throws(DeviceError)
    /// The profile in use, and what the printer says about itself; nil without a printer.
    func identify(deadline: Uptime) async throws(DeviceError) -> (profile: PrinterProfile, deviceID: String?)
}

/// What is to be printed, encoded when it is known for which printer.
public protocol PrintDocument: Sendable {
    /// What logs call it, `receipt of R-2041`.
    var name: String { get }
    /// The bytes for a printer of this profile, from `ESC @` to the cut. One that `isRepeat` says that it is a duplicate.
    func bytes(for profile: PrinterProfile, isRepeat: Bool) -> [UInt8]
}

/// Why a document was not printed, and what of it may be on paper.
public struct PrintFailure: Error, Equatable, Sendable {
    /// How far a document got.
    public enum Progress: String, Sendable {
        /// Nothing was sent.
        case nothing
        /// A part.
        case part
        /// All was sent and nothing confirmed.
        case perhapsAll
    }

    /// What happened; for a printer that says so itself its trouble is in `trouble`.
    public let error: DeviceError
    /// What a person has to mend.
    public let trouble: PrinterTrouble
    /// What may be on paper.
    public let progress: Progress

    /// A failure of these parts.
    public init(_ error: DeviceError, trouble: PrinterTrouble, progress: Progress) {
        self.error = error
        self.trouble = trouble
        self.progress = progress
    }
}
