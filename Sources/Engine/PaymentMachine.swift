public import Payments

/// Decides what a card sale does next: told what happened, it answers what to do, in order.
///
/// The order keeps the money invariants: the request is in the journal before it leaves (M1), the outcome before it is
/// told (M9), and an authorization that may exist at the acquirer ends approved or marked for reversal (M2). The
/// machine knows no clock, no card and no secret; one machine serves one payment.
public struct PaymentMachine: Equatable, Sendable {
    /// What can happen to a sale.
    public enum Event: Equatable, Sendable {
        /// A register asks for it.
        case start(PaymentRequest)
        /// The record last asked for is durable.
        case persisted
        /// The record last asked for could not be written.
        case persistFailed(PaymentFailure)
        /// The acquirer can be reached, the working keys are there, no reversal waits.
        case linkReady
        /// It cannot be reached; nothing has left.
        case linkFailed(PaymentFailure)
        /// The card asks to go online: the authorization that would be sent.
        case cardRead(Authorization)
        /// The card's processing ended without going online.
        case cardEnded(Outcome)
        /// The request could not be sent: no byte has left.
        case notSent(PaymentFailure)
        /// A reply came that matches and whose MAC is right.
        case replied(Reply)
        /// No reply that can be trusted came, though the request may have arrived.
        case replyLost(PaymentFailure, ReversalReason)
        /// The card heard the reply; `agreed` unless it declined an approval.
        case cardCompleted(agreed: Bool, ChipResult?)
        /// The card could not be told the reply: it left or failed.
        case cardLost(PaymentFailure)
        /// Cashier, customer or shutdown wants it stopped.
        case cancel(Outcome.Canceller)
    }

    /// What a sale wants done.
    public enum Action: Equatable, Sendable {
        /// Make this durable, then say `persisted`. Always the only action: nothing else happens before it is done.
        case persist(Record)
        /// Sign in if needed, send pending reversals, then say `linkReady` or `linkFailed`.
        case prepareLink
        /// Read the card up to its first cryptogram.
        case readCard(PaymentRequest)
        /// Stop reading the card; its end is still awaited.
        case stopCard
        /// Send the authorization.
        case send(Authorization)
        /// Hand the reply to the card and finish it.
        case completeCard(Reply)
        /// Tell register and customer, and print. The last action of a sale.
        case finish(Outcome)
        /// The event does not belong here; it changes nothing.
        case ignore(Event)
    }

    /// Where a sale stands.
    enum State: Equatable, Sendable {
        case idle
        case savingRequest(PaymentRequest, cancelled: Outcome.Canceller?)
        case preparingLink(PaymentRequest)
        case readingCard(PaymentRequest)
        case stoppingCard(PaymentRequest, Outcome.Canceller)
        case savingAuthorization(Authorization, cancelled: Outcome.Canceller?)
        case awaitingReply(Authorization)
        case completingCard(Authorization, Reply)
        case savingOutcome(Outcome)
        case finished(Outcome)
    }

    private(set) var state = State.idle

    /// A sale that has not begun.
    public init() {}

    /// Takes one event and answers what to do.
    public mutating func handle(_ event: Event) -> [Action] {
        let (next, actions) = Self.step(state, event)
        state = next
        return actions
    }

    /// The next state and the actions that lead there.
    static func step(_ state: State, _ event: Event) -> (State, [Action]) {
        switch state {
        case .idle: begin(event)
        case .savingRequest, .preparingLink: prepare(state, event)
        case .readingCard, .stoppingCard: read(state, event)
        case .savingAuthorization, .awaitingReply: authorize(state, event)
        case .completingCard(let authorization, let reply): complete(authorization, reply, event)
        case .savingOutcome(let outcome): conclude(outcome, event)
        case .finished: (state, [.ignore(event)])
        }
    }
}

extension PaymentMachine {
    private static func begin(_ event: Event) -> (State, [Action]) {
        guard case .start(let request) = event else { return (.idle, [.ignore(event)]) }
        return (.savingRequest(request, cancelled: nil), [.persist(.accepted(request))])
    }

