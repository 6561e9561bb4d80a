public import Payments

/// Decides what becomes of one pending reversal in one attempt: it is sent, and its answer is kept before anything else
/// happens. An attempt without an answer leaves the reversal pending, for ever if need be (M2).
public struct ReversalMachine: Equatable, Sendable {
    /// What can happen to an attempt.
    public enum Event: Equatable, Sendable {
        /// Try now.
        case start
        /// The acquirer answered with this field 39; `settled` when the authorization surely does not stand any more.
        case answered(code: String, settled: Bool)
        /// The acquirer did not look at it: it wants a new sign-in first, says this field 39.
        case signInDemanded(code: String)
        /// No answer came.
        case unanswered(PaymentFailure)
        /// The answer is durable.
        case persisted
        /// The answer could not be written.
        case persistFailed(PaymentFailure)
    }

    /// What an attempt wants done.
    public enum Action: Equatable, Sendable {
        /// Send the reversal.
        case send
        /// Make this durable.
        case persist(Record)
        /// The attempt is over.
        case finish(Result)
        /// The event does not belong here.
        case ignore(Event)
    }

    /// How an attempt ends.
    public enum Result: Equatable, Sendable {
        /// The acquirer holds nothing any more.
        case settled
        /// The acquirer refused, with this field 39.
        case refused(code: String)
        /// The acquirer wants a new sign-in first, says this field 39; the reversal stays pending.
        case signInDemanded(code: String)
        /// Nothing is known; the reversal stays pending.
        case unanswered(PaymentFailure)
    }

    enum State: Equatable, Sendable {
        case idle
        case awaitingAnswer
        case savingAnswer(Result)
        case finished(Result)
    }

    private let id: RequestID
    private(set) var state = State.idle

    /// An attempt to reverse the authorization of the request `id`.
    public init(_ id: RequestID) { self.id = id }

    /// Takes one event and answers the one thing to do.
    public mutating func handle(_ event: Event) -> Action {
        let (next, action) = Self.step(id, state, event)
        state = next
        return action
    }

    static func step(_ id: RequestID, _ state: State, _ event: Event) -> (State, Action) {
        switch (state, event) {
        case (.idle, .start):
            (.awaitingAnswer, .send)
        case (.awaitingAnswer, .answered(let code, let settled)):
            (
                .savingAnswer(settled ? .settled : .refused(code: code)),
                .persist(.reversalAnswered(id, code: code, settled: settled))
            )
        case (.awaitingAnswer, .signInDemanded(let code)):
            (.finished(.signInDemanded(code: code)), .finish(.signInDemanded(code: code)))
        case (.awaitingAnswer, .unanswered(let failure)),
            (.savingAnswer, .persistFailed(let failure)):
            (.finished(.unanswered(failure)), .finish(.unanswered(failure)))
        case (.savingAnswer(let result), .persisted):
            (.finished(result), .finish(result))
        default:
            (state, .ignore(event))
        }
    }
}
