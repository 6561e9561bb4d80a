public import Payments

/// Decides what must be done before a payment, a settlement or a sign-off may go to the acquirer: working keys are there,
/// script results are told, every reversal is settled, oldest first (M4), and the acquirer can be reached. What fails
/// keeps the payment away, before the customer is asked for anything; only a script result that is not answered does not.
public struct PreparationMachine: Equatable, Sendable {
    /// What can happen to a preparation.
    public enum Event: Equatable, Sendable {
        /// Prepare: with or without working keys, with these in the way, in their order.
        case start(isSignedIn: Bool, deliveries: [Errand])
        /// The acquirer gave new working keys.
        case signedIn
        /// It did not.
        case signInFailed(PaymentFailure)
        /// The delivery last asked for ended so.
        case delivered(DeliveryMachine.Result)
        /// The acquirer can be reached.
        case connected
        /// It cannot.
        case connectFailed(PaymentFailure)
    }

    /// What a preparation wants done.
    public enum Action: Equatable, Sendable {
        /// Sign in for new working keys.
        case signIn
        /// Try to deliver this.
        case deliver(Errand)
        /// Make sure that the acquirer can be reached.
        case connect
        /// The way is free, or this keeps the payment away.
        case finish(PaymentFailure?)
        /// The event does not belong here.
        case ignore(Event)
    }

    /// Something that goes before.
    public struct Errand: Hashable, Sendable {
        /// The payment that owes it.
        public let id: RequestID
        /// What it owes: a script result or a reversal.
        public let delivery: Delivery

        /// What the payment `id` owes.
        public init(_ delivery: Delivery, of id: RequestID) {
            self.id = id
            self.delivery = delivery
        }
    }

    enum State: Equatable, Sendable {
        case idle
        case signingIn(then: [Errand])
        case delivering([Errand], hasNewKeys: Bool)
        case connecting
        case finished(PaymentFailure?)
    }

    private(set) var state = State.idle

    /// A preparation that has not begun.
    public init() {}

    /// Takes one event and answers the one thing to do.
    public mutating func handle(_ event: Event) -> Action {
        let (next, action) = Self.step(state, event)
        state = next
        return action
    }

    static func step(_ state: State, _ event: Event) -> (State, Action) {
        switch (state, event) {
        case (.idle, .start(true, let errands)):
            proceed(errands, hasNewKeys: false)
        case (.idle, .start(false, let errands)):
            (.signingIn(then: errands), .signIn)
        case (.signingIn(let errands), .signedIn):
            proceed(errands, hasNewKeys: true)
        case (.signingIn, .signInFailed(let failure)), (.connecting, .connectFailed(let failure)):
            end(failure)
        case (.delivering(let errands, let hasNewKeys), .delivered(let result)):
            settle(result, errands, hasNewKeys: hasNewKeys)
        case (.connecting, .connected):
            end(nil)
        default:
            (state, .ignore(event))
        }
    }

    private static func settle(
        _ result: DeliveryMachine.Result, _ errands: [Errand], hasNewKeys: Bool
    ) -> (State, Action) {
        let id = errands.first.map { "\($0.id)" } ?? ""
        let rest = Array(errands.dropFirst())
        return switch (result, errands.first?.delivery) {
        // The answer to a script result is heard, not asked for.
        case (.accepted, _), (.refused, .scriptResult): proceed(rest, hasNewKeys: hasNewKeys)
        // The acquirer may have forgotten the working keys: new ones are worth one more try.
        case (.signInDemanded, _) where !hasNewKeys: (.signingIn(then: errands), .signIn)
        // A line that does not answer one script result does not answer the next: the wait is long enough once.
        case (_, .scriptResult): proceed(rest.filter { $0.delivery != .scriptResult }, hasNewKeys: hasNewKeys)
        case (.signInDemanded(let code), _):
            end(PaymentFailure(.reversalPending, "the reversal of \(id) waits: the acquirer demands sign-in (\(code))"))
        case (.refused(let code), _):
            end(PaymentFailure(.reversalPending, "the acquirer refused the reversal of \(id) with \(code)"))
        case (.unanswered(let failure), _):
            end(PaymentFailure(.reversalPending, "the reversal of \(id) waits: \(failure.detail)"))
        }
    }

    private static func proceed(_ errands: [Errand], hasNewKeys: Bool) -> (State, Action) {
        guard let next = errands.first else { return (.connecting, .connect) }
        return (.delivering(errands, hasNewKeys: hasNewKeys), .deliver(next))
    }

    private static func end(_ failure: PaymentFailure?) -> (State, Action) {
        (.finished(failure), .finish(failure))
    }
}