    private static func prepare(_ state: State, _ event: Event) -> (State, [Action]) {
        switch (state, event) {
        case (.savingRequest(let request, nil), .persisted):
            (.preparingLink(request), [.prepareLink])
        case (.savingRequest(let request, let canceller?), .persisted):
            save(.cancelled(by: canceller), of: request)
        case (.savingRequest, .persistFailed(let failure)):
            end(.failed(failure))
        case (.savingRequest(let request, nil), .cancel(let canceller)):
            (.savingRequest(request, cancelled: canceller), [])
        case (.preparingLink(let request), .linkReady):
            (.readingCard(request), [.readCard(request)])
        case (.preparingLink(let request), .linkFailed(let failure)):
            save(.failed(failure), of: request)
        case (.preparingLink(let request), .cancel(let canceller)):
            save(.cancelled(by: canceller), of: request)
        default:
            (state, [.ignore(event)])
        }
    }

    private static func read(_ state: State, _ event: Event) -> (State, [Action]) {
        switch (state, event) {
        case (.readingCard, .cardRead(let authorization)):
            (.savingAuthorization(authorization, cancelled: nil), [.persist(.authorization(authorization))])
        case (.readingCard(let request), .cardEnded(let outcome)):
            save(outcome, of: request)
        case (.readingCard(let request), .cancel(let canceller)):
            (.stoppingCard(request, canceller), [.stopCard])
        case (.stoppingCard(let request, let canceller), .cardRead),
            (.stoppingCard(let request, let canceller), .cardEnded):
            save(.cancelled(by: canceller), of: request)
        default:
            (state, [.ignore(event)])
        }
    }

    private static func authorize(_ state: State, _ event: Event) -> (State, [Action]) {
        switch (state, event) {
        case (.savingAuthorization(let authorization, nil), .persisted):
            (.awaitingReply(authorization), [.send(authorization)])
        case (.savingAuthorization(let authorization, let canceller?), .persisted):
            save(.cancelled(by: canceller), of: authorization.request)
        case (.savingAuthorization(let authorization, nil), .cancel(let canceller)):
            (.savingAuthorization(authorization, cancelled: canceller), [])
        case (.savingAuthorization, .persistFailed(let failure)):
            end(.failed(failure))
        case (.awaitingReply(let authorization), .notSent(let failure)):
            save(.failed(failure), of: authorization.request)
        case (.awaitingReply(let authorization), .replyLost(let failure, let reason)):
            save(.failed(failure), of: authorization.request, reversal: reason)
        case (.awaitingReply(let authorization), .replied(let reply)):
            (.completingCard(authorization, reply), [.completeCard(reply)])
        default:
            (state, [.ignore(event)])
        }
    }

    private static func complete(_ authorization: Authorization, _ reply: Reply, _ event: Event) -> (State, [Action]) {
        let request = authorization.request
        return switch (event, reply.verdict) {
        case (.cardCompleted(_, let chip), .declined): save(.declined(reply, chip), of: request)
        case (.cardLost, .declined): save(.declined(reply, nil), of: request)
        case (.cardCompleted(true, let chip), .approved): save(.approved(reply, chip), of: request)
        case (.cardCompleted(false, let chip), .approved):
            save(.declinedByCard(reply, chip), of: request, reversal: .notCompleted)
        case (.cardLost(let failure), .approved): save(.failed(failure), of: request, reversal: .notCompleted)
        default: (.completingCard(authorization, reply), [.ignore(event)])
        }
    }

    /// An outcome that cannot be written is not told as such: the journal still holds the authorization as open, so
    /// recovery reverses it, and the register hears that the payment failed.
    private static func conclude(_ outcome: Outcome, _ event: Event) -> (State, [Action]) {
        switch event {
        case .persisted: end(outcome)
        case .persistFailed(let failure): end(.failed(failure))
        default: (.savingOutcome(outcome), [.ignore(event)])
        }
    }

    private static func save(
        _ outcome: Outcome, of request: PaymentRequest, reversal: ReversalReason? = nil
    ) -> (State, [Action]) {
        (.savingOutcome(outcome), [.persist(.finished(request.id, outcome, reversal: reversal))])
    }

    private static func end(_ outcome: Outcome) -> (State, [Action]) {
        (.finished(outcome), [.finish(outcome)])
    }
}
