public import Payments

/// Decides what must be done before a payment may ask the acquirer: working keys are there, every reversal is settled,
/// oldest first (M4), and the acquirer can be reached. What fails keeps the payment away, before the customer is asked
/// for anything.
public struct PreparationMachine: Equatable, Sendable {
    /// What can happen to a preparation.
    public enum Event: Equatable, Sendable {
        /// Prepare: with or without working keys, with these reversals in the way, oldest first.
        case start(isSignedIn: Bool, reversals: [RequestID])
        /// The acquirer gave new working keys.
        case signedIn
        /// It did not.
        case signInFailed(PaymentFailure)
        /// The reversal last asked for ended so.
        case reversalEnded(ReversalMachine.Result)
        /// The acquirer can be reached.
        case connected
        /// It cannot.
        case connectFailed(PaymentFailure)
    }

    /// What a preparation wants done.
    public enum Action: Equatable, Sendable {
        /// Sign in for new working keys.
        case signIn
        /// Try to settle this reversal.
        case reverse(RequestID)
        /// Make sure that the acquirer can be reached.
        case connect
        /// The way is free, or this keeps the payment away.
        case finish(PaymentFailure?)
        /// The event does not belong here.
        case ignore(Event)
    }

    enum State: Equatable, Sendable {
        case idle
        case signingIn(then: [RequestID])
        case reversing([RequestID], hasNewKeys: Bool)
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
        case (.idle, .start(true, let reversals)):
            proceed(reversals, hasNewKeys: false)
        case (.idle, .start(false, let reversals)):
            (.signingIn(then: reversals), .signIn)
        case (.signingIn(let reversals), .signedIn):
            proceed(reversals, hasNewKeys: true)
        case (.signingIn, .signInFailed(let failure)), (.connecting, .connectFailed(let failure)):
            end(failure)
        case (.reversing(let reversals, let hasNewKeys), .reversalEnded(let result)):
            settle(result, reversals, hasNewKeys: hasNewKeys)
        case (.connecting, .connected):
            end(nil)
        default:
            (state, .ignore(event))
        }
    }

    private static func settle(
        _ result: ReversalMachine.Result, _ reversals: [RequestID], hasNewKeys: Bool
    ) -> (State, Action) {
        let id = reversals.first.map { "\($0)" } ?? ""
        return switch result {
        case .settled: proceed(Array(reversals.dropFirst()), hasNewKeys: hasNewKeys)
        // The acquirer may have forgotten the working keys: new ones are worth one more try.
        case .signInDemanded where !hasNewKeys: (.signingIn(then: reversals), .signIn)
        case .signInDemanded(let code):
            end(PaymentFailure(.reversalPending, "the reversal of \(id) waits: the acquirer demands sign-in (\(code))"))
        case .refused(let code):
            end(PaymentFailure(.reversalPending, "the acquirer refused the reversal of \(id) with \(code)"))
        case .unanswered(let failure):
            end(PaymentFailure(.reversalPending, "the reversal of \(id) waits: \(failure.detail)"))
        }
    }

    private static func proceed(_ reversals: [RequestID], hasNewKeys: Bool) -> (State, Action) {
        guard let next = reversals.first else { return (.connecting, .connect) }
        return (.reversing(reversals, hasNewKeys: hasNewKeys), .reverse(next))
    }

    private static func end(_ failure: PaymentFailure?) -> (State, Action) {
        (.finished(failure), .finish(failure))
    }
}
