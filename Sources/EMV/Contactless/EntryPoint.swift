import PaymentCryptography
public import Payments

/// One contactless transaction, over as many presentations of a card or phone as it takes: pre-processing, selection of
/// application and kernel, and what becomes of the kernel's outcome (EMV Contactless Book B). Told what happened, it says what
/// to do. A pure value: no reader, clock or randomness inside.
public struct EntryPoint: Equatable, Sendable {
    let terminal: TerminalData
    let transaction: TransactionData
    private(set) var state = State.idle
    /// Transactions that were torn apart and may be recovered by the next, the oldest first (Book C-2, 4.4).
    public private(set) var torn: [TornTransaction]
    private var presentations = 0
    private var commandsSent = 0

    /// Most presentations of one transaction; then the card is to be inserted.
    public static let presentationLimit = 8
    /// Most commands of one presentation, so that no card can hold the reader for ever.
    public static let commandLimit = 255

    enum State: Equatable, Sendable {
        case idle
        case openingDirectory(ContactlessSelection, Exchange)
        case openingApplication(ContactlessSelection, Exchange)
        case running(ActiveKernel, ContactlessSelection, Exchange)
        case awaitingCard(ActiveKernel?)
        case online(ActiveKernel)
        case finished(ActiveKernel?)
    }

    /// The next state and what to do in it.
    private struct Next {
        let state: State
        let action: Action

        static func transmit(_ state: (Exchange) -> State, _ exchange: Exchange) -> Next {
            Next(state: state(exchange), action: .transmit(exchange.command))
        }

        static func finish(_ outcome: ContactlessOutcome, _ kernel: ActiveKernel? = nil) -> Next {
            switch outcome.result {
            case .tryAgain: Next(state: .awaitingCard(kernel), action: .finish(outcome))
            case .online: Next(state: kernel.map { .online($0) } ?? .finished(nil), action: .finish(outcome))
            default: Next(state: .finished(kernel), action: .finish(outcome))
            }
        }
    }

    /// A transaction at one terminal, whose combinations are what the reader accepts. `torn` is what the last one left.
    public init(terminal: TerminalData, transaction: TransactionData, torn: [TornTransaction] = []) {
        self.torn = torn
        self.terminal = terminal
        self.transaction = transaction
    }

    /// Tells what happened, and answers what to do.
    public mutating func handle(_ event: Event) -> Action {
        var next = step(event)
        switch next.action {
        case .transmit:
            commandsSent += 1
            if commandsSent > Self.commandLimit {
                next = end(KernelFailure(.tooManyCommands, "the card does not come to an end", "Book A, 6.2"), kernel)
            }
        case .finish(let outcome) where outcome.result == .tryAgain:
            commandsSent = 0
            presentations += 1
            if presentations >= Self.presentationLimit { next = .finish(.tryAnotherInterface, next.state.kernel) }
        case .finish, .ignore: break
        }
        state = next.state
        if case .c2(let kernel) = kernel { torn = kernel.torn }
        return next.action
    }

    private func step(_ event: Event) -> Next {
        do throws(KernelFailure) {
            switch (state, event) {
            case (.finished, _): return Next(state: state, action: .ignore)
            case (.online(var kernel), .reply(let reply)):
                let outcome = kernel.complete(reply)
                return .finish(outcome, kernel)
            case (.online(var kernel), .unableToGoOnline):
                let outcome = kernel.complete(nil)
                return .finish(outcome, kernel)
            case (.online, _): return Next(state: state, action: .ignore)
            case (.idle, .begin), (.awaitingCard, .begin): return begin()
            case (.running(var kernel, _, _), .collision):
                // The card that was being asked is lost as one that left: what is torn is kept.
                _ = kernel.lose(.cardRemoved)
                return .finish(.tryAgain(.presentOneCard), kernel)
            case (_, .collision): return .finish(.tryAgain(.presentOneCard), kernel)
            case (_, .cancelled): throw KernelFailure(.cancelled, "cancelled", "Book A, 6.2")
            case (.idle, .cardMute), (.awaitingCard, .cardMute): return .finish(.tryAgain(.presentCardAgain), kernel)
            case (.openingDirectory(var selection, let exchange), .response(let bytes)):
                switch try exchange.receive(bytes) {
                case .more(let following): return .transmit({ .openingDirectory(selection, $0) }, following)
                case .complete(let response):
                    selection.receiveDirectory(response)
                    return select(selection)
                }
            case (.openingApplication(var selection, let exchange), .response(let bytes)):
                switch try exchange.receive(bytes) {
                case .more(let following): return .transmit({ .openingApplication(selection, $0) }, following)
                case .complete(let response):
                    guard let (candidate, fci) = selection.open(response) else { return select(selection) }
                    return try activate(candidate, fci, otherwise: selection)
                }
            case (.running(var kernel, let selection, let exchange), .response(let bytes)):
                switch try exchange.receive(bytes) {
                case .more(let following): return .transmit({ .running(kernel, selection, $0) }, following)
                case .complete(let response):
                    do throws(KernelFailure) {
                        let step = try kernel.receive(response)
                        return follow(step, kernel, selection)
                    } catch {
                        // What the kernel learned from a bad answer counts, its torn log above all.
                        return end(error, kernel)
                    }
                }
            case (.openingDirectory, .cardRemoved), (.openingDirectory, .cardMute), (.openingApplication, .cardRemoved),
                (.openingApplication, .cardMute):
                return .finish(.tryAgain(.presentCardAgain))
            case (.running(var kernel, let selection, _), .cardRemoved):
                let step = kernel.lose(.cardRemoved)
                return follow(step, kernel, selection)
            case (.running(var kernel, let selection, _), .cardMute):
                let step = kernel.lose(.cardMute)
                return follow(step, kernel, selection)
            default: return Next(state: state, action: .ignore)
            }
        } catch {
            return end(error, kernel)
        }
    }

