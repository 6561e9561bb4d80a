public import EMV
import PaymentCryptography
public import Payments
import Wire

/// A recorded session played against the kernel, with no card: what the kernel sends stands beside what was recorded.
///
/// The recorded response to the nth command is given for the kernel's nth command, whether they are equal or not. GET RESPONSE
/// and repeated commands with another length are commands like others: the kernel sends them itself where a recorded response
/// asks for them (`61xx`, `6Cxx`). A recorded command without its last byte `00`, as T=0 has it, is equal to one with it.
public struct Replay: Sendable {
    /// What was sent and what was recorded, in order.
    public let rows: [Row]
    /// How the kernel ended.
    public let ending: KernelRun.Ending
    /// What the kernel found out; nil if no application was selected.
    public let findings: KernelFindings?
    /// What the card's processing left behind; nil without a cryptogram.
    public let chipResult: ChipResult?
    /// Data objects of field 55: those of the completion, or of the request where there was none.
    public let field55: [UInt8]
    let transcript: Transcript
    let mask: CardDataMask

    /// One command, or something else that happened.
    public struct Row: Equatable, Sendable {
        /// What the kernel sends; nil where it sends nothing any more.
        public let sent: [UInt8]?
        /// What was recorded; nil behind the end of the recording.
        public let recorded: [UInt8]?
        /// The recorded response; nil if the card gave none.
        public let response: [UInt8]?
        /// What else there is to say: a delay, the card's removal, the PIN pad.
        public let note: String

        /// Whether the kernel sends what was recorded. What is neither is equal.
        public var isEqual: Bool {
            guard let sent, let recorded else { return sent == nil && recorded == nil }
            return sent == recorded || (sent.count >= 6 && sent == recorded + [0x00])
        }
    }

    /// Whether all commands are equal.
    public var isEqual: Bool { firstDifference == nil }
    /// The row of the first difference.
    public var firstDifference: Int? { rows.firstIndex { !$0.isEqual } }

    /// Plays `transcript` against the kernel of `terminal`.
    public init(_ transcript: Transcript, terminal: ReplayTerminal) {
        var player = Player(KernelRun(terminal, isContactless: transcript.isContactless), transcript)
        ending = player.play()
        rows = player.rows
        findings = player.run.findings
        chipResult = player.run.chipResult
        if case .completed(_, let completion) = ending {
            field55 = completion.chipData
        } else {
            field55 = player.run.request ?? []
        }
        self.transcript = transcript
        mask = CardDataMask(transcript)
    }

    /// Gives the kernel what was recorded.
    private struct Player {
        var run: KernelRun
        var rows: [Row] = []
        private var remaining: ArraySlice<Transcript.Entry>

        init(_ run: KernelRun, _ transcript: Transcript) {
            self.run = run
            remaining = transcript.entries[...]
        }

        mutating func play() -> KernelRun.Ending {
            var step = run.handle(.begin)
            while true {
                switch step {
                case .transmit(let command): step = run.handle(answer(command.bytes))
                case .offlinePIN(let query): step = run.handle(.pin(enter(query)))
                case .present:
                    noteDelays(andRemovals: true)
                    guard !remaining.isEmpty else { return .tryAgain }
                    step = run.handle(.begin)
                case .finish(let ending):
                    noteRest()
                    return ending
                }
            }
        }

        private mutating func noteDelays(andRemovals: Bool = false) {
            while let entry = remaining.first {
                switch entry {
                case .delay: break
                case .removed where andRemovals: break
                case .removed, .exchange: return
                }
                remaining.removeFirst()
                note(entry)
            }
        }

        private mutating func note(_ entry: Transcript.Entry) {
            switch entry {
            case .delay(let milliseconds): note("\(milliseconds) ms pass")
            case .removed: note("the card leaves")
            case .exchange(let command, let response):
                rows.append(Row(sent: nil, recorded: command, response: response, note: "the kernel has ended"))
            }
        }

        private mutating func note(_ words: String) {
            rows.append(Row(sent: nil, recorded: nil, response: nil, note: words))
        }

        private mutating func answer(_ command: [UInt8]) -> KernelRun.Event {
            noteDelays()
            switch remaining.first {
            case .exchange(let recorded, let response)?:
                remaining.removeFirst()
                // A command that the card left without an answer.
                let isRemoved = response == nil && remaining.first == .removed
                let note = response == nil ? (isRemoved ? "the card leaves" : "the card does not answer") : ""
                if isRemoved { remaining.removeFirst() }
                rows.append(Row(sent: command, recorded: recorded, response: response, note: note))
                return response.map { .response($0) } ?? (isRemoved ? .cardRemoved : .cardMute)
            case .removed?:
                // What would have been sent to a card that has left was never recorded.
                remaining.removeFirst()
                note("the card leaves")
                return .cardRemoved
            case .delay?, nil:
                rows.append(Row(sent: command, recorded: nil, response: nil, note: "the recording is over"))
                return .cardMute
            }
        }

        /// The recorded VERIFY tells what the pad made of the PIN.
        private mutating func enter(_ query: OfflinePINQuery) -> ContactKernel.PINOutcome {
            noteDelays()
            guard case .exchange(let recorded, let response)? = remaining.first,
                let command = CommandAPDU(bytes: recorded), command.ins == 0x20
            else {
                // Without one the kernel's own shows the difference, or its next command does.
                guard case .enciphered(let key, _) = query.method else { return .padFailed }
                return .enciphered([UInt8](repeating: 0, count: key.modulus.count))
            }
            switch query.method {
            case .enciphered: return .enciphered(command.data)
            case .plaintext:
                // In the clear it goes from the pad to the card; the terminal only hears the answer.
                guard let response else { return .padFailed }
                remaining.removeFirst()
                let length = UInt8(truncatingIfNeeded: command.data.count)
                let sent = [0x00, 0x20, 0x00, 0x80, length] + command.data
                rows.append(Row(sent: sent, recorded: recorded, response: response, note: "sent by the PIN pad"))
                return .answered(response)
            }
        }

        private mutating func noteRest() {
            while let entry = remaining.popFirst() { note(entry) }
        }
    }
}
