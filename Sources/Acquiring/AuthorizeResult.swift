public import Engine
import ISO8583
public import Payments

/// How an authorization ended. The difference between the cases is money.
public enum AuthorizeResult: Equatable, Sendable {
    /// The acquirer decided; numbers and MAC are right.
    case replied(Reply)
    /// No reply that counts, for this reason; the request may have arrived and must be reversed.
    case noReply(String)
    /// The reply's MAC was wrong; the request has arrived and must be reversed.
    case badMAC
    /// Nothing left, for this reason.
    case unreachable(String)
}

extension AuthorizeResult {
    /// What an exchange that began with the request of a payment came to.
    public init(_ answer: Exchange.Answer, _ dialect: UnionPayDialect) {
        self =
            switch answer {
            case .reply(let message): .replied(dialect.reply(message))
            case .badMAC: .badMAC
            case .none(let detail): .noReply(detail)
            case .unsent(let detail): .unreachable(detail)
            }
    }

    /// What the payment's machine is told. An acquirer that wants a new sign-in (77, 99, A0) did not look at the request;
    /// it is reversed to be sure. A number is never used twice in a batch (M7), so "duplicate" (94) speaks of a
    /// copy of this very request that came before it, and was perhaps approved: the answer is not known.
    /// `canStore` if the shop takes this payment without the acquirer.
    public func event(canStore: Bool) -> PaymentMachine.Event {
        switch self {
        case .replied(let reply) where reply.code == "94":
            .replyLost(PaymentFailure(.badReply, "the acquirer answers a copy of the request (94)"), .noReply)
        case .replied(let reply) where ResponseCode(reply.code).demandsSignIn:
            .rejected(reply, reply.code == ReversalReason.badMAC.responseCode ? .badMAC : .notCompleted)
        case .replied(let reply): .replied(reply)
        case .noReply(let detail): .replyLost(PaymentFailure(.noReply, detail), .noReply)
        case .badMAC:
            .replyLost(
                PaymentFailure(.badReply, "the reply's MAC is wrong: working keys differ, or somebody changed it"),
                .badMAC)
        case .unreachable(let detail): .notSent(PaymentFailure(.acquirerUnreachable, detail), canStore: canStore)
        }
    }

    /// Whether the working keys are good for nothing any more: only a new sign-in helps.
    public var demandsSignIn: Bool {
        switch self {
        case .replied(let reply): ResponseCode(reply.code).demandsSignIn
        case .badMAC: true
        case .noReply, .unreachable: false
        }
    }
}
