/// How a reversal ended.
public enum ReverseResult: Equatable, Sendable {
    /// The acquirer answered; `settlesReversal` tells whether anything is left to reverse.
    case answered(ResponseCode)
    /// No answer that counts, for this reason: send it again.
    case unanswered(String)
}
