import Diagnostics
import EMV
import PaymentCryptography
import Payments
import SimulatedCards
import Testing
import Wire

/// A session of a kernel with a simulated card and its issuer, recorded; the terminal that repeats it beside it.
struct Recording {
    /// Name of the card's profile.
    let card: String
    var transcript = Transcript()
    var terminal: ReplayTerminal
    private(set) var ending = KernelRun.Ending.unexpected
    private(set) var chipResult: ChipResult?
    private let variation: Variation
    private var simulated: SimulatedCard
    private var commands = 0

    /// What differs from a plain online sale over CNY 88.80 in the slot.
    struct Variation: Sendable, CustomTestStringConvertible {
        var name = "online"
        /// Profile name of the card library.
        var card = "unionpay-debit"
        var isTapped = false
        var usesDirectory = true
        var floorLimit: Int64 = 0
        var amount: Int64 = 8880
        /// Field 39; nil where the issuer cannot be reached.
        var responseCode: String? = "00"
        var scripts: [(template: TLV.Tag, commands: [IssuerCommand])] = []
        var capabilities: TerminalCapabilities?
        /// PINs that the customer types for the card, one after the other.
        var cardPINs: [String] = []
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
        data.combinations = TestTerminalParameters.combinations
        data.usesDirectory = variation.usesDirectory
        data.revokedCertificates = TestTerminalParameters.revokedCertificates
        if let capabilities = variation.capabilities { data.capabilities = capabilities }
        if !variation.cardPINs.isEmpty { data.capabilities.insert([.plaintextPIN, .encipheredPIN]) }
        let stan = try #require(STAN(7))
        let transaction = try #require(
            TransactionData(
                amount: Money(minorUnits: variation.amount, .cny),
                time: LocalDateTime(year: 2026, month: 11, day: 22, hour: 13, minute: 15, second: 0),
                stan: stan, unpredictableNumber: 0x1122_3344, randomPercent: 50))
        card = variation.card
        self.variation = variation
        terminal = ReplayTerminal(terminal: data, transaction: transaction)
        simulated = try SimulatedCard(
            try #require(CardLibrary.card(named: variation.card)), on: variation.isTapped ? .contactless : .contact)
        transcript.answerToReset = simulated.answerToReset
        if variation.isTapped { try recordTap() } else { try recordContact() }
    }

    private enum Heard {
        case response([UInt8])
        case removed
        case mute
    }

    /// Sends a command to the card and notes what came of it.
    private mutating func exchange(_ command: [UInt8]) -> Heard {
        commands += 1
        let answer = commands == variation.leavesAt ? .removed : simulated.handle(command)
        switch answer {
        case .response(let bytes):
            transcript.entries.append(.exchange(command: command, response: bytes))
            return .response(bytes)
        case .silence:
            transcript.entries.append(.exchange(command: command, response: nil))
            return .mute
        case .removed:
            transcript.entries += [.exchange(command: command, response: nil), .removed]
            return .removed
        }
    }

    private mutating func recordContact() throws {
        var kernel = ContactKernel(terminal: terminal.terminal, transaction: terminal.transaction)
        var event = ContactKernel.Event.begin
        while true {
            switch kernel.handle(event) {
            case .transmit(let command):
                event =
                    switch exchange(command.bytes) {
                    case .response(let bytes): .response(bytes)
                    case .removed: .cardRemoved
                    case .mute: .cardMute
                    }
            case .chooseApplication: event = .applicationChosen(0)
            case .requestOnlinePIN: event = .pin(.entered)
            case .requestOfflinePIN(let query): event = .pin(try enter(query))
            case .goOnline(let request):
                terminal.reply = try reply(to: request)
                switch terminal.reply {
                case .answered(let reply): event = .reply(reply)
                case .unable: event = .unableToGoOnline
                }
            case .finish(let outcome):
                ending = KernelRun.Ending(outcome)
                chipResult = kernel.chipResult
                return
            case .ignore: throw RecordingFailure()
            }
        }
    }

