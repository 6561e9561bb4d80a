public import Engine
import ISO8583
import Payments

/// How a reversal ended.
public enum ReverseResult: Equatable, Sendable {
    /// The acquirer answered; `settlesReversal` tells whether anything is left to reverse.
    case answered(ResponseCode)
    /// The answer's MAC was wrong: the two sides have different working keys, so only a new sign-in helps.
    case badMAC
    /// No answer that counts, for this reason: send it again.
    case unanswered(String)
}

extension ReverseResult {
    /// What an exchange that began with a reversal came to.
    public init(_ answer: Exchange.Answer) {
        self =
            switch answer {
            case .reply(let message): .answered(ResponseCode(message.text(39) ?? ""))
            case .badMAC: .badMAC
            case .none(let detail), .unsent(let detail): .unanswered(detail)
            }
    }

    /// What the reversal's machine is told.
    public var event: ReversalMachine.Event {
        switch self {
        case .answered(let code) where code.demandsSignIn: .signInDemanded(code: code.code)
        case .badMAC: .signInDemanded(code: ReversalReason.badMAC.responseCode)
        case .answered(let code): .answered(code: code.code, settled: code.settlesReversal)
        case .unanswered(let detail): .unanswered(PaymentFailure(.noReply, detail))
        }
    }
}
