import EMV
import Payments
import Testing
import Wire

/// One contactless transaction, over as many presentations as the Entry Point wants.
struct TapRun {
    var terminal: TerminalData
    var transaction: TransactionData
    var card: TapCard
    /// The issuer's answer; nil if it cannot be asked.
    var reply: OnlineReply? = OnlineReply(approved: true, code: "00", chipData: [])
    /// The card leaves instead of answering the command with this number of the first presentation.
    var removesAt: Int?
    /// It is mute instead.
    var isMute = false
    /// The card leaves at every presentation.
    var alwaysLeaves = false
    /// Two cards are in the field at the first presentation.
    var collides = false
    /// Changes an answer on its way, by the number of its command.
    var interferes: (Int, [UInt8]) -> [UInt8] = { $1 }

    private(set) var outcomes: [ContactlessOutcome] = []
    private(set) var transmitted = 0
    private(set) var entryPoint: EntryPoint

    /// A terminal with UnionPay on C-7 and Visa on C-3, a sale of 88.80 and a UnionPay credit card that asks the issuer;
    /// `change` makes each of them special.
    static func make(
        certificates: TestCertificates = .init(), _ change: (inout TapRun) throws -> Void = { _ in }
    ) throws -> TapRun {
        let keys = try TestKeys.small.get()
        var run = TapRun(
            try TapCard(keys, certificates: certificates), terminal: try terminal(keys), transaction: try Run.sale())
        try change(&run)
        return run
    }

    init(_ card: TapCard, terminal: TerminalData, transaction: TransactionData) {
        self.card = card
        self.terminal = terminal
        self.transaction = transaction
        entryPoint = EntryPoint(terminal: terminal, transaction: transaction)
    }

    static func terminal(_ keys: TestKeys) throws -> TerminalData {
        let names: [([UInt8], ContactlessKernelID)] = [
            ([0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01], .c7), ([0xA0, 0x00, 0x00, 0x00, 0x03], .c3),
        ]
        var terminal = TerminalData(
            applications: [], caKeys: try names.map { try keys.authorityKey(rid: Array($0.0.prefix(5)), index: 0x80) },
            countryCode: 156, serialNumber: "TENDER01", terminalID: "12345678", merchantID: "123456789012345")
        terminal.combinations = names.map { name, kernel in
            Combination(
                parameters: ApplicationParameters(aid: name, tacDenial: [], tacOnline: [], tacDefault: []),
                kernel: kernel)
        }
        return terminal
    }

    /// Runs to the end. After `tryAgain` the card comes again.
    mutating func play() {
        entryPoint = EntryPoint(terminal: terminal, transaction: transaction)
        outcomes = []
        var action = entryPoint.handle(collides ? .collision : .begin)
        for _ in 0..<4000 {
            switch action {
            case .transmit(let command):
                transmitted += 1
                if transmitted == removesAt || alwaysLeaves {
                    action = entryPoint.handle(isMute ? .cardMute : .cardRemoved)
                } else {
                    action = entryPoint.handle(.response(interferes(transmitted, card.answer(command.bytes))))
                }
            case .finish(let outcome):
                outcomes.append(outcome)
                switch outcome.result {
                case .tryAgain:
                    card.presentation += 1
                    action = entryPoint.handle(.begin)
                case .online: action = entryPoint.handle(reply.map { .reply($0) } ?? .unableToGoOnline)
                default: return
                }
            case .ignore: return
            }
        }
    }

    /// Plays and says what came out: `online onlinePIN/enterPIN, approvedOnline onlinePIN/approved`.
    mutating func played() -> String {
        play()
        return outcomes.map(\.words).joined(separator: ", ")
    }

    /// The names that were selected, in hexadecimal, the directory's left out.
    var selected: [String] {
        card.log.filter { $0.ins == 0xA4 && $0.data != TapCard.directory }.map { Hex.encode($0.data) }
    }

    /// The reader's qualifiers as the card saw them first; nil if it was not asked.
    var qualifiers: String? { card.pdolValues.first.map { Hex.encode($0.prefix(4)) } }

    /// What the issuer was asked with.
    var request: OnlineRequest? {
        for outcome in outcomes { if case .online(let request) = outcome.result { return request } }
        return nil
    }

    var completion: KernelOutcome.Completion? {
        if case .completed(_, let completion) = outcomes.last?.result { completion } else { nil }
    }

    mutating func combine(_ change: (inout Combination) -> Void) {
        for index in terminal.combinations.indices { change(&terminal.combinations[index]) }
    }

    /// An offline approval of a Visa or UnionPay card, below every limit.
    mutating func approveOffline(_ aid: [UInt8] = TapCard.credit) {
        card.type = .tc
        card.entries = [TapCard.Entry(aid: aid)]
        combine { $0.floorLimit = 100_000 }
    }
}

extension ContactlessOutcome {
    var words: String {
        let message = "/\(request.message)"
        return switch result {
        case .completed(let verdict, _): verdict.rawValue + verificationWord + message
        case .online: "online" + verificationWord + message
        case .tryAgain: "tryAgain" + message
        case .tryAnotherInterface: "tryAnotherInterface" + message
        case .ended(let failure): "ended \(failure.reason.rawValue)" + message
        }
    }

    private var verificationWord: String { verification == .notApplicable ? "" : " \(verification.rawValue)" }
}

/// A tap with what comes out of it.
struct TapCase: CoveredCase, CustomTestStringConvertible {
    let clause: String
    let requirement: String
    let change: @Sendable (inout TapRun) throws -> Void
    let expected: String

    init(
        _ clause: String, _ requirement: String, _ expected: String,
        _ change: @escaping @Sendable (inout TapRun) throws -> Void = { _ in },
        and more: @escaping @Sendable (inout TapRun) throws -> Void = { _ in }
    ) {
        self.clause = clause
        self.requirement = requirement
        self.expected = expected
        self.change = {
            try change(&$0)
            try more(&$0)
        }
    }

    var testDescription: String { requirement }
}
