import EMV
import Payments
import SimulatedCards
import Testing
import Wire

/// A moment at which a card's answers become those of another card, which heard the same commands.
enum ChangeOfMind: String, CaseIterable, CoveredCase {
    case directory, list, selection, processingOptions, secondRecord, fourthRecord, dynamicSignature, counters
    case firstCryptogram, issuerAuthentication, secondCryptogram, script

    var clause: String {
        switch self {
        case .directory: "Book 1, 12.3.2"
        case .list: "Book 1, 12.3.3"
        case .selection: "Book 1, 12.4"
        case .processingOptions: "Book 3, 10.1"
        case .secondRecord, .fourthRecord: "Book 3, 10.2"
        case .dynamicSignature: "Book 2, 6.5"
        case .counters: "Book 3, 10.6.3"
        case .firstCryptogram: "Book 3, 10.8"
        case .issuerAuthentication: "Book 3, 10.9"
        case .secondCryptogram: "Book 3, 10.11"
        case .script: "Book 3, 10.10"
        }
    }

    var requirement: String {
        let moment =
            switch self {
            case .directory: "while its directory is read"
            case .list: "while the terminal's list is tried"
            case .selection: "before its application is selected for good"
            case .processingOptions: "before GET PROCESSING OPTIONS"
            case .secondRecord: "before its second record"
            case .fourthRecord: "before its fourth record"
            case .dynamicSignature: "before INTERNAL AUTHENTICATE"
            case .counters: "before its counters are asked for"
            case .firstCryptogram: "before the first GENERATE AC"
            case .issuerAuthentication: "before EXTERNAL AUTHENTICATE"
            case .secondCryptogram: "before the second GENERATE AC"
            case .script: "before a script command"
            }
        return "Any card that becomes another one \(moment): an end that the books allow"
    }

    /// Whether the change is due with this command; `earlier` are the instructions of the commands before it.
    func isDue(_ command: CommandAPDU, _ earlier: [UInt8]) -> Bool {
        let begun = earlier.contains(0xA8)
        let count = { (instruction: UInt8) in earlier.count { $0 == instruction } }
        return switch self {
        case .directory: command.ins == 0xB2 && !begun
        case .list: command.ins == 0xA4 && count(0xA4) == 1
        case .selection: command.ins == 0xA4 && !earlier.isEmpty && earlier.last != 0xA4
        case .processingOptions: command.ins == 0xA8
        case .secondRecord: begun && command.ins == 0xB2 && earlier.last == 0xB2
        case .fourthRecord: begun && command.ins == 0xB2 && earlier.suffix(3) == [0xB2, 0xB2, 0xB2]
        case .dynamicSignature: command.ins == 0x88
        case .counters: command.ins == 0xCA
        case .firstCryptogram: command.ins == 0xAE
        case .issuerAuthentication: command.ins == 0x82
        case .secondCryptogram: command.ins == 0xAE && count(0xAE) == 1
        case .script: count(0xAE) == 1 && command.cla & 0x04 != 0 || count(0xAE) == 2
        }
    }
}

@Suite struct ChangingCardTests {
    @Test(arguments: ChangeOfMind.allCases)
    func `A card that becomes another one on the way`(change: ChangeOfMind) throws {
        let cards = try MutatedTranscriptTests.cards.get()
        var random = Seeded(state: Seeded.seed(change.rawValue))
        for first in cards where Bool.random(using: &random) {
            guard let second = cards.randomElement(using: &random) else { return }
            let header = MutatedTranscriptTests.terminals.randomElement(using: &random) ?? []
            var other = second
            var instructions: [UInt8] = []
            var isOther = false
            var session = LiveSession(first)
            session.interferes = { _, command, answer in
                isOther = isOther || change.isDue(command, instructions)
                instructions.append(command.ins)
                guard case .response(let response) = other.handle(command.bytes), isOther else { return answer }
                return response
            }
            let play = try Play(session, header)
            #expect(play.objections.isEmpty, "\(first.profile.name) and \(second.profile.name), \(header)")
            let numbers = (first.profile.applications + second.profile.applications).map(\.account.number)
            if play.isProved { #expect(numbers.contains(play.number ?? "")) }
        }
    }
}
