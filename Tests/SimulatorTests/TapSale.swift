import EMV
import Payments
import SimulatedCards
import Testing
import Wire

/// One sale of the real Entry Point with a simulated card or phone and its issuer, by hand: no reader, no clock, no acquirer.
struct TapSale {
    var card: SimulatedCard
    /// CNY 88.80 by default, minor units.
    var amount: Int64 = 8880
    /// How often the customer taps before he gives up.
    var patience = 3
    /// What was torn before.
    var torn: [TornTransaction] = []
    /// The presentation (from 1) at which the card leaves the field when GENERATE AC was answered, before the terminal hears it.
    var tearsAt: Int?
    var unpredictableNumber: UInt32 = 0x1122_3344

    // What came of it.
    /// Every outcome, one for each presentation and one for the issuer's reply.
    private(set) var outcomes: [ContactlessOutcome] = []
    /// Commands that the card got.
    private(set) var commands: [UInt8] = []
    private(set) var request: OnlineRequest?

    init(_ profile: CardProfile, seed: UInt64 = 1) throws {
        card = try SimulatedCard(profile, seed: seed, on: .contactless)
    }

    /// Runs the sale to its end, in the library's words.
    mutating func run() throws -> CardEnd {
        let transaction = try #require(
            TransactionData(
                amount: Money(minorUnits: amount, .cny),
                time: LocalDateTime(year: 2026, month: 11, day: 22, hour: 13, minute: 15, second: 0), stan: .first,
                unpredictableNumber: unpredictableNumber, randomPercent: 50))
        var terminal = TerminalData(
            applications: TestTerminalParameters.applications, caKeys: try TestTerminalParameters.caKeys(),
            countryCode: 156, serialNumber: "TENDER01", terminalID: "00000001", merchantID: "000000000000001")
        terminal.combinations = TestTerminalParameters.combinations
        var point = EntryPoint(terminal: terminal, transaction: transaction, torn: torn)
        defer { torn = point.torn }
        var presentations = 1
        card.reset(.contactless)
        var action = point.handle(.begin)
        for _ in 0..<2000 {
            switch action {
            case .transmit(let command):
                commands.append(command.ins)
                let answer = card.handle(command.bytes)
                if command.ins == 0xAE, presentations == tearsAt {
                    action = point.handle(.cardRemoved)
                    continue
                }
                switch answer {
                case .response(let bytes): action = point.handle(.response(bytes))
                case .silence: action = point.handle(.cardMute)
                case .removed: action = point.handle(.cardRemoved)
                }
            case .ignore: throw TestFailure("ignored in \(point.phase)")
            case .finish(let outcome):
                outcomes.append(outcome)
                switch outcome.result {
                case .completed(.approvedOffline, _): return .approvedOffline
                case .completed(.approvedOnline, _): return .approvedOnline
                case .completed(.declinedOffline, _): return .declinedOffline
                case .completed(.declinedOnline, _): return .declinedOnline
                case .completed(.declinedByCard, _): return .declinedByCard
                case .tryAnotherInterface: return .otherInterface
                case .ended: return request == nil ? .ended : .reversed
                case .online(let request):
                    self.request = request
                    action = point.handle(try reply(to: request))
                case .tryAgain:
                    presentations += 1
                    guard presentations <= patience else { return .presentAgain }
                    card.reset()
                    action = point.handle(.begin)
                }
            }
        }
        throw TestFailure("the Entry Point does not come to an end")
    }

    private func reply(to request: OnlineRequest) throws -> EntryPoint.Event {
        let check = CardIssuer().check(
            chipData: request.chipData, pan: request.card.pan, sequenceNumber: request.card.sequenceNumber)
        switch check {
        case .genuine: return .reply(OnlineReply(approved: true, code: "00", chipData: []))
        case .wrong: return .reply(OnlineReply(approved: false, code: "59", chipData: []))
        case .unknownCard, .malformed: throw TestFailure("the issuer finds the cryptogram \(check)")
        }
    }
}
