import Acquiring
import EMV
import ISO8583
import Journaling
import PaymentCryptography
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedShop
import SystemDriver
import Testing
import Wire

/// A batch of thousands, made without a daemon: the journal through its own interface, the ledger through the dialect and
/// the host, as they would be after a long day.
struct LargeBatch {
    private let scene: Scene
    private let journal: Journal
    private let acquirer: Acquirer
    private let clock = SystemClock()
    /// Payments so far.
    private(set) var count = 0
    /// Sales that nothing follows up, for the host to lose.
    private(set) var alone: [Ledger.Key] = []
    private var batch = BatchNumber.first

    /// The acquirer without a network between.
    private struct Directly: MessageExchanging {
        let host: AcquirerHost

        func connect() async throws(LinkFailure) {}

        func exchange(
            _ request: [UInt8], isReply: @escaping @Sendable ([UInt8]) -> Bool,
            observer: @escaping @Sendable (LinkStep) -> Void
        ) async throws(LinkFailure) -> [UInt8] {
            guard let reply = host.answer(request), isReply(reply) else {
                throw .noReply(LinkError(.timeout, "no answer"))
            }
            return reply
        }
    }

    /// Begins a batch in the scene's journal, which must be empty, and signs in.
    init(_ scene: Scene, _ journal: Journal) async throws {
        self.scene = scene
        self.journal = journal
        let keys = try KeyStore(
            path: "\(scene.folder)/keys.json",
            keyEncryptionKey: try FileKeyEncryptionKey(path: "\(scene.folder)/kek"))
        let identity = try #require(
            TerminalIdentity(terminal: ShopConfiguration.terminal, merchant: ShopConfiguration.merchant))
        acquirer = Acquirer(
            UnionPayDialect(identity), keys: keys, link: Directly(host: scene.shop.host), clock: clock)
        let result = try await acquirer.signIn(stan: .first)
        batch = result.batch
        try journal.append([.numberUsed(.first), .signedIn(batch: batch)], at: clock.localTime())
    }

    /// Fifteen payments of one account, of every kind that counts and some that do not.
    mutating func add(_ account: TestAccount, round: Int) async throws {
        var records: [Record] = []
        let pan = try #require(PAN(account.number))
        var stan = try journal.numbers().stan
        var made: [String: PaymentState] = [:]

        func pay(
            _ kind: TransactionKind, _ name: String, _ amount: Int64, of original: String? = nil, tip: Int64? = nil,
            isMail: Bool = false, isChip: Bool = false
        ) async throws {
            let id = try #require(RequestID(rawValue: "\(name)-\(round)"))
            let former = original.flatMap { made[$0] }
            let reply = former?.reply
            var numbers = former.map {
                Original(
                    id: $0.request.id, batch: $0.authorization?.batch, stan: $0.authorization?.stan,
                    date: reply?.acquirerTime?.date ?? "", rrn: reply?.rrn,
                    authorizationCode: reply?.authorizationCode ?? $0.request.original?.authorizationCode)
            }
            if kind == .offlineSettlement { numbers = Original(date: "", authorizationCode: "V00042") }
            let isRemote = isMail || former?.request.channel == .mailOrder
            let request = PaymentRequest(
                id: id, kind: kind, amount: Money(minorUnits: amount, .cny),
                tip: tip.map { Money(minorUnits: $0, .cny) }, original: numbers,
                channel: isRemote ? .mailOrder : .counter)
            let time = clock.localTime()
            let counter = UInt16(truncatingIfNeeded: round + 1)
            let chip = try isChip ? ChipParts(account, request, time, counter) : nil
            let card = CardSummary(
                maskedPAN: pan.masked, expiry: ExpiryDate(yearMonth: account.expiry),
                sequenceNumber: isChip ? account.sequenceNumber : nil, entryMode: isChip ? .contactChip : .manual,
                pinEntry: .none, application: chip?.result.application)
            let authorization = Authorization(
                request: request, stan: stan, batch: batch, time: time, card: card, chipData: chip?.request ?? [])
            let outcome: Outcome
            if kind.manner == .advice {
                outcome = .stored(.advice, nil)
            } else {
                let cvn2 = isMail ? SecretBytes(Array(account.cvn2.utf8)) : nil
                let answer = await acquirer.authorize(authorization, Credentials(pan: pan, cvn2: cvn2))
                guard case .replied(let reply) = answer, reply.verdict == .approved else {
                    throw Unexpected(detail: "\(name): \(answer)")
                }
                outcome = .approved(reply, chip?.result)
            }
            let own: [Record] = [
                .accepted(request), .authorization(authorization),
                .finished(id, outcome, reversal: nil, scriptNumber: nil),
            ]
            records += own
            made[name] = PaymentState(
                own.enumerated().map { Entry(sequence: $0.offset, time: time, record: $0.element, hash: []) })
            if name == "alone" { alone.append(Scene.key(authorization)) }
            stan = stan.next
            count += 1
        }

        try await pay(.sale, "alone", 500, isMail: true)
        try await pay(.sale, "voided", 300, isMail: true)
        try await pay(.void, "void", 300, of: "voided")
        try await pay(.sale, "refunded", 900, isMail: true)
        try await pay(.refund, "part", 100, of: "refunded")
        try await pay(.refund, "rest", 800, of: "refunded")
        try await pay(.sale, "tipped", 1_000, isMail: true)
        try await pay(.tip, "tip", 1_100, of: "tipped", tip: 100)
        try await pay(.sale, "chip", 700, isChip: true)
        try await pay(.preauthorization, "kept", 1_000, isMail: true)
        try await pay(.completion, "taken", 1_150, of: "kept")
        try await pay(.preauthorization, "kept-too", 200, isMail: true)
        try await pay(.preauthorizationCancel, "let-go", 200, of: "kept-too")
        try await pay(.offlineSettlement, "voice", 400)
        try await pay(.adjustment, "less", 350, of: "voice")
        try journal.append(records, pan: pan, at: clock.localTime())
    }

    /// A sale that the acquirer has and the terminal does not know.
    func addUnknown(_ account: TestAccount) async throws {
        let pan = try #require(PAN(account.number))
        let id = try #require(RequestID(rawValue: "unknown"))
        let request = PaymentRequest(id: id, amount: Money(minorUnits: 77, .cny), channel: .mailOrder)
        let card = CardSummary(
            maskedPAN: pan.masked, expiry: ExpiryDate(yearMonth: account.expiry), sequenceNumber: nil,
            entryMode: .manual, pinEntry: .none, application: nil)
        let authorization = Authorization(
            request: request, stan: try #require(STAN(900_000)), batch: batch, time: clock.localTime(), card: card,
            chipData: [])
        _ = await acquirer.authorize(
            authorization, Credentials(pan: pan, cvn2: SecretBytes(Array(account.cvn2.utf8))))
    }

    private struct Unexpected: Error {
        let detail: String
    }

    /// What a chip says at the first and at the second cryptogram.
    private struct ChipParts {
        let request: [UInt8]
        let result: ChipResult

        init(_ account: TestAccount, _ payment: PaymentRequest, _ time: LocalDateTime, _ counter: UInt16) throws {
            func data(_ type: ChipResult.CryptogramType) throws -> [UInt8] {
                try account.chipData(
                    amount: payment.amount, time: time, counter: counter, number: UInt32(counter) &* 2_654_435_761,
                    cryptogram: type)
            }
            request = try data(.arqc)
            let objects = try TLV.parse(try data(.tc))
            func value(_ tag: TLV.Tag) -> String {
                objects.first { $0.tag == tag }.map { Hex.encode($0.value) } ?? ""
            }
            result = ChipResult(
                application: CardApplication(aid: "A000000333010101", label: "UnionPay Debit"), cryptogramType: .tc,
                cryptogram: value(0x9F26), tvr: value(0x95), tsi: "F800", atc: value(0x9F36), cvmResults: "",
                issuerApplicationData: value(0x9F10), unpredictableNumber: value(0x9F37), aip: value(0x82),
                sequenceNumber: account.sequenceNumber, terminalCapabilities: "E0E1C8", signatureRequired: false,
                scriptResults: "")
        }
    }
}
