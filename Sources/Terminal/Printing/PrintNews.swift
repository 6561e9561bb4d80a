import HAL
import Payments

/// What the print queue has to tell.
enum PrintNews: Equatable, Sendable {
    /// All that a payment brings, which began then, is on paper.
    case printed(RequestID, since: Uptime?)
    /// The printer cannot print; told once, and again when something else is wrong.
    case trouble(PrinterTrouble, RequestID?)
    /// It can again.
    case ready
}
