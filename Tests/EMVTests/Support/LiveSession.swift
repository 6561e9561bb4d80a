import EMV
import PaymentCryptography
import Payments
import SimulatedCards
import Wire

/// A card of the library with its customer and its issuer: answers whatever a kernel asks, until something interferes.
struct LiveSession {
    var card: SimulatedCard
    /// What went over the wire so far, unspoilt.
    private(set) var exchanges: [(command: CommandAPDU, response: [UInt8])] = []
    /// Changes an answer on its way, by the number of its command from zero.
    var interferes: (Int, CommandAPDU, [UInt8]) -> [UInt8] = { $2 }
    /// How often the card was presented anew.
    private(set) var presentations = 0
    /// What the issuer does.
    var issuer = Issuer.approves

    enum Issuer: CaseIterable {
        case approves, declines, silent
    }

    init(_ card: SimulatedCard) { self.card = card }

    mutating func answer(_ action: EntryPoint.Action) -> EntryPoint.Event {
        switch action {
        case .transmit(let command):
            switch transmit(command) {
            case .response(let response): return .response(response)
            case .cardRemoved: return .cardRemoved
            default: return .cardMute
            }
        case .finish(let outcome):
            switch outcome.result {
            case .online(let request):
                if case .reply(let reply) = ask(request) { return .reply(reply) }
                return .unableToGoOnline
            case .tryAgain:
                card.reset(.contactless)
                presentations += 1
                return .begin
            default: return .cancelled
            }
        case .ignore: return .cancelled
        }
    }

    mutating func answer(_ action: ContactKernel.Action) -> ContactKernel.Event {
        switch action {
        case .transmit(let command): return transmit(command)
        case .chooseApplication: return .applicationChosen(0)
        case .requestOnlinePIN: return .pin(.entered)
        case .requestOfflinePIN(let query): return .pin(enterPIN(query))
        case .goOnline(let request): return ask(request)
        case .finish, .ignore: return .cancelled
        }
    }

    private mutating func transmit(_ command: CommandAPDU) -> ContactKernel.Event {
        switch card.handle(command.bytes) {
        case .response(let response):
            exchanges.append((command, response))
            return .response(interferes(exchanges.count - 1, command, response))
        case .silence: return .cardMute
        case .removed: return .cardRemoved
        }
    }

    /// The customer knows the PIN of the card's first application.
    private mutating func enterPIN(_ query: OfflinePINQuery) -> ContactKernel.PINOutcome {
        guard let digits = card.profile.applications.first?.account.pin,
            let coded = try? Hex.decode(
                "2\(digits.utf8.count)" + digits + String(repeating: "F", count: 14 - digits.utf8.count))
        else { return .bypassed }
        switch query.method {
        case .plaintext:
            let command = CommandAPDU(cla: 0x00, ins: 0x20, p1: 0x00, p2: 0x80, data: coded)
            guard let command, case .response(let response) = card.handle(command.bytes) else { return .padFailed }
            return .answered(response)
        case .enciphered(let key, let challenge):
            let block = [0x7F] + coded + challenge
            let padding = [UInt8](repeating: 0x55, count: max(0, key.modulus.count - block.count))
            guard let enciphered = try? key.recover(block + padding) else { return .padFailed }
            return .enciphered(enciphered)
        }
    }

    private func ask(_ request: OnlineRequest) -> ContactKernel.Event {
        guard issuer != .silent else { return .unableToGoOnline }
        let code = issuer == .approves ? "00" : "05"
        var chipData: [UInt8] = []
        let check = CardIssuer().check(
            chipData: request.chipData, pan: request.card.pan, sequenceNumber: request.card.sequenceNumber)
        if case .genuine(let cryptogram) = check,
            let object = try? cryptogram.issuerAuthenticationData(responseCode: code)
        {
            chipData = object.encoded
            if let script = try? cryptogram.script([.unblockPIN]) { chipData += script.encoded }
        }
        return .reply(OnlineReply(approved: issuer == .approves, code: code, chipData: chipData))
    }
}
