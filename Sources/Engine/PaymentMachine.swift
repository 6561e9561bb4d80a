public import Payments

/// Decides what a payment does next, of whatever kind: told what happened, it answers what to do, in order.
///
/// The order keeps the money invariants: the request is in the journal before it leaves (M1), the outcome before it is
/// told (M9), and an authorization that may exist at the acquirer ends approved, marked for reversal or stored to be
/// repeated (M2). The machine knows no clock, no card and no secret; one machine serves one payment.
public struct PaymentMachine: Equatable, Sendable {
    /// What can happen to a payment.
    public enum Event: Equatable, Sendable {
        /// A register asks for it.
        case start(PaymentRequest)
        /// What was last asked for is durable.
        case persisted
        /// It could not be written.
        case persistFailed(PaymentFailure)
        /// The acquirer can be reached, the working keys are there, nothing that goes before is open.
        case linkReady
        /// It cannot be reached; nothing has left. `canStore` if the shop takes such a payment without it.
        case linkFailed(PaymentFailure, canStore: Bool)
        /// The card's data are there, and the authorization that would be sent or stored.
        case cardRead(Authorization)
        /// Card and terminal approved it between themselves.
        case cardApprovedOffline(Authorization, ChipResult)
        /// The card wants the issuer asked, who cannot be reached; the shop takes the risk until it can.
        case cardDeferred(Authorization)
        /// The card's processing ended without an approval and without a request.
        case cardEnded(Outcome)
        /// The request could not be sent: no byte has left. `canStore` as with `linkFailed`.
        case notSent(PaymentFailure, canStore: Bool)
        /// A reply came that matches and whose MAC is right.
        case replied(Reply)
        /// The acquirer refused without looking: it wants a new sign-in. Taken back all the same, to be sure.
        case rejected(Reply, ReversalReason)
        /// No reply that can be trusted came, though the request may have arrived.
        case replyLost(PaymentFailure, ReversalReason)
        /// The card heard the reply; `agreed` unless it declined an approval. The number is for the result of the
        /// issuer's scripts, if there were any.
        case cardCompleted(agreed: Bool, ChipResult?, scriptNumber: STAN?)
        /// The card could not be told the reply: it left or failed.
        case cardLost(PaymentFailure)
        /// Cashier, customer or shutdown wants it stopped.
        case cancel(Outcome.Canceller)
    }

    /// What a payment wants done.
    public enum Action: Equatable, Sendable {
        /// Make these durable in one commit, then say `persisted`. Always the only action: nothing else happens before.
        case persist([Record])
        /// Sign in if needed, deliver what goes before, then say `linkReady` or `linkFailed`.
        case prepareLink
        /// Get the card's data: by the card itself up to its first cryptogram, from the journal, or as typed. The issuer
        /// is asked only where `online` says so.
        case readCard(PaymentRequest, attempt: Int, online: Bool)
        /// Stop reading the card; its end is still awaited.
        case stopCard
        /// Send the authorization.
        case send(Authorization)
        /// Hand the reply to the card, if there is one, and finish it.
        case completeCard(Reply)
        /// Tell the card that its issuer cannot be asked: it approves or declines.
        case completeCardOffline(Authorization)
        /// Tell register and customer, and print. The last action of a payment.
        case finish(Outcome)
        /// The event does not belong here; it changes nothing.
        case ignore(Event)
    }

    /// Where a payment stands.
    enum State: Equatable, Sendable {
        case idle
        case savingRequest(PaymentRequest, cancelled: Outcome.Canceller?)
        case preparingLink(PaymentRequest)
        /// With a failure, the acquirer could not be reached for this reason.
        case readingCard(PaymentRequest, attempt: Int, PaymentFailure?)
        case stoppingCard(PaymentRequest, Outcome.Canceller)
        case savingAuthorization(Authorization, cancelled: Outcome.Canceller?)
        case awaitingReply(Authorization)
        case completingCard(Authorization, Reply, ReversalReason?)
        case completingCardOffline(Authorization, PaymentFailure)
        /// With `repeats`, the journal holds a request that is repeated until it is answered, whatever becomes of this.
        case savingOutcome(Outcome, repeats: Bool)
        case finished(Outcome)
    }

    private(set) var state = State.idle

    /// Most attempts at a PIN in one payment; each has a number of its own.
    public static let greatestAttempts = 3

    /// A payment that has not begun.
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
        case .completingCard(let authorization, let reply, let reversal):
            complete(authorization, reply, reversal, event)
        case .completingCardOffline(let authorization, let failure): completeOffline(authorization, failure, event)
        case .savingOutcome(let outcome, let repeats): conclude(outcome, repeats: repeats, event)
        case .finished: (state, [.ignore(event)])
        }
    }
}

