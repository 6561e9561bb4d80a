import EMV
import PaymentCryptography
import Payments
import SimulatedCards
import Testing
import Wire

/// One sale of the real kernel with a simulated card and its issuer, by hand: no reader, no clock, no acquirer.
struct ChipSale {
    var card: SimulatedCard
    /// What the customer chooses where there is a choice.
    var choice = 0
    /// What becomes of the PIN for the issuer.
    var pin = ContactKernel.PINOutcome.entered
    /// The PIN that is typed for the card; nil where there is no device for that.
    var cardPIN: String?
    /// From this amount on, in minor units, the terminal asks the issuer.
    var floorLimit: Int64 = 0
    /// Field 39 of the issuer's reply; nil where the issuer cannot be reached.
    var responseCode: String? = "00"
    /// What the issuer adds to its reply.
    var scripts: [(template: TLV.Tag, commands: [IssuerCommand])] = []
    /// Whether the issuer's cryptogram is damaged on the way.
    var damagesIssuerCryptogram = false
    /// The terminal's number of the sale.
    var stan = 1

    // What came of it.
    /// Commands that the card got.
    private(set) var commands = 0
    /// What the kernel asked the issuer.
    private(set) var request: OnlineRequest?
    /// What the issuer found about the cryptogram.
    private(set) var cryptogram: GenuineCryptogram?
    /// Whether the kernel asked for a choice.
    private(set) var wasAsked = false
    /// The kernel's questions for a PIN that the card checks.
    private(set) var pinQueries: [OfflinePINQuery] = []

    init(_ profile: CardProfile, seed: UInt64 = 1) throws { card = try SimulatedCard(profile, seed: seed) }

    /// Runs the sale over CNY 88.80 to its end.
    mutating func run() throws -> KernelOutcome {
        var kernel = ContactKernel(terminal: try terminal(), transaction: try transaction())
        request = nil
        pinQueries = []
        card.reset()
        var action = kernel.handle(.begin)
        for _ in 0..<2000 {
            switch action {
            case .transmit(let command):
                commands += 1
                switch card.handle(command.bytes) {
                case .response(let bytes): action = kernel.handle(.response(bytes))
                case .silence: action = kernel.handle(.cardMute)
                case .removed: action = kernel.handle(.cardRemoved)
                }
            case .chooseApplication:
                wasAsked = true
                action = kernel.handle(.applicationChosen(choice))
            case .requestOnlinePIN: action = kernel.handle(.pin(pin))
            case .requestOfflinePIN(let query):
                pinQueries.append(query)
                action = kernel.handle(.pin(try enter(query)))
            case .goOnline(let request):
                self.request = request
                action = kernel.handle(try reply(to: request))
            case .finish(let outcome): return outcome
            case .ignore: throw TestFailure("the kernel ignored an event in \(kernel.phase)")
            }
        }
        throw TestFailure("the kernel does not come to an end")
    }

    /// The end of the sale in the library's words.
    mutating func end() throws -> CardEnd {
        switch try run() {
        case .completed(.approvedOffline, _): .approvedOffline
        case .completed(.approvedOnline, _): .approvedOnline
        case .completed(.declinedOffline, _): .declinedOffline
        case .completed(.declinedOnline, _): .declinedOnline
        case .completed(.declinedByCard, _): .declinedByCard
        case .ended: request == nil ? .ended : .reversed
        }
    }

    private func terminal() throws -> TerminalData {
        var applications = TestTerminalParameters.applications
        for index in applications.indices { applications[index].floorLimit = floorLimit }
        var terminal = TerminalData(
            applications: applications, caKeys: try TestTerminalParameters.caKeys(), countryCode: 156,
            serialNumber: "TENDER01", terminalID: "00000001", merchantID: "000000000000001")
        terminal.revokedCertificates = TestTerminalParameters.revokedCertificates
        if cardPIN != nil { terminal.capabilities.insert([.plaintextPIN, .encipheredPIN]) }
        return terminal
    }

    private func transaction() throws -> TransactionData {
        let sequence = try #require(STAN(stan))
        return try #require(
            TransactionData(
                amount: Money(minorUnits: 8880, .cny),
                time: LocalDateTime(year: 2026, month: 11, day: 22, hour: 13, minute: 15, second: 0),
                stan: sequence, unpredictableNumber: 0x1122_3344, randomPercent: 50))
    }

    /// The device with keys: in the clear it shows the PIN to the card itself.
    private mutating func enter(_ query: OfflinePINQuery) throws -> ContactKernel.PINOutcome {
        guard let cardPIN else { return .padFailed }
        let digits = SecretBytes(Array(cardPIN.utf8))
        switch query.method {
        case .plaintext:
            let block = try CardPIN.block(digits).withBytes { Array($0) }
            guard case .response(let answer) = card.handle([0x00, 0x20, 0x00, 0x80, 0x08] + block) else {
                throw TestFailure("no answer to VERIFY")
            }
            return .answered(answer)
        case .enciphered(let key, let challenge):
            return .enciphered(try CardPIN.encipher(digits, for: key, challenge: challenge))
        }
    }

    private mutating func reply(to request: OnlineRequest) throws -> ContactKernel.Event {
        guard let responseCode else { return .unableToGoOnline }
        let check = CardIssuer().check(
            chipData: request.chipData, pan: request.card.pan, sequenceNumber: request.card.sequenceNumber)
        switch check {
        case .wrong: return .reply(OnlineReply(approved: false, code: "59", chipData: []))
        case .unknownCard, .malformed: throw TestFailure("the issuer finds the cryptogram \(check)")
        case .genuine(let genuine):
            cryptogram = genuine
            var authentication = try genuine.issuerAuthenticationData(responseCode: responseCode)
            if damagesIssuerCryptogram {
                authentication = TLV(
                    authentication.tag, [authentication.value[0] ^ 1] + authentication.value.dropFirst())
            }
            var objects = [authentication]
            for script in scripts { objects.append(try genuine.script(script.commands, template: script.template)) }
            return .reply(
                OnlineReply(approved: responseCode == "00", code: responseCode, chipData: TLV.encode(objects)))
        }
    }
}
