public import Payments

/// The EMV contact kernel: told what the card answered, it says what to send next, until the transaction is decided.
/// A pure value: no reader, clock or randomness inside (EMV 4.4 Book 3, 8 and Book 4, 6.3).
public struct ContactKernel: Equatable, Sendable {
    let terminal: TerminalData
    let transaction: TransactionData
    private(set) var state = State.idle
    private var commandsSent = 0

    /// Most commands of one transaction, so that no card can hold the terminal for ever.
    public static let commandLimit = 255

    enum State: Equatable, Sendable {
        case idle
        case selecting(Selection, Selection.Step, Exchange)
        case choosing(Selection)
        case running(Session, Session.Step, Exchange)
        case enteringPIN(Session, PendingPIN)
        case online(Session)
        case finished(Session?)
    }

    /// The next state and what to do in it.
    struct Next {
        let state: State
        let action: Action
    }

    /// A kernel for one transaction at one terminal.
    public init(terminal: TerminalData, transaction: TransactionData) {
        self.terminal = terminal
        self.transaction = transaction
    }

    /// Tells the kernel what happened, and answers what to do.
    public mutating func handle(_ event: Event) -> Action {
        var next = step(event)
        if case .transmit = next.action {
            commandsSent += 1
            if commandsSent > Self.commandLimit {
                next = fail(KernelFailure(.tooManyCommands, "the card does not come to an end", "Book 3, 7.5"))
            }
        }
        state = next.state
        return next.action
    }

    private func step(_ event: Event) -> Next {
        do throws(KernelFailure) {
            switch (state, event) {
            case (.idle, .begin):
                return try Selection(terminal: terminal, transaction: transaction).begin()
            case (.selecting(var selection, let step, let exchange), .response(let bytes)):
                switch try exchange.receive(bytes) {
                case .more(let following):
                    return Next(
                        state: .selecting(selection, step, following), action: .transmit(following.command))
                case .complete(let response): return try selection.receive(response, for: step)
                }
            case (.choosing(let selection), .applicationChosen(let index)):
                return selection.select(index)
            case (.running(var session, let step, let exchange), .response(let bytes)):
                switch try exchange.receive(bytes) {
                case .more(let following):
                    return Next(state: .running(session, step, following), action: .transmit(following.command))
                case .complete(let response): return try session.receive(response, for: step)
                }
            case (.enteringPIN(var session, let pin), .pin(let outcome)):
                return try session.receive(outcome, pin)
            case (.online(var session), .reply(let reply)):
                return try session.receive(reply)
            case (.online(var session), .unableToGoOnline):
                return try session.completeWithoutIssuer()
            case (.finished, _), (.online, .cancelled):
                return Next(state: state, action: .ignore)
            case (.running(let session, _, _), .cancelled) where session.isPastRequest:
                return Next(state: state, action: .ignore)
            case (_, .cancelled): throw KernelFailure(.cancelled, "cancelled", "Book 4, 6.3")
            case (_, .cardRemoved): throw KernelFailure(.cardRemoved, "the card left", "Book 4, 6.3")
            case (_, .cardMute): throw KernelFailure(.cardMute, "the card does not answer", "Book 1, 9.3")
            default: return Next(state: state, action: .ignore)
            }
        } catch {
            return fail(error)
        }
    }

    private func fail(_ failure: KernelFailure) -> Next {
        switch state {
        case .running(let session, let step, _): session.fail(failure, at: step)
        case .enteringPIN(let session, _), .online(let session): session.fail(failure, at: nil)
        default: Next(state: .finished(nil), action: .finish(.ended(failure)))
        }
    }
}

extension ContactKernel {
    var session: Session? {
        switch state {
        case .idle, .selecting, .choosing: nil
        case .running(let session, _, _), .enteringPIN(let session, _), .online(let session): session
        case .finished(let session): session
        }
    }

    /// How far the transaction is.
    public var phase: Phase {
        switch state {
        case .idle: .idle
        case .selecting, .choosing: .selecting
        case .running(_, let step, _): step.phase
        case .enteringPIN: .verifying
        case .online: .online
        case .finished: .finished
        }
    }

    /// The selected application, once it is.
    public var application: CardApplication? { session?.database.application.application }
    /// The card, once its records are read.
    public var card: CardRead? { session?.database.cardRead }
    /// The customer's languages in order, two small letters each (5F2D); empty if the card does not say.
    public var languages: [String] {
        switch state {
        case .selecting(let selection, _, _), .choosing(let selection):
            KernelDatabase.languages(selection.languages)
        default: session?.database.languages ?? []
        }
    }
    /// What became of the PIN: an approval without the issuer has no request that says so.
    public var pinEntry: PINEntry { session?.pinEntry ?? .none }
    /// What the card's processing left behind by now; nil before the card gave a cryptogram.
    public var chipResult: ChipResult? { session?.database.chipResult }
    /// Data objects for field 55 of a reversal, as far as they are known by now: 95 9F1E 9F10 9F36 DF31.
    public var reversalData: [UInt8] { session?.database.fieldData(.reversal) ?? [] }
}

extension ContactKernel: CustomStringConvertible, CustomReflectable {
    /// The phase alone: what the card gave must not be printed (M8).
    public var description: String { "ContactKernel(\(phase))" }
    /// Nothing to see, for the same reason.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
