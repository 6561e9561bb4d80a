/// A promise about money that a world saw broken.
public struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The promises (`docs/architecture.md`).
    public enum Promise: String, Sendable {
        /// Nothing financial leaves before it is durable.
        case m1 = "M1"
        /// What may exist at the acquirer is completed or reversed in the end.
        case m2 = "M2"
        /// One request, at most one capture.
        case m3 = "M3"
        /// A reversal goes before the next payment.
        case m4 = "M4"
        /// What was approved here is uploaded once, in order, before its batch is settled.
        case m5 = "M5"
        /// After the settlement the totals agree.
        case m6 = "M6"
        /// A number is used once in a batch, and the batch moves when it is settled.
        case m7 = "M7"
        /// No secret of a card leaves the terminal but to the acquirer.
        case m8 = "M8"
        /// The same question has the same answer.
        case m9 = "M9"
        /// A printer changes nothing about the money.
        case m10 = "M10"
        /// Journal, ledger, register and customer agree in the end.
        case reconciliation
        /// All comes to rest once nothing goes wrong any more.
        case liveness
        /// The terminal asked its journal for something that cannot be.
        case contradiction
    }

    /// Which one.
    public let promise: Promise
    /// What was seen.
    public let detail: String

    init(_ promise: Promise, _ detail: String) {
        self.promise = promise
        self.detail = detail
    }

    /// Both in one line.
    public var description: String { "\(promise.rawValue): \(detail)" }
}