    private mutating func recordTap() throws {
        var entryPoint = EntryPoint(terminal: terminal.terminal, transaction: terminal.transaction)
        var event = EntryPoint.Event.begin
        while true {
            switch entryPoint.handle(event) {
            case .transmit(let command):
                event =
                    switch exchange(command.bytes) {
                    case .response(let bytes): .response(bytes)
                    case .removed: .cardRemoved
                    case .mute: .cardMute
                    }
            case .finish(let outcome):
                switch outcome.result {
                case .completed(let verdict, let completion): ending = .completed(verdict, completion)
                case .ended(let failure): ending = .ended(failure)
                case .tryAnotherInterface: ending = .tryAnotherInterface
                case .tryAgain:
                    // Once more, with the same card; a card that is never read comes to an end, too.
                    simulated.reset(.contactless)
                    event = .begin
                    continue
                case .online(let request):
                    terminal.reply = try reply(to: request)
                    switch terminal.reply {
                    case .answered(let reply): event = .reply(reply)
                    case .unable: event = .unableToGoOnline
                    }
                    continue
                }
                chipResult = entryPoint.chipResult
                return
            case .ignore: throw RecordingFailure()
            }
        }
    }

    /// The customer at a device with keys; without PINs there is none.
    private mutating func enter(_ query: OfflinePINQuery) throws -> ContactKernel.PINOutcome {
        guard let digits = query.isRetry ? variation.cardPINs.last : variation.cardPINs.first else {
            terminal.pins = [.failed]
            return .padFailed
        }
        let pin = SecretBytes(Array(digits.utf8))
        switch query.method {
        case .plaintext:
            let block = try CardPIN.block(pin).withBytes { Array($0) }
            guard case .response(let answer) = exchange([0x00, 0x20, 0x00, 0x80, 0x08] + block) else {
                throw RecordingFailure()
            }
            return .answered(answer)
        case .enciphered(let key, let challenge):
            return .enciphered(try CardPIN.encipher(pin, for: key, challenge: challenge))
        }
    }

    private func reply(to request: OnlineRequest) throws -> ReplayTerminal.Reply {
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
        Variation(name: "plaintext PIN", card: "plaintext-pin", cardPINs: ["1357"]),
        Variation(name: "plaintext PIN, second try", card: "plaintext-pin", cardPINs: ["1111", "1357"]),
        Variation(name: "enciphered PIN", card: "enciphered-pin", cardPINs: ["24680"]),
        Variation(name: "enciphered PIN, always wrong", card: "enciphered-pin-icc", cardPINs: ["00000"]),
        Variation(
            name: "PIN for the card, no pad", card: "enciphered-pin", capabilities: [.contactChip, .encipheredPIN]),
        Variation(name: "a list alone", card: "several-applications", usesDirectory: false),
        Variation(name: "expired", card: "expired"), Variation(name: "declines", card: "declines"),
        Variation(name: "declines late", card: "declines-late"), Variation(name: "blocked", card: "blocked-card"),
        Variation(name: "leaves at the first", leavesAt: 1), Variation(name: "leaves at a record", leavesAt: 6),
        Variation(name: "mute", card: "mute"), Variation(name: "nonsense", card: "nonsense"),
        Variation(name: "large amount", card: "unionpay-credit", amount: 999_999_999_999),
        Variation(name: "quickPass online", card: "quickpass-debit", isTapped: true),
        Variation(name: "quickPass, no issuer", card: "quickpass-debit", isTapped: true, responseCode: nil),
        Variation(name: "quickPass credit", card: "quickpass-credit", isTapped: true),
        Variation(name: "Visa tap", card: "visa-contactless", isTapped: true),
        Variation(name: "phone", card: "unionpay-phone", isTapped: true, amount: 200_000),
        Variation(name: "Mastercard tap", card: "mastercard-contactless", isTapped: true),
        Variation(name: "pulled away, then again", card: "quickpass-debit", isTapped: true, leavesAt: 3),
        Variation(name: "torn", card: "mastercard-contactless", isTapped: true, leavesAt: 7),
    ]
}

/// A recording that could not be made.
struct RecordingFailure: Error {}
