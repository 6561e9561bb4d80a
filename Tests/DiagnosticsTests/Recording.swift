import Diagnostics
import EMV
import Payments
import SimulatedCards
import Testing
import Wire

/// A session of the contact kernel with a simulated card and its issuer, recorded; the terminal that repeats it beside it.
struct Recording {
    /// Name of the card's profile.
    let card: String
    var transcript = Transcript()
    var terminal: ReplayTerminal
    private(set) var ending: KernelRun.Ending?
    private(set) var chipResult: ChipResult?

    /// What differs from a plain online sale over CNY 88.80.
    struct Variation: Sendable, CustomTestStringConvertible {
        var name = "online"
        /// Profile name of the card library.
        var card = "unionpay-debit"
        var floorLimit: Int64 = 0
        var amount: Int64 = 8880
        /// Field 39; nil where the issuer cannot be reached.
        var responseCode: String? = "00"
        var scripts: [(template: TLV.Tag, commands: [IssuerCommand])] = []
        var capabilities: TerminalCapabilities?
        /// The card leaves before it answers this command, 1 first.
        var leavesAt: Int?
        var testDescription: String { name }
    }

    init(_ variation: Variation) throws {
        var applications = TestTerminalParameters.applications
        for index in applications.indices { applications[index].floorLimit = variation.floorLimit }
        var data = TerminalData(
            applications: applications, caKeys: try TestTerminalParameters.caKeys(), countryCode: 156,
            serialNumber: "TENDER01", terminalID: "00000001", merchantID: "000000000000001")
        if let capabilities = variation.capabilities { data.capabilities = capabilities }
        let stan = try #require(STAN(7))
        let transaction = try #require(
            TransactionData(
                amount: Money(minorUnits: variation.amount, .cny),
                time: LocalDateTime(year: 2026, month: 11, day: 22, hour: 13, minute: 15, second: 0),
                stan: stan, unpredictableNumber: 0x1122_3344, randomPercent: 50))
        card = variation.card
        terminal = ReplayTerminal(terminal: data, transaction: transaction)
        var simulated = try SimulatedCard(try #require(CardLibrary.card(named: variation.card)))
        transcript.answerToReset = simulated.answerToReset
        var kernel = ContactKernel(terminal: data, transaction: transaction)
        var action = kernel.handle(.begin)
        var commands = 0
        while ending == nil {
            switch action {
            case .transmit(let command):
                commands += 1
                if commands == variation.leavesAt {
                    transcript.entries += [.exchange(command: command.bytes, response: nil), .removed]
                    action = kernel.handle(.cardRemoved)
                    continue
                }
                switch simulated.handle(command.bytes) {
                case .response(let bytes):
                    transcript.entries.append(.exchange(command: command.bytes, response: bytes))
                    action = kernel.handle(.response(bytes))
                case .silence:
                    transcript.entries.append(.exchange(command: command.bytes, response: nil))
                    action = kernel.handle(.cardMute)
                case .removed:
                    transcript.entries += [.exchange(command: command.bytes, response: nil), .removed]
                    action = kernel.handle(.cardRemoved)
                }
            case .chooseApplication: action = kernel.handle(.applicationChosen(0))
            case .requestOnlinePIN: action = kernel.handle(.pin(.entered))
            case .requestOfflinePIN:
                terminal.pins = [.failed]
                action = kernel.handle(.pin(.padFailed))
            case .goOnline(let request):
                terminal.reply = try Self.reply(to: request, variation)
                switch terminal.reply {
                case .answered(let reply): action = kernel.handle(.reply(reply))
                case .unable: action = kernel.handle(.unableToGoOnline)
                }
            case .finish(let outcome): ending = KernelRun.Ending(outcome)
            case .ignore: Issue.record("the kernel ignored an event")
            }
        }
        chipResult = kernel.chipResult
    }

    private static func reply(to request: OnlineRequest, _ variation: Variation) throws -> ReplayTerminal.Reply {
        guard let code = variation.responseCode else { return .unable }
        let check = CardIssuer().check(
            chipData: request.chipData, pan: request.card.pan, sequenceNumber: request.card.sequenceNumber)
        var objects: [TLV] = []
        if case .genuine(let genuine) = check {
            objects.append(try genuine.issuerAuthenticationData(responseCode: code))
            for script in variation.scripts {
                objects.append(try genuine.script(script.commands, template: script.template))
            }
        }
        return .answered(OnlineReply(approved: code == "00", code: code, chipData: TLV.encode(objects)))
    }

    /// What a session can be like: every method of authentication, every ending.
    static let variations: [Variation] = [
        Variation(), Variation(name: "CDA", card: "unionpay-credit"), Variation(name: "SDA", card: "static"),
        Variation(name: "no ODA", card: "online-only"), Variation(name: "a choice", card: "several-applications"),
        Variation(name: "offline approval", card: "offline", floorLimit: 10_000),
        Variation(name: "issuer declines", responseCode: "51"), Variation(name: "no issuer", responseCode: nil),
        Variation(name: "no issuer, CDA", card: "unionpay-credit", responseCode: nil),
        Variation(
            name: "scripts",
            scripts: [(.script71, [.setLowerOfflineLimit(1)]), (.script72, [.setUpperOfflineLimit(2)])]),
        Variation(name: "no PIN pad for it", capabilities: [.contactChip, .signature, .noVerification, .sda, .dda]),
        Variation(name: "expired", card: "expired"), Variation(name: "declines", card: "declines"),
        Variation(name: "declines late", card: "declines-late"), Variation(name: "blocked", card: "blocked-card"),
        Variation(name: "leaves at the first", leavesAt: 1), Variation(name: "leaves at a record", leavesAt: 6),
        Variation(name: "mute", card: "mute"), Variation(name: "nonsense", card: "nonsense"),
        Variation(name: "large amount", card: "unionpay-credit", amount: 999_999_999_999),
    ]
}
