import HAL
public import Payments

/// Whether a payment's receipts are on paper.
public struct ReceiptState: Codable, Sendable, Equatable {
    /// What became of them.
    public enum State: String, Codable, Sendable {
        /// They are printed, or wait for the printer.
        case printed, waiting
        /// The printer failed too often; they are printed when somebody asks for it.
        case notPrinted
    }

    /// What became of them.
    public let state: State
    /// What keeps them from being printed, for programs: a `PrinterTrouble`.
    public let trouble: String?
    /// The same for the cashier: what is wrong and what to do.
    public let text: BilingualText?

    /// A state, and what is wrong.
    init(_ state: State, _ trouble: PrinterTrouble? = nil) {
        self.state = state
        self.trouble = trouble?.rawValue
        text = trouble?.text
    }
}
