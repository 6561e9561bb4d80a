public import EMV
public import Payments

/// Leads a kernel through one session in which only the card is asked: the terminal, its people and its issuer are a
/// `ReplayTerminal`. A pure value, for recorded cards and for those in a reader.
public struct KernelRun: Sendable {
    private let script: ReplayTerminal
    private var kernel: Kernel
    private var pinsAsked = 0
    /// Data objects of field 55 of the request; nil if the issuer was not asked.
    public private(set) var request: [UInt8]?

    private enum Kernel: Sendable {
        case contact(ContactKernel)
        case contactless(EntryPoint)
    }

    /// What happens.
    public enum Event: Sendable {
        /// A card is there and powered; again after `present`.
        case begin
        /// The card's answer, status bytes included.
        case response([UInt8])
        /// The card left.
        case cardRemoved
        /// The card does not answer.
        case cardMute
        /// What became of a PIN for the card.
        case pin(ContactKernel.PINOutcome)
    }

    /// What is to be done.
    public enum Step: Sendable {
        /// Send this to the card.
        case transmit(CommandAPDU)
        /// A PIN for the card was entered: `pin` with what was made of it follows.
        case offlinePIN(OfflinePINQuery)
        /// A card is to be presented again: `begin` follows.
        case present
        /// Over.
        case finish(Ending)
    }

    /// How a session ends.
    public enum Ending: Equatable, Sendable {
        /// Card and terminal came to a decision.
        case completed(KernelOutcome.Verdict, KernelOutcome.Completion)
        /// They could not.
        case ended(KernelFailure)
        /// The card is to be presented again, and was not.
        case tryAgain
        /// The card is to be inserted or swiped.
        case tryAnotherInterface
        /// The kernel did not expect what happened.
        case unexpected

        /// How the contact kernel ended.
        public init(_ outcome: KernelOutcome) {
            switch outcome {
            case .completed(let verdict, let completion): self = .completed(verdict, completion)
            case .ended(let failure): self = .ended(failure)
            }
        }
    }

    /// A run of the contact kernel, or through the air of Entry Point and the kernel that it chooses.
    public init(_ script: ReplayTerminal, isContactless: Bool) {
        self.script = script
        kernel =
            isContactless
            ? .contactless(EntryPoint(terminal: script.terminal, transaction: script.transaction))
            : .contact(ContactKernel(terminal: script.terminal, transaction: script.transaction))
    }

    /// What the kernel has found out by now; nil before an application is selected.
    public var findings: KernelFindings? {
        switch kernel {
        case .contact(let kernel): kernel.findings
        case .contactless(let kernel): kernel.findings
        }
    }

    /// What the card's processing left behind by now; nil before the first cryptogram.
    public var chipResult: ChipResult? {
        switch kernel {
        case .contact(let kernel): kernel.chipResult
        case .contactless(let kernel): kernel.chipResult
        }
    }

    /// Tells the kernel what happened; answers what the card is to be asked next.
    public mutating func handle(_ event: Event) -> Step {
        switch kernel {
        case .contact(var contact):
            defer { kernel = .contact(contact) }
            return lead(&contact, event)
        case .contactless(var entryPoint):
            defer { kernel = .contactless(entryPoint) }
            return lead(&entryPoint, event)
        }
    }

    private mutating func lead(_ kernel: inout ContactKernel, _ event: Event) -> Step {
        var action =
            switch event {
            case .begin: kernel.handle(.begin)
            case .response(let bytes): kernel.handle(.response(bytes))
            case .cardRemoved: kernel.handle(.cardRemoved)
            case .cardMute: kernel.handle(.cardMute)
            case .pin(let outcome): kernel.handle(.pin(outcome))
            }
        while true {
            switch action {
            case .transmit(let command): return .transmit(command)
            case .finish(let outcome): return .finish(Ending(outcome))
            case .chooseApplication(let list): action = kernel.handle(choose(list))
            case .requestOnlinePIN:
                let event: ContactKernel.Event =
                    switch nextPIN() {
                    case .entered: .pin(.entered)
                    case .bypassed: .pin(.bypassed)
                    case .failed: .pin(.padFailed)
                    case .cancelled: .cancelled
                    }
                action = kernel.handle(event)
            case .requestOfflinePIN(let query):
                switch nextPIN() {
                case .entered: return .offlinePIN(query)
                case .bypassed: action = kernel.handle(.pin(.bypassed))
                case .failed: action = kernel.handle(.pin(.padFailed))
                case .cancelled: action = kernel.handle(.cancelled)
                }
            case .goOnline(let request):
                self.request = request.chipData
                switch script.reply {
                case .answered(let reply): action = kernel.handle(.reply(reply))
                case .unable: action = kernel.handle(.unableToGoOnline)
                }
            case .ignore: return .finish(.unexpected)
            }
        }
    }

    private mutating func lead(_ entryPoint: inout EntryPoint, _ event: Event) -> Step {
        var action =
            switch event {
            case .begin: entryPoint.handle(.begin)
            case .response(let bytes): entryPoint.handle(.response(bytes))
            case .cardRemoved: entryPoint.handle(.cardRemoved)
            case .cardMute, .pin: entryPoint.handle(.cardMute)
            }
        while true {
            switch action {
            case .transmit(let command): return .transmit(command)
            case .ignore: return .finish(.unexpected)
            case .finish(let outcome):
                switch outcome.result {
                case .completed(let verdict, let completion): return .finish(.completed(verdict, completion))
                case .ended(let failure): return .finish(.ended(failure))
                case .tryAnotherInterface: return .finish(.tryAnotherInterface)
                case .tryAgain: return .present
                case .online(let request):
                    self.request = request.chipData
                    switch script.reply {
                    case .answered(let reply): action = entryPoint.handle(.reply(reply))
                    case .unable: action = entryPoint.handle(.unableToGoOnline)
                    }
                }
            }
        }
    }

    private mutating func nextPIN() -> ReplayTerminal.PIN {
        defer { pinsAsked += 1 }
        return script.pins.indices.contains(pinsAsked) ? script.pins[pinsAsked] : script.pins.last ?? .failed
    }

    private func choose(_ list: [CandidateApplication]) -> ContactKernel.Event {
        switch script.choice {
        case .index(let index): list.indices.contains(index) ? .applicationChosen(index) : .cancelled
        case .aid(let aid): list.firstIndex { $0.aid.starts(with: aid) }.map { .applicationChosen($0) } ?? .cancelled
        }
    }
}