extension PaymentMachine {
    private static func begin(_ event: Event) -> (State, [Action]) {
        guard case .start(let request) = event else { return (.idle, [.ignore(event)]) }
        return (.savingRequest(request, cancelled: nil), [.persist([.accepted(request)])])
    }

    private static func prepare(_ state: State, _ event: Event) -> (State, [Action]) {
        switch (state, event) {
        case (.savingRequest(let request, nil), .persisted):
            request.kind.manner == .advice ? read(request, online: false) : (.preparingLink(request), [.prepareLink])
        case (.savingRequest(let request, let canceller?), .persisted):
            save(.cancelled(by: canceller), of: request)
        case (.savingRequest, .persistFailed(let failure)):
            end(.failed(failure))
        case (.savingRequest(let request, nil), .cancel(let canceller)):
            (.savingRequest(request, cancelled: canceller), [])
        case (.preparingLink(let request), .linkReady):
            read(request, online: true)
        case (.preparingLink(let request), .linkFailed(let failure, canStore: true)) where request.kind == .sale:
            read(request, online: false, failure)
        case (.preparingLink(let request), .linkFailed(let failure, _)):
            save(.failed(failure), of: request)
        case (.preparingLink(let request), .cancel(let canceller)):
            save(.cancelled(by: canceller), of: request)
        default:
            (state, [.ignore(event)])
        }
    }

    private static func read(
        _ request: PaymentRequest, attempt: Int = 1, online: Bool, _ failure: PaymentFailure? = nil
    ) -> (State, [Action]) {
        (
            .readingCard(request, attempt: attempt, failure),
            [.readCard(request, attempt: attempt, online: online)]
        )
    }

    private static func read(_ state: State, _ event: Event) -> (State, [Action]) {
        switch (state, event) {
        // Nobody approved an offline sale that the card would have asked its issuer about.
        case (.readingCard(let request, _, _), .cardRead) where request.kind == .offlineSale:
            save(.declinedByCard(nil, nil), of: request)
        case (.readingCard(let request, _, _), .cardRead(let authorization)) where request.kind.manner == .advice:
            store(authorization, .stored(.advice, nil))
        // The acquirer would have to be asked, as about a card whose number was typed.
        case (.readingCard(let request, _, let failure?), .cardRead):
            save(.failed(failure), of: request)
        case (.readingCard(_, _, nil), .cardRead(let authorization)):
            (.savingAuthorization(authorization, cancelled: nil), [.persist([.authorization(authorization)])])
        // After a wrong PIN the shop takes no risk any more.
        case (.readingCard(let request, let attempt, _), .cardApprovedOffline(let authorization, let chip)):
            [.sale, .offlineSale].contains(request.kind) && attempt == 1
                ? store(authorization, .stored(.offline, chip)) : save(.declinedByCard(nil, chip), of: request)
        case (.readingCard(_, _, .some), .cardDeferred(let authorization)):
            store(authorization, .stored(.deferred, nil))
        // The card would have asked its issuer: that it cannot is why the payment fails.
        case (.readingCard(let request, _, let failure?), .cardEnded(.declinedByCard)):
            save(.failed(failure), of: request)
        case (.readingCard(let request, _, _), .cardEnded(let outcome)):
            save(outcome, of: request)
        case (.readingCard(let request, _, _), .cancel(let canceller)):
            (.stoppingCard(request, canceller), [.stopCard])
        case (.stoppingCard(let request, let canceller), .cardRead),
            (.stoppingCard(let request, let canceller), .cardApprovedOffline),
            (.stoppingCard(let request, let canceller), .cardDeferred),
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
            save(.cancelled(by: canceller), of: authorization)
        case (.savingAuthorization(let authorization, nil), .cancel(let canceller)):
            (.savingAuthorization(authorization, cancelled: canceller), [])
        case (.savingAuthorization, .persistFailed(let failure)):
            end(.failed(failure))
        case (.awaitingReply(let authorization), .notSent(let failure, canStore: true))
        where authorization.request.kind == .sale && authorization.attempt == 1:
            (.completingCardOffline(authorization, failure), [.completeCardOffline(authorization)])
        case (.awaitingReply(let authorization), .notSent(let failure, _)):
            save(.failed(failure), of: authorization)
        case (.awaitingReply(let authorization), .replyLost(let failure, let reason)):
            lose(authorization, failure, reason)
        case (.awaitingReply(let authorization), .replied(let reply)):
            (.completingCard(authorization, reply, nil), [.completeCard(reply)])
        case (.awaitingReply(let authorization), .rejected(let reply, let reason)):
            (
                .completingCard(authorization, reply, authorization.request.kind.manner == .request ? reason : nil),
                [.completeCard(reply)]
            )
        default:
            (state, [.ignore(event)])
        }
    }

