public import Payments

/// What a crash left undone. Run it on every start, before the first payment; a second run finds nothing to do.
public enum Recovery {
    /// A payment that the journal holds without an outcome.
    public struct Unfinished: Equatable, Sendable {
        /// What the register asked for.
        public let request: PaymentRequest
        /// The authorization, if one was about to leave or had left.
        public let authorization: Authorization?

        /// A payment of these records.
        public init(request: PaymentRequest, authorization: Authorization?) {
            self.request = request
            self.authorization = authorization
        }
    }

    /// The records that close what is open, oldest first: such a payment failed, and where an authorization may exist
    /// at the acquirer it is marked for reversal. The card has no power any more, so none can still be completed.
    public static func plan(_ unfinished: [Unfinished]) -> [Record] {
        unfinished.map { payment in
            let detail =
                payment.authorization == nil
                ? "the terminal stopped before a request was made"
                : "the terminal stopped after the request was saved; it is reversed"
            return .finished(
                payment.request.id, .failed(PaymentFailure(.interrupted, detail)),
                reversal: payment.authorization == nil ? nil : .noReply)
        }
    }
}
