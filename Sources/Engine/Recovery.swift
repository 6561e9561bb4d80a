public import Payments

/// What a crash left undone. Run it on every start, before the first payment; a second run finds nothing to do.
public enum Recovery {
    /// The records that close the payments that have no outcome, oldest first. Where an authorization may exist at the
    /// acquirer it is marked for reversal, or, of a kind that is never reversed, stored to be repeated until it is
    /// answered. The card has no power any more, so no request can still be completed.
    public static func plan(_ unfinished: [PaymentState]) -> [Record] {
        unfinished.map { payment in
            let request = payment.request
            guard payment.authorization != nil else {
                return close(request, "the terminal stopped before a request was made", reversal: nil)
            }
            return switch request.kind.manner {
            case .request:
                close(
                    request, "the terminal stopped after the request was saved; it is reversed", reversal: .noReply)
            case .inquiry:
                close(request, "the terminal stopped before the answer came", reversal: nil)
            case .repeatedRequest, .advice:
                .finished(request.id, .stored(.advice, nil), reversal: nil, scriptNumber: nil)
            }
        }
    }

    private static func close(_ request: PaymentRequest, _ detail: String, reversal: ReversalReason?) -> Record {
        .finished(
            request.id, .failed(PaymentFailure(.interrupted, detail)), reversal: reversal, scriptNumber: nil)
    }
}
