import EMV
import PaymentCryptography
import Payments
import Wire

/// One transaction of a kernel with a card, from the first command to the end.
struct Run {
    var terminal: TerminalData
    var transaction: TransactionData
    var card: TestCard
    /// The issuer's answer; nil if it cannot be asked.
    var reply: OnlineReply? = OnlineReply(approved: true, code: "00", chipData: [])
    var pin = ContactKernel.PINOutcome.entered
    /// What the customer enters for the card, one after the other; the last one again and again. Nil: no pad works.
    var offlinePINs: [String]?
    var choice = 0
    /// How the certificates are made that the card gets before it is played.
    var certificates = TestCertificates()
    /// T=0: most bytes of one answer, each announced by `61xx` or `6Cxx`; nil for answers that come whole.
    var pieces: Int?
    /// The card leaves instead of answering the command with this number.
    var removesAt: Int?
    /// Changes an answer on its way, by the number of its command.
    var interferes: (Int, [UInt8]) -> [UInt8] = { $1 }

    private(set) var requests: [OnlineRequest] = []
    private(set) var pinRequests = 0
    private(set) var queries: [OfflinePINQuery] = []
    private(set) var choices: [[CandidateApplication]] = []
    private(set) var transmitted = 0
    private(set) var kernel: ContactKernel
    private var held: [UInt8] = []

    init(_ card: TestCard, terminal: TerminalData, transaction: TransactionData) {
        self.card = card
        self.terminal = terminal
        self.transaction = transaction
        kernel = ContactKernel(terminal: terminal, transaction: transaction)
    }

    /// A usual terminal, a sale of 88.80 and a card with CDA; `change` makes each of them special.
    static func make(
        _ keys: Result<TestKeys, any Error> = TestKeys.small, certificates: TestCertificates = .init(),
        _ change: (inout Run) throws -> Void = { _ in }
    ) throws -> Run {
        let keys = try keys.get()
        let card = try TestCard(keys, certificates: certificates)
        var run = Run(card, terminal: try Self.terminal(keys), transaction: try Self.sale())
        try change(&run)
        return run
    }

    static func terminal(_ keys: TestKeys) throws -> TerminalData {
        var parameters = ApplicationParameters(
            aid: TestCard.rid + [0x01, 0x01], tacDenial: [], tacOnline: TVR(rawValue: 0xD8_4004_F800),
            tacDefault: TVR(rawValue: 0xD8_4000_F800))
        parameters.version = 0x0020
        return TerminalData(
            applications: [parameters], caKeys: [try keys.authorityKey(rid: TestCard.rid, index: 0x80)],
            countryCode: 156, serialNumber: "TENDER01", terminalID: "12345678", merchantID: "123456789012345")
    }

    static func sale(
        _ minorUnits: Int64 = 8880, otherAmount: Int64 = 0, type: UInt8 = 0x00, randomPercent: Int = 50,
        forcedOnline: Bool = false
    ) throws -> TransactionData {
        let time = LocalDateTime(year: 2026, month: 11, day: 22, hour: 13, minute: 14, second: 15)
        let data = TransactionData(
            amount: Money(minorUnits: minorUnits, .cny), otherAmount: otherAmount, type: type, time: time,
            stan: .first, unpredictableNumber: 0x1234_5678, randomPercent: randomPercent, forcedOnline: forcedOnline)
        return try required(data)
    }

    /// Runs to the end; nil if there is none after a thousand actions.
    mutating func play() -> KernelOutcome? {
        kernel = ContactKernel(terminal: terminal, transaction: transaction)
        var action = kernel.handle(.begin)
        for _ in 0..<1000 {
            switch action {
            case .transmit(let command):
                transmitted += 1
                if transmitted == removesAt {
                    action = kernel.handle(.cardRemoved)
                } else {
                    action = kernel.handle(.response(interferes(transmitted, answer(command))))
                }
            case .chooseApplication(let candidates):
                choices.append(candidates)
                action = kernel.handle(.applicationChosen(choice))
            case .requestOnlinePIN:
                pinRequests += 1
                action = kernel.handle(.pin(pin))
            case .requestOfflinePIN(let query):
                pinRequests += 1
                queries.append(query)
                action = kernel.handle(.pin(enter(query)))
            case .goOnline(let request):
                requests.append(request)
                action = kernel.handle(reply.map { .reply($0) } ?? .unableToGoOnline)
            case .finish(let outcome): return outcome
            case .ignore: return nil
            }
        }
        return nil
    }

    /// The card's answer, in pieces where it speaks T=0.
    private mutating func answer(_ command: CommandAPDU) -> [UInt8] {
        guard let pieces else { return card.answer(command.bytes) }
        if command.ins == 0xC0 {
            let piece = held.prefix(command.expectedLength ?? 0)
            held.removeFirst(piece.count)
            return piece + (held.isEmpty ? [0x90, 0x00] : [0x61, UInt8(min(held.count, pieces))])
        }
        let whole = card.answer(command.bytes)
        guard whole.count > 2, whole.suffix(2) == [0x90, 0x00] else { return whole }
        held = Array(whole.dropLast(2))
        return [0x61, UInt8(min(held.count, pieces))]
    }

    /// What the PIN pad does, by what the customer enters: `-` is no PIN, `!` a pad that breaks.
    private mutating func enter(_ query: OfflinePINQuery) -> ContactKernel.PINOutcome {
        guard let offlinePINs, let last = offlinePINs.last else { return .padFailed }
        let entered = offlinePINs.count >= queries.count ? offlinePINs[queries.count - 1] : last
        if entered == "-" { return .bypassed }
        if entered == "!" { return .padFailed }
        let block = TestCard.pinBlock(entered)
        switch query.method {
        case .plaintext: return .answered(card.check(block).bytes)
        case .enciphered(let key, let challenge):
            let padding = [UInt8](repeating: 0x55, count: key.modulus.count - 17)
            return .enciphered((try? key.recover([0x7F] + block + challenge + padding)) ?? [])
        }
    }

    /// The instructions sent, in order, two hexadecimal digits each.
    var instructions: String { card.log.map { Hex.encode([$0.ins]) }.joined(separator: " ") }

    /// Plays and answers the terminal verification results that went online or into the result.
    mutating func playTVR() throws -> String {
        guard case .completed(_, let completion) = play() else { throw Missing() }
        return completion.result.tvr
    }
}

/// Something a test needs is not there.
struct Missing: Error {}

func required<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Missing() }
    return value
}

extension KernelOutcome {
    var verdict: Verdict? { if case .completed(let verdict, _) = self { verdict } else { nil } }
    var completion: Completion? { if case .completed(_, let completion) = self { completion } else { nil } }
    var failure: KernelFailure? { if case .ended(let failure) = self { failure } else { nil } }
}
