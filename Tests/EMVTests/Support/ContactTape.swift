import EMV
import Payments
import SimulatedCards
import Wire

/// A contact transaction as bytes: first what the terminal is, then what card, customer and issuer answer, in the order in
/// which they are asked. Any bytes are a tape; where one ends, the card falls silent.
struct ContactTape {
    private var rest: ArraySlice<UInt8>
    private(set) var recorded: [UInt8]
    private(set) var kernel: ContactKernel
    private let terminal: TerminalData

    /// Bytes of what the terminal is.
    static let headerLength = 5

    init?(_ bytes: [UInt8]) {
        let header = Array(bytes.prefix(Self.headerLength))
        let options = header + [UInt8](repeating: 0, count: Self.headerLength - header.count)
        recorded = options
        rest = bytes.dropFirst(Self.headerLength)
        guard let caKeys = Self.caKeys, let transaction = Self.transaction(options) else { return nil }
        terminal = Self.terminal(options, caKeys)
        kernel = ContactKernel(terminal: terminal, transaction: transaction)
    }

    /// Runs to the end with the answers on the tape.
    mutating func play() -> Witness {
        play { tape, action in tape.next(for: action) }
    }

    /// Runs to the end with the answers of `source`, and records them.
    mutating func record(_ source: (ContactKernel.Action) -> ContactKernel.Event) -> Witness {
        play { tape, action in
            let event = source(action)
            tape.recorded += Self.bytes(event)
            return event
        }
    }

    private mutating func play(
        _ source: (inout ContactTape, ContactKernel.Action) -> ContactKernel.Event
    ) -> Witness {
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
            event = source(&self, action)
        }
        witness.object("no end")
        return witness
    }
}

// What the terminal is.
extension ContactTape {
    private static let caKeys = try? TestTerminalParameters.caKeys()
    private static let types: [UInt8] = [0x22, 0x21, 0x23, 0x25, 0x24, 0x26, 0x14, 0x11]
    private static let transactionTypes: [UInt8] = [0x00, 0x01, 0x09, 0x20, 0x31, 0x17, 0xFF, 0x00]
    private static let amounts: [Int64] = [8880, 0, 1, 100_000, 999_999_999_999, 2000, 30_001, 12]

    private static func terminal(_ options: [UInt8], _ caKeys: [CAPublicKey]) -> TerminalData {
        var applications = TestTerminalParameters.applications
        for index in applications.indices {
            if options[0] & 0x08 != 0 { applications[index].floorLimit = 50_000 }
            if options[0] & 0x10 != 0 {
                applications[index].tacDenial = []
                applications[index].tacOnline = []
                applications[index].tacDefault = []
            }
            if options[0] & 0x20 != 0 { applications[index].allowsPartialMatch = false }
            if options[0] & 0x40 != 0 { applications[index].defaultDDOL = [] }
            applications[index].randomSelection.targetPercent = Int(options[3])
            applications[index].randomSelection.threshold = Int64(options[3]) * 100
        }
        var terminal = TerminalData(
            applications: applications, caKeys: caKeys, countryCode: options[4] & 0x01 == 0 ? 156 : 840,
            terminalType: types[Int(options[0] & 0x07)],
            capabilities: [
                .contactChip, .plaintextPIN, .onlinePIN, .signature, .encipheredPIN, .noVerification, .sda, .dda, .cda,
            ], serialNumber: "TENDER01", terminalID: "10000001", merchantID: "898100012340001")
        // Each bit takes one capability away.
        let removable: [TerminalCapabilities] = [
            .plaintextPIN, .onlinePIN, .signature, .encipheredPIN, .noVerification, .sda, .dda, .cda,
        ]
        for (bit, capability) in removable.enumerated() where options[1] >> bit & 1 != 0 {
            terminal.capabilities.remove(capability)
        }
        terminal.asksForApplication = options[0] & 0x80 == 0
        if options[4] & 0x02 != 0 { terminal.exceptionFile = ["620000"] }
        return terminal
    }

    private static func transaction(_ options: [UInt8]) -> TransactionData? {
        TransactionData(
            amount: Money(minorUnits: amounts[Int(options[2] & 0x07)], .cny),
            otherAmount: options[2] & 0x40 != 0 ? 1000 : 0, type: transactionTypes[Int(options[2] >> 3 & 0x07)],
            time: LocalDateTime(year: 2026, month: 11, day: 22, hour: 13, minute: 15, second: 0), stan: .first,
            unpredictableNumber: 0x1122_3344, randomPercent: 50, forcedOnline: options[2] & 0x80 != 0)
    }
}

// What is answered.
extension ContactTape {
    private mutating func byte() -> UInt8? { rest.popFirst() }

    private mutating func bytes() -> [UInt8] {
        let count = (Int(byte() ?? 0) << 8 | Int(byte() ?? 0)) % 1024
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    private mutating func next(for action: ContactKernel.Action) -> ContactKernel.Event {
        switch (action, byte()) {
        case (.transmit, 0xFF): .cardRemoved
        case (.transmit, 0xFE): .cancelled
        case (.transmit, nil): .cardMute
        case (.transmit, _): .response(bytes())
        case (.chooseApplication, let index?): .applicationChosen(Int(Int8(bitPattern: index)))
        case (.requestOnlinePIN, let outcome?), (.requestOfflinePIN, let outcome?): pin(outcome)
        case (.goOnline, let reply?): reply == 0 ? .unableToGoOnline : .reply(self.reply(reply))
        case (.goOnline, nil): .unableToGoOnline
        case (_, nil): .cancelled
        case (.finish, _), (.ignore, _): .cardRemoved
        }
    }

    private mutating func pin(_ outcome: UInt8) -> ContactKernel.Event {
        switch outcome {
        case 0: .pin(.entered)
        case 1: .pin(.enciphered(bytes()))
        case 2: .pin(.answered(bytes()))
        case 3: .pin(.bypassed)
        case 4: .pin(.padFailed)
        case 5: .cardRemoved
        default: .cancelled
        }
    }

    private mutating func reply(_ reply: UInt8) -> OnlineReply {
        let code = reply & 0x02 == 0 ? "00" : reply & 0x04 == 0 ? "05" : "\u{0}漢"
        return OnlineReply(approved: reply & 0x01 != 0, code: code, chipData: bytes(), authorizationCode: "A1B2C3")
    }

    /// The event as `next(for:)` reads it.
    private static func bytes(_ event: ContactKernel.Event) -> [UInt8] {
        let counted = { (bytes: [UInt8]) in [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes }
        return switch event {
        case .response(let response): [0x00] + counted(response)
        case .cardRemoved: [0xFF]
        case .cancelled: [0xFE]
        case .applicationChosen(let index): [UInt8(truncatingIfNeeded: index)]
        case .pin(.entered): [0]
        case .pin(.enciphered(let block)): [1] + counted(block)
        case .pin(.answered(let response)): [2] + counted(response)
        case .pin(.bypassed): [3]
        case .pin(.padFailed): [4]
        case .reply(let reply):
            [reply.approved ? 0x01 : 0x02] + counted(reply.chipData)
        case .unableToGoOnline: [0]
        case .begin, .cardMute: []
        }
    }
}
