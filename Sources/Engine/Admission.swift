public import Payments

/// What becomes of a register's question for a payment, before anything is done: the same id is never a second payment
/// (M3, M9), one payment runs at a time, and none while a batch is being settled.
public enum Admission: Equatable, Sendable {
    /// It is new: begin it.
    case begin
    /// It runs: its outcome is the answer.
    case joinRunning
    /// It was taken before: answer what the journal knows.
    case answerKnown
    /// Its id was used for another payment, over this amount.
    case conflict(Money)
    /// The terminal takes no new payment.
    case stopping
    /// The batch is being settled.
    case settling
    /// Another payment runs.
    case busy(RequestID)

    /// Decides about `request`; `known` is what the journal took under its id.
    public init(
        of request: PaymentRequest, known: PaymentRequest?, running: RequestID?, isStopping: Bool, isSettling: Bool
    ) {
        self =
            if let known {
                !known.asksTheSame(request)
                    ? .conflict(known.amount) : running == request.id ? .joinRunning : .answerKnown
            } else if isStopping {
                .stopping
            } else if isSettling {
                .settling
            } else if let running {
                .busy(running)
            } else {
                .begin
            }
    }
}

extension PaymentRequest {
    /// Whether a register that asks again asks for the same: what moves how much, and what it follows up.
    fileprivate func asksTheSame(_ other: PaymentRequest) -> Bool {
        guard (kind, amount, tip, channel) == (other.kind, other.amount, other.tip, other.channel) else { return false }
        // Beside an id, the numbers are the journal's; without one they are the register's own.
        return original?.id == other.original?.id && (original?.id != nil || original == other.original)
    }
}