    /// Start A and Start B: pre-processing, then the directory. It is the same after a restart, for nothing of the terminal's
    /// data changed meanwhile (Book B, 3.1 and 3.3.2).
    private func begin() -> Next {
        let allowed = terminal.combinations.compactMap { combination -> Combination? in
            guard let qualifiers = combination.qualifiers(for: transaction, at: terminal) else { return nil }
            var allowed = combination
            allowed.qualifiers = qualifiers
            return allowed
        }
        guard !allowed.isEmpty else { return .finish(.tryAnotherInterface) }
        let selection = ContactlessSelection(allowed)
        return .transmit({ .openingDirectory(selection, $0) }, Exchange(.select(ContactlessSelection.directoryName)))
    }

    /// Start C: the best candidate that is left (Book B, 3.3.3).
    private func select(_ selection: ContactlessSelection) -> Next {
        guard let command = selection.select else {
            return .finish(ContactlessOutcome(.tryAnotherInterface, UserInterfaceRequest(.tryAnotherCard)))
        }
        return .transmit({ .openingApplication(selection, $0) }, Exchange(command))
    }

    private func activate(
        _ candidate: ContactlessCandidate, _ fci: FileControlInformation, otherwise selection: ContactlessSelection
    ) throws(KernelFailure) -> Next {
        let database = KernelDatabase(terminal, presented, candidate.application, fci)
        var kernel = ActiveKernel(database, candidate.combination, torn: torn)
        let step = try kernel.begin()
        return follow(step, kernel, selection)
    }

    private func follow(_ step: ContactlessStep, _ kernel: ActiveKernel, _ selection: ContactlessSelection) -> Next {
        switch step {
        case .transmit(let command): .transmit({ .running(kernel, selection, $0) }, Exchange(command))
        case .selectNext: select(selection)
        case .finish(let outcome): .finish(outcome, kernel)
        }
    }

    private func end(_ failure: KernelFailure, _ kernel: ActiveKernel?) -> Next {
        let request: UserInterfaceRequest.Message = failure.reason == .cancelled ? .clearDisplay : .tryAnotherCard
        return .finish(.ended(failure, request), kernel)
    }

    /// The transaction as this presentation sees it: each has an unpredictable number of its own, so that an answer to an
    /// earlier one is worth nothing; whoever saw the first cannot foretell the next, for the seed is secret.
    private var presented: TransactionData {
        guard presentations > 0 else { return transaction }
        var presented = transaction
        let first = transaction.unpredictableNumber
        let number = (0..<4).map { UInt8(truncatingIfNeeded: first >> (24 - 8 * $0)) }
        let digest =
            (try? Digest.sha1(transaction.seed + number + [UInt8(truncatingIfNeeded: presentations)])) ?? number
        presented.unpredictableNumber = digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        return presented
    }
}

extension EntryPoint.State {
    var kernel: ActiveKernel? {
        switch self {
        case .idle, .openingDirectory, .openingApplication: nil
        case .running(let kernel, _, _), .online(let kernel): kernel
        case .awaitingCard(let kernel), .finished(let kernel): kernel
        }
    }
}

extension EntryPoint {
    var kernel: ActiveKernel? { state.kernel }

    /// How far the transaction is.
    public var phase: ContactKernel.Phase {
        switch state {
        case .idle, .awaitingCard: .idle
        case .openingDirectory, .openingApplication: .selecting
        case .running(let kernel, _, _):
            if kernel.database.card[.aip] == nil {
                .initiating
            } else {
                kernel.database.cardRead == nil ? .reading : .deciding
            }
        case .online: .online
        case .finished: .finished
        }
    }

    /// The selected application, once it is.
    public var application: CardApplication? { kernel?.database.application.application }
    /// The card, once its data are read.
    public var card: CardRead? { kernel?.database.cardRead }
    /// The customer's languages in order, two small letters each (5F2D); empty if the card does not say.
    public var languages: [String] { kernel?.database.languages ?? [] }
    /// What the card's processing left behind by now; nil before the card gave a cryptogram.
    public var chipResult: ChipResult? { kernel?.database.chipResult }
    /// Data objects for field 55 of a reversal, as far as they are known by now: 95 9F1E 9F10 9F36 DF31.
    public var reversalData: [UInt8] { kernel?.database.fieldData(.reversal) ?? [] }
}

extension EntryPoint: CustomStringConvertible, CustomReflectable {
    /// The phase alone: what the card gave must not be printed (M8).
    public var description: String { "EntryPoint(\(phase))" }
    /// Nothing to see, for the same reason.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
