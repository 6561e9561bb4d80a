import EMV

/// A contact transaction on tape.
struct ContactTape {
    private(set) var tape: Tape
    private(set) var kernel: ContactKernel
    private let terminal: TerminalData

    init?(_ bytes: [UInt8]) {
        tape = Tape(bytes)
        terminal = tape.terminal
        guard let transaction = tape.transaction else { return nil }
        kernel = ContactKernel(terminal: terminal, transaction: transaction)
    }

    /// Runs to the end with the answers on the tape.
    mutating func play() -> Witness {
        play { tape, action in Self.next(&tape, action) }
    }

    /// Runs to the end with the answers of `source`, and records them.
    mutating func record(_ source: (ContactKernel.Action) -> ContactKernel.Event) -> Witness {
        play { tape, action in
            let event = source(action)
            Self.append(event, to: &tape)
            return event
        }
    }

    private mutating func play(_ source: (inout Tape, ContactKernel.Action) -> ContactKernel.Event) -> Witness {
        var witness = Witness(terminal)
        var event = ContactKernel.Event.begin
        // No transaction has more actions than commands and a few questions.
        for _ in 0..<2 * ContactKernel.commandLimit {
            let action = kernel.handle(event)
            witness.sees(event, action)
            if case .finish = action {
                witness.reads("\(kernel)")
                if kernel.handle(.response([0x90, 0x00])) != .ignore { witness.object("something follows the end") }
                return witness
            }
            event = source(&tape, action)
        }
        witness.object("no end")
        return witness
    }
}

// What is answered.
extension ContactTape {
    private static func next(_ tape: inout Tape, _ action: ContactKernel.Action) -> ContactKernel.Event {
        if case .goOnline = action { return tape.reply().map { .reply($0) } ?? .unableToGoOnline }
        switch (action, tape.byte()) {
        case (.transmit, 0xFF): return .cardRemoved
        case (.transmit, 0xFE): return .cancelled
        case (.transmit, nil): return .cardMute
        case (.transmit, _): return .response(tape.bytes())
        case (.chooseApplication, let index?): return .applicationChosen(Int(Int8(bitPattern: index)))
        case (.requestOnlinePIN, let outcome?), (.requestOfflinePIN, let outcome?):
            switch outcome {
            case 0: return .pin(.entered)
            case 1: return .pin(.enciphered(tape.bytes()))
            case 2: return .pin(.answered(tape.bytes()))
            case 3: return .pin(.bypassed)
            case 4: return .pin(.padFailed)
            case 5: return .cardRemoved
            default: return .cancelled
            }
        case (_, nil): return .cancelled
        case (.goOnline, _), (.finish, _), (.ignore, _): return .cardRemoved
        }
    }

    /// The event as `next` reads it.
    private static func append(_ event: ContactKernel.Event, to tape: inout Tape) {
        switch event {
        case .response(let response): tape.append(0x00, response)
        case .cardRemoved: tape.append(0xFF)
        case .cancelled: tape.append(0xFE)
        case .applicationChosen(let index): tape.append(UInt8(truncatingIfNeeded: index))
        case .pin(.entered): tape.append(0)
        case .pin(.enciphered(let block)): tape.append(1, block)
        case .pin(.answered(let response)): tape.append(2, response)
        case .pin(.bypassed): tape.append(3)
        case .pin(.padFailed): tape.append(4)
        case .reply(let reply): tape.append(reply)
        case .unableToGoOnline: tape.append(nil as OnlineReply?)
        case .begin, .cardMute: break
        }
    }
}
