public import Payments

/// The EMV contact kernel: told what the card answered, it says what to send next, until the transaction is decided.
/// A pure value: no reader, clock or randomness inside (EMV 4.4 Book 3, 8 and Book 4, 6.3).
public struct ContactKernel: Equatable, Sendable {
    let terminal: TerminalData
    let transaction: TransactionData

    /// A kernel for one transaction at one terminal.
    public init(terminal: TerminalData, transaction: TransactionData) {
        self.terminal = terminal
        self.transaction = transaction
    }

    /// How far the transaction is.
    public var phase: Phase { .idle }
    /// The selected application, once it is.
    public var application: CardApplication? { nil }
    /// The card, once its records are read.
    public var card: CardRead? { nil }
    /// Data objects for field 55 of a reversal, as far as they are known by now: 95 9F1E 9F10 9F36 DF31.
    public var reversalData: [UInt8] { [] }

    /// Tells the kernel what happened, and answers what to do.
    public mutating func handle(_ event: Event) -> Action { .ignore }
}