    /// Nobody knows whether the acquirer took it: it is taken back, or repeated until it is answered.
    private static func lose(
        _ authorization: Authorization, _ failure: PaymentFailure, _ reason: ReversalReason
    ) -> (State, [Action]) {
        switch authorization.request.kind.manner {
        case .request: save(.failed(failure), of: authorization, reversal: reason)
        case .inquiry: save(.failed(failure), of: authorization)
        case .repeatedRequest, .advice: save(.stored(.advice, nil), of: authorization)
        }
    }

    private static func complete(
        _ authorization: Authorization, _ reply: Reply, _ reversal: ReversalReason?, _ event: Event
    ) -> (State, [Action]) {
        let request = authorization.request
        let isReversible = request.kind.manner == .request
        switch (event, reply.verdict) {
        case (.cardCompleted(_, _, nil), .declined) where reversal == nil && mayRetryPIN(authorization, reply):
            return read(request, attempt: authorization.attempt + 1, online: true)
        case (.cardCompleted(_, let chip, let number), .declined):
            return save(.declined(reply, chip), of: authorization, reversal: reversal, scriptNumber: number)
        case (.cardLost, .declined):
            return save(.declined(reply, nil), of: authorization, reversal: reversal)
        // What is never reversed stands, whatever the card says to it.
        case (.cardCompleted(let agreed, let chip, let number), .approved)
        where reversal == nil && (agreed || !isReversible):
            return save(.approved(reply, chip), of: authorization, scriptNumber: number)
        case (.cardLost, .approved) where !isReversible:
            return save(.approved(reply, nil), of: authorization)
        case (.cardCompleted(_, let chip, let number), .approved):
            return save(
                .declinedByCard(reply, chip), of: authorization, reversal: reversal ?? .notCompleted,
                scriptNumber: number)
        case (.cardLost(let failure), .approved):
            return save(.failed(failure), of: authorization, reversal: reversal ?? .notCompleted)
        default: return (.completingCard(authorization, reply, reversal), [.ignore(event)])
        }
    }

    /// A wrong PIN, typed for the issuer, may be typed again: the card begins anew, with a new number.
    private static func mayRetryPIN(_ authorization: Authorization, _ reply: Reply) -> Bool {
        reply.code == "55" && authorization.card.pinEntry == .online && authorization.attempt < greatestAttempts
    }

    private static func completeOffline(
        _ authorization: Authorization, _ failure: PaymentFailure, _ event: Event
    ) -> (State, [Action]) {
        switch event {
        case .cardApprovedOffline(_, let chip): save(.stored(.offline, chip), of: authorization)
        case .cardDeferred: save(.stored(.deferred, nil), of: authorization)
        case .cardEnded: save(.failed(failure), of: authorization)
        default: (.completingCardOffline(authorization, failure), [.ignore(event)])
        }
    }

    /// An outcome that cannot be written is not told as such: the journal still holds the authorization as open, so
    /// recovery takes it back, and the register hears that the payment failed. What is never taken back is stored by
    /// recovery, and repeated: so the register hears.
    private static func conclude(_ outcome: Outcome, repeats: Bool, _ event: Event) -> (State, [Action]) {
        switch event {
        case .persisted: end(outcome)
        case .persistFailed where repeats: end(.stored(.advice, nil))
        case .persistFailed(let failure): end(.failed(failure))
        default: (.savingOutcome(outcome, repeats: repeats), [.ignore(event)])
        }
    }

    /// Authorization and outcome become durable together: the terminal itself has decided.
    private static func store(_ authorization: Authorization, _ outcome: Outcome) -> (State, [Action]) {
        let end = Record.finished(authorization.request.id, outcome, reversal: nil, scriptNumber: nil)
        return (.savingOutcome(outcome, repeats: false), [.persist([.authorization(authorization), end])])
    }

    /// Before an authorization is durable.
    private static func save(_ outcome: Outcome, of request: PaymentRequest) -> (State, [Action]) {
        (
            .savingOutcome(outcome, repeats: false),
            [.persist([.finished(request.id, outcome, reversal: nil, scriptNumber: nil)])]
        )
    }

    /// After it is.
    private static func save(
        _ outcome: Outcome, of authorization: Authorization, reversal: ReversalReason? = nil, scriptNumber: STAN? = nil
    ) -> (State, [Action]) {
        let request = authorization.request
        return (
            .savingOutcome(outcome, repeats: request.kind.manner == .repeatedRequest),
            [.persist([.finished(request.id, outcome, reversal: reversal, scriptNumber: scriptNumber)])]
        )
    }

    private static func end(_ outcome: Outcome) -> (State, [Action]) {
        (.finished(outcome), [.finish(outcome)])
    }
}
