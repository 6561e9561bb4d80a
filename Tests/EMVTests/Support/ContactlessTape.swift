import EMV

/// A contactless transaction on tape, with as many presentations as it takes.
struct ContactlessTape {
    private(set) var tape: Tape
    private(set) var entryPoint: EntryPoint
    private let terminal: TerminalData

    init?(_ bytes: [UInt8]) {
        tape = Tape(bytes)
        terminal = tape.terminal
        guard let transaction = tape.transaction else { return nil }
        entryPoint = EntryPoint(terminal: terminal, transaction: transaction)
    }

    /// Runs to the end with the answers on the tape.
    mutating func play() -> Witness {
        play { tape, action in Self.next(&tape, action) }
    }

    /// Runs to the end with the answers of `source`, and records them.
    mutating func record(_ source: (EntryPoint.Action) -> EntryPoint.Event) -> Witness {
        play { tape, action in
            let event = source(action)
            Self.append(event, to: &tape)
            return event
        }
    }

    private mutating func play(_ source: (inout Tape, EntryPoint.Action) -> EntryPoint.Event) -> Witness {
        var witness = Witness(terminal)
        var event = EntryPoint.Event.begin
        for _ in 0..<(EntryPoint.commandLimit + 2) * EntryPoint.presentationLimit {
            let action = entryPoint.handle(event)
            witness.sees(event, action)
            if witness.isOver {
                witness.reads("\(entryPoint)")
                if entryPoint.handle(.begin) != .ignore { witness.object("something follows the end") }
                return witness
            }
            event = source(&tape, action)
        }
        witness.object("no end")
        return witness
    }
}

// What is answered.
extension ContactlessTape {
    private static func next(_ tape: inout Tape, _ action: EntryPoint.Action) -> EntryPoint.Event {
        if case .finish(let outcome) = action, case .online = outcome.result {
            return tape.reply().map { .reply($0) } ?? .unableToGoOnline
        }
        switch (action, tape.byte()) {
        case (_, 0xFF): return .cardRemoved
        case (_, 0xFE): return .cancelled
        case (_, 0xFD): return .collision
        case (_, 0xFC), (.transmit, nil): return .cardMute
        case (_, nil): return .cancelled
        case (.transmit, _): return .response(tape.bytes())
        case (.finish, _), (.ignore, _): return .begin
        }
    }

    /// The event as `next` reads it.
    private static func append(_ event: EntryPoint.Event, to tape: inout Tape) {
        switch event {
        case .response(let response): tape.append(0x00, response)
        case .begin: tape.append(0x00)
        case .cardRemoved: tape.append(0xFF)
        case .cancelled: tape.append(0xFE)
        case .collision: tape.append(0xFD)
        case .cardMute: tape.append(0xFC)
        case .reply(let reply): tape.append(reply)
        case .unableToGoOnline: tape.append(nil as OnlineReply?)
        }
    }
}
