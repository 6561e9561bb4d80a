public import EMV
public import Payments

/// Leads a kernel through one session in which only the card is asked: the terminal, its people and its issuer are a
/// `ReplayTerminal`. A pure value, for recorded cards and for those in a reader.
public struct KernelRun: Sendable {
    private let script: ReplayTerminal
    private var kernel: ContactKernel
    private var pinsAsked = 0
    /// Data objects of field 55 of the first request; nil if the issuer was not asked.
    public private(set) var request: [UInt8]?

    /// What happens.
    public enum Event: Sendable {
        /// A card is there and powered.
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
        /// Over.
        case finish(KernelOutcome)
    }

    /// A run of the contact kernel.
    public init(_ script: ReplayTerminal) {
        self.script = script
        kernel = ContactKernel(terminal: script.terminal, transaction: script.transaction)
    }

    /// What the kernel has found out by now; nil before an application is selected.
    public var findings: KernelFindings? { kernel.findings }
    /// What the card's processing left behind by now; nil before the first cryptogram.
    public var chipResult: ChipResult? { kernel.chipResult }
    /// The application, once it is selected.
    public var application: CardApplication? { kernel.application }

    /// Tells the kernel what happened; answers what the card is to be asked next.
    public mutating func handle(_ event: Event) -> Step {
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
            case .finish(let outcome): return .finish(outcome)
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
            // Only an event that does not belong to the last step is ignored: the card is taken away.
            case .ignore: action = kernel.handle(.cardRemoved)
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
