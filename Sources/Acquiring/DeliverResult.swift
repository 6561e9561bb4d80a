public import Engine
import ISO8583
public import Payments

/// What became of a message that is sent until it is answered: of a reversal, a stored payment, a script result, or one
/// message of a batch upload.
public enum DeliverResult: Equatable, Sendable {
    /// The acquirer answered. Accepted: nothing is left to deliver; of a reversal, the acquirer holds nothing any more.
    /// Otherwise it refuses, and will refuse again.
    case answered(Reply, accepted: Bool)
    /// The acquirer did not look at it, says this field 39, or the answer's MAC was wrong: only a new sign-in helps.
    case signInDemanded(code: String)
    /// A deferred authorization may have been approved, and nobody knows: it is reversed, for this reason, and made anew.
    case lost(ReversalReason, String)
    /// No answer that counts, for this reason: send it again.
    case unanswered(String)
}

extension DeliverResult {
    /// What an exchange that began with a payment's delivery came to.
    public init(_ answer: Exchange.Answer, to delivery: PendingDelivery, _ dialect: UnionPayDialect) {
        switch delivery.delivery {
        case .reversal: self.init(answer, dialect) { $0.settlesReversal }
        case .scriptResult: self.init(answer, dialect, orRepeat: \.asksToRepeat) { _ in true }
        case .stored:
            if case .stored(.deferred, _) = delivery.payment.outcome {
                self.init(deferred: answer, dialect)
            } else {
                self.init(answer, dialect, orRepeat: \.asksToRepeat) { $0.acceptsStored }
            }
        }
    }

    /// What an exchange that began with a message of a batch upload came to.
    public init(uploaded answer: Exchange.Answer, _ dialect: UnionPayDialect) {
        self.init(answer, dialect, orRepeat: \.asksToRepeat) { $0.acceptsStored }
    }

    private init(
        _ answer: Exchange.Answer, _ dialect: UnionPayDialect,
        orRepeat repeats: (ResponseCode) -> Bool = { _ in false }, accepts: (ResponseCode) -> Bool
    ) {
        switch answer {
        case .reply(let message):
            let reply = dialect.reply(message)
            let code = ResponseCode(reply.code)
            if code.demandsSignIn {
                self = .signInDemanded(code: code.code)
            } else if repeats(code) {
                self = .unanswered("the acquirer answers \(code.code): \(code.text.english)")
            } else {
                self = .answered(reply, accepted: accepts(code))
            }
        case .badMAC: self = .signInDemanded(code: ReversalReason.badMAC.responseCode)
        case .none(let detail), .unsent(let detail): self = .unanswered(detail)
        }
    }

    /// The acquirer decides on a deferred authorization only now: as long as it may have approved, it is as much in the
    /// dark as a sale whose reply was lost. "Duplicate" speaks of a copy that came before. Where the batch is no longer the
    /// acquirer's (77), only a new one in the batch that runs can be granted.
    private init(deferred answer: Exchange.Answer, _ dialect: UnionPayDialect) {
        switch answer {
        case .none(let detail): self = .lost(.noReply, detail)
        case .badMAC: self = .lost(.badMAC, "the reply's MAC is wrong")
        case .reply(let message) where ["68", "77", "94", "98"].contains(message.text(39)):
            let code = ResponseCode(message.text(39) ?? "")
            self = .lost(
                code.demandsSignIn ? .notCompleted : .noReply, "the acquirer answers \(code.code): \(code.text.english)"
            )
        case .reply, .unsent: self.init(answer, dialect, orRepeat: \.asksToRepeat) { $0.kind == .approved }
        }
    }

    /// What the delivery's machine is told.
    public var event: DeliveryMachine.Event {
        switch self {
        case .answered(let reply, let accepted): .answered(reply, accepted: accepted)
        case .signInDemanded(let code): .signInDemanded(code: code)
        case .lost(let reason, let detail):
            .lost(PaymentFailure(reason == .badMAC ? .badReply : .noReply, detail), reason)
        case .unanswered(let detail): .unanswered(PaymentFailure(.noReply, detail))
        }
    }

    /// What the settlement's machine is told of a message of its upload.
    public var uploadEvent: SettlementMachine.Event {
        switch self {
        case .answered(let reply, let accepted): .answered(code: reply.code, accepted: accepted)
        case .signInDemanded(let code): .unanswered(PaymentFailure(.noReply, "the acquirer wants a sign-in (\(code))"))
        case .lost(_, let detail), .unanswered(let detail): .unanswered(PaymentFailure(.noReply, detail))
        }
    }

    /// Whether the working keys are good for nothing any more: only a new sign-in helps.
    public var demandsSignIn: Bool {
        switch self {
        case .signInDemanded, .lost(.badMAC, _), .lost(.notCompleted, _): true
        case .answered, .lost, .unanswered: false
        }
    }
}
