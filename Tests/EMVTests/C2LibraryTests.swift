import EMV
import Payments
import SimulatedCards
import Testing
import Wire

/// Kernel C-2 with cards and phones of the library, whose issuer checks every cryptogram.
@Suite struct C2LibraryTests {
    struct Tap: CoveredCase, CustomTestStringConvertible {
        let clause: String
        let requirement: String
        var card = "mastercard-contactless"
        var amount: Int64 = 8880
        var floorLimit: Int64 = 0
        /// The instruction whose answer is lost at the first presentation.
        var lost: UInt8?
        let expected: String
        var sent = "A4 A4 A8 AE"

        var testDescription: String { requirement }
    }

    static let taps = [
        Tap(
            clause: "Book C-2, S910.74", requirement: "A card of the library goes online with a genuine request",
            expected: "online, none, authorising; approvedOnline, none, approved"),
        Tap(
            clause: "Book C-2, S910.74",
            requirement: "A card of the library approves with a genuine, signed certificate",
            floorLimit: 30_000, expected: "approvedOffline, none, approved"),
        Tap(
            clause: "Book C-2, S910.74", requirement: "A card of the library above its own limit asks its issuer",
            amount: 30_001, floorLimit: 50_000, expected: "online, none, authorising; approvedOnline, none, approved"),
        Tap(
            clause: "Book C-2, CVM.18", requirement: "A card of the library wants the PIN above the CVM limit",
            amount: 100_001, expected: "online, onlinePIN, enterPIN; approvedOnline, onlinePIN, approved"),
        Tap(
            clause: "Book C-2, S10", requirement: "A torn card of the library gives its answer again", lost: 0xAE,
            expected:
                "try again, notApplicable, presentCardAgain; online, none, authorising; approvedOnline, none, approved",
            sent: "A4 A4 A8 AE A4 A4 A8 D0"),
        Tap(
            clause: "Book C-2, S4.6",
            requirement: "A card of the library that leaves before its cryptogram starts anew",
            lost: 0xB2,
            expected:
                "try again, notApplicable, presentCardAgain; online, none, authorising; approvedOnline, none, approved",
            sent: "A4 A4 A8 A4 A4 A8 AE"),
        Tap(
            clause: "Book C-2, CVM.3", requirement: "A phone of the library below the CVM limit verifies nobody",
            card: "mastercard-phone", expected: "online, none, authorising; approvedOnline, none, approved"),
        Tap(
            clause: "Book C-2, S910.71",
            requirement: "A locked phone of the library is unlocked, tapped again and has verified its owner",
            card: "mastercard-phone", amount: 100_001,
            expected:
                "try again, notApplicable, seePhone; online, onDevice, authorising; approvedOnline, onDevice, approved",
            sent: "A4 A4 A8 AE A4 A4 A8 AE"),
    ]

    @Test(arguments: taps) func `Cards of the library`(row: Tap) throws {
        var terminal = TerminalData(
            applications: TestTerminalParameters.applications, caKeys: try TestTerminalParameters.caKeys(),
            countryCode: 156, serialNumber: "TENDER01", terminalID: "12345678", merchantID: "123456789012345")
        terminal.combinations = TestTerminalParameters.combinations.map {
            var combination = $0
            combination.floorLimit = row.floorLimit
            return combination
        }
        let profile = try required(CardLibrary.card(named: row.card))
        var card = try SimulatedCard(profile, on: .contactless)
        var entryPoint = EntryPoint(terminal: terminal, transaction: try Run.sale(row.amount))
        var (lines, sent): ([String], [String]) = ([], [])
        var lost = row.lost
        var action = entryPoint.handle(.begin)
        repeat {
            switch action {
            case .transmit(let command):
                if command.ins != 0xB2 { sent.append(Hex.encode([command.ins])) }
                guard case .response(let answer) = card.handle(command.bytes) else { throw Missing() }
                action = entryPoint.handle(command.ins == lost ? .cardRemoved : .response(answer))
                if command.ins == lost { lost = nil }
            case .finish(let outcome):
                lines.append(outcome.line)
                card.reset(.contactless)
                switch outcome.result {
                case .tryAgain: action = entryPoint.handle(.begin)
                case .online(let request):
                    try check(request.chipData, request.card, .arqc)
                    action = entryPoint.handle(.reply(OnlineReply(approved: true, code: "00", chipData: [])))
                case .completed(.approvedOffline, let completion):
                    try check(completion.chipData, try required(entryPoint.card), .tc)
                    action = .ignore
                default: action = .ignore
                }
            case .ignore: break
            }
        } while action != .ignore && lines.count < 10
        #expect(lines.joined(separator: "; ") == row.expected)
        #expect(sent.joined(separator: " ") == row.sent)
        #expect(entryPoint.torn.isEmpty)
    }

    /// The issuer knows the cryptogram, over what field 55 says.
    private func check(_ chipData: [UInt8], _ card: CardRead, _ type: ChipResult.CryptogramType) throws {
        let check = CardIssuer().check(chipData: chipData, pan: card.pan, sequenceNumber: card.sequenceNumber)
        guard case .genuine(let genuine) = check else { throw Missing() }
        #expect(genuine.type == type)
    }
}
