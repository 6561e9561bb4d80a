public import Payments

/// Decides what becomes of one attempt to deliver what a payment owes the acquirer: it is sent, and its answer is kept
/// before anything else happens. An attempt without an answer leaves it owed, for ever if need be (M2, M5).
public struct DeliveryMachine: Equatable, Sendable {
    /// What can happen to an attempt.
    public enum Event: Equatable, Sendable {
        /// Try now. A deferred authorization that was lost and taken back needs this new one first.
        case start(anew: Authorization?)
        /// The acquirer answered. `accepted`: it has it, or, of a reversal, surely holds nothing any more.
        case answered(Reply, accepted: Bool)
        /// The acquirer did not look at it: it wants a new sign-in first, says this field 39.
        case signInDemanded(code: String)
        /// No answer came, or one that says to try later.
        case unanswered(PaymentFailure)
        /// A deferred authorization left, and nobody knows what became of it.
        case lost(PaymentFailure, ReversalReason)
        /// What was last asked for is durable.
        case persisted
        /// It could not be written.
        case persistFailed(PaymentFailure)
    }

    /// What an attempt wants done.
    public enum Action: Equatable, Sendable {
        /// Send it, with this authorization if it is a new one.
        case send(anew: Authorization?)
        /// Make this durable.
        case persist(Record)
        /// The attempt is over.
        case finish(Result)
        /// The event does not belong here.
        case ignore(Event)
    }

    /// How an attempt ends.
    public enum Result: Equatable, Sendable {
        /// Nothing is owed any more.
        case accepted
        /// The acquirer refused, with this field 39.
        case refused(code: String)
        /// The acquirer wants a new sign-in first, says this field 39; it is still owed.
        case signInDemanded(code: String)
        /// Nothing is known; it is still owed.
        case unanswered(PaymentFailure)
    }

    enum State: Equatable, Sendable {
        case idle
        case savingAuthorization(Authorization)
        case awaitingAnswer
        case savingAnswer(Result)
        case finished(Result)
    }

    private let delivery: Delivery
    private let id: RequestID
    private(set) var state = State.idle

    /// An attempt at what the payment `id` owes.
    public init(_ delivery: Delivery, of id: RequestID) {
        self.delivery = delivery
        self.id = id
    }

    /// Takes one event and answers the one thing to do.
    public mutating func handle(_ event: Event) -> Action {
        let (next, action) = step(event)
        state = next
        return action
    }

    func step(_ event: Event) -> (State, Action) {
        switch (state, event) {
        case (.idle, .start(nil)):
            (.awaitingAnswer, .send(anew: nil))
        case (.idle, .start(let authorization?)):
            (.savingAuthorization(authorization), .persist(.authorization(authorization)))
        case (.savingAuthorization(let authorization), .persisted):
            (.awaitingAnswer, .send(anew: authorization))
        case (.awaitingAnswer, .answered(let reply, let accepted)):
            (
                .savingAnswer(accepted ? .accepted : .refused(code: reply.code)),
                .persist(record(of: reply, accepted: accepted))
            )
        case (.awaitingAnswer, .lost(let failure, let reason)) where delivery == .stored:
            (.savingAnswer(.unanswered(failure)), .persist(.storedLost(id, reason)))
        case (.awaitingAnswer, .signInDemanded(let code)):
            end(.signInDemanded(code: code))
        case (.awaitingAnswer, .unanswered(let failure)), (.awaitingAnswer, .lost(let failure, _)),
            (.savingAnswer, .persistFailed(let failure)),
            (.savingAuthorization, .persistFailed(let failure)):
            end(.unanswered(failure))
        case (.savingAnswer(let result), .persisted):
            end(result)
        default:
            (state, .ignore(event))
        }
    }

    private func end(_ result: Result) -> (State, Action) { (.finished(result), .finish(result)) }

    private func record(of reply: Reply, accepted: Bool) -> Record {
        switch delivery {
        case .reversal: .reversalAnswered(id, code: reply.code, settled: accepted)
        case .stored: .storedAnswered(id, reply, accepted: accepted)
        case .scriptResult: .scriptAnswered(id, code: reply.code)
        }
    }
}
