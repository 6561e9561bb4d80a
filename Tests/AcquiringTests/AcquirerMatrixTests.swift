import Engine
import HAL
import ISO8583
import PaymentCryptography
import Payments
import SimulatedAcquirer
import SimulatedCards
import Synchronization
import SystemDriver
import Testing
import Wire

@testable import Acquiring

/// The acquirer's functions against the simulated host: every kind of payment, settlements, downloads, demands.
struct AcquirerMatrixTests {
    // MARK: Payments

    @Test(arguments: [EntryMode.contactChip, .stripe, .manual]) func `a void, and its reversal`(mode: EntryMode)
        async throws
    {
        let shop = try await MatrixShop()
        let sale = try await shop.approve(.sale)
        let void = try await shop.approve(.void, of: sale, mode: mode)
        #expect(shop.captures.isEmpty)
        #expect(try await shop.reverse(void) == "00")
        #expect(shop.captures == [8880])
        #expect(try await shop.reverse(sale) == "00")
        #expect(shop.captures.isEmpty)
        #expect(try await shop.ask(.void, of: sale, mode: mode).code == "12")
    }

    @Test func `a pre-authorisation is completed, let go, taken up again and cancelled`() async throws {
        let shop = try await MatrixShop()
        let hold = try await shop.approve(.preauthorization)
        let completion = try await shop.approve(.completion, of: hold, amount: 9990)
        #expect(shop.captures == [9990])
        let void = try await shop.approve(.completionVoid, of: completion, amount: 9990)
        #expect(shop.captures.isEmpty && shop.shop.host.ledger.openHolds().count == 1)
        #expect(try await shop.reverse(void) == "00")
        #expect(try await shop.reverse(completion) == "00")
        let cancel = try await shop.approve(.preauthorizationCancel, of: hold, mode: .manual)
        #expect(shop.shop.host.ledger.openHolds().isEmpty)
        #expect(try await shop.reverse(cancel) == "00")
        #expect(try await shop.reverse(hold) == "00")
        #expect(shop.shop.host.ledger.openHolds().isEmpty && shop.captures.isEmpty)
    }

    @Test func `a completion of what only the receipt tells of`() async throws {
        let shop = try await MatrixShop()
        let hold = try await shop.approve(.preauthorization)
        let original = Original(date: hold.original.date, authorizationCode: hold.reply.authorizationCode)
        #expect(try await shop.ask(.completion, original: original, mode: .manual).code == "00")
        #expect(shop.captures == [8880])
    }

    @Test(arguments: [EntryMode.stripe, .manual]) func `a refund is repeated, not reversed`(mode: EntryMode)
        async throws
    {
        let shop = try await MatrixShop()
        let sale = try await shop.approve(.sale)
        shop.shop.loop.set(.replyLost)
        let (authorization, credentials) = try shop.payment(.refund, amount: 1000, original: sale.original, mode: mode)
        guard case .noReply = await shop.shop.acquirer.authorize(authorization, credentials) else {
            Issue.record("a lost reply is no reply")
            return
        }
        shop.shop.loop.set(.none)
        for _ in 1...2 {
            guard case .answered(let reply, accepted: true) = try await shop.store(authorization, .advice) else {
                Issue.record("not accepted")
                return
            }
            #expect(reply.code == "94")
        }
        let balance = shop.shop.host.ledger.balances[shop.account.number]
        #expect(balance == 992_120)
    }

    @Test func `what is told later, and told again`() async throws {
        let shop = try await MatrixShop()
        let hold = try await shop.approve(.preauthorization)
        let (advice, _) = try shop.payment(.completionAdvice, amount: 8000, original: hold.original, mode: .manual)
        let voice = Original(date: "0309", authorizationCode: "V00042")
        let (settlement, _) = try shop.payment(.offlineSettlement, amount: 500, original: voice, mode: .manual)
        let settled = Original(
            batch: settlement.batch, stan: settlement.stan, date: "0309", authorizationCode: "V00042")
        let (adjustment, _) = try shop.payment(.adjustment, amount: 700, original: settled, mode: .manual)
        let sale = try await shop.approve(.sale, amount: 1000)
        let (tip, _) = try shop.payment(.tip, amount: 1100, tip: 100, original: sale.original, mode: .manual)
        for (authorization, total) in [(advice, 9000), (settlement, 9500), (adjustment, 9700), (tip, 9800)] {
            for expected in ["00", "94"] {
                guard case .answered(let reply, accepted: true) = try await shop.store(authorization, .advice) else {
                    Issue.record("\(authorization.request.kind) is not accepted")
                    return
                }
                #expect(reply.code == expected)
            }
            let captured = shop.captures.reduce(0, +)
            #expect(captured == Int64(total))
        }
    }

    @Test func `an offline sale brings its certificate`() async throws {
        let shop = try await MatrixShop()
        let (authorization, _) = try shop.payment(.offlineSale)
        let chip = try shop.certificate(authorization)
        guard case .answered(let reply, accepted: true) = try await shop.store(authorization, .offline, chip) else {
            Issue.record("not accepted")
            return
        }
        #expect(reply.code == "00")
        #expect(shop.captures == [8880])
        // With the cryptogram of the request alone it is refused.
        let (other, _) = try shop.payment(.offlineSale)
        guard case .answered(let refusal, accepted: false) = try await shop.store(other, .offline) else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.code == "59")
    }

    @Test func `a deferred sale is asked, lost, taken back and asked anew`() async throws {
        let shop = try await MatrixShop()
        let (first, _) = try shop.payment(.sale)
        shop.shop.loop.set(.replyLost)
        guard case .lost(.noReply, _) = try await shop.store(first, .deferred) else {
            Issue.record("a lost reply is no answer")
            return
        }
        shop.shop.loop.set(.none)
        guard case .lost(.noReply, _) = try await shop.store(first, .deferred) else {
            Issue.record("94 speaks of the copy before")
            return
        }
        let lost = try Sample.state(first, .failed(PaymentFailure(.noReply, "lost")), reversal: .noReply)
        let reversal = try #require(PendingDelivery(.reversal, of: lost, pan: shop.pan))
        #expect(await shop.shop.acquirer.deliver(reversal).code == "00")
        let (anew, _) = try shop.payment(.sale)
        guard case .answered(let reply, accepted: true) = try await shop.store(anew, .deferred) else {
            Issue.record("not accepted")
            return
        }
        #expect(reply.code == "00" && reply.authorizationCode != nil)
        #expect(shop.captures == [8880])
    }

    @Test func `a mail order, its void, and one with a wrong number from the card's back`() async throws {
        let shop = try await MatrixShop()
        let sale = try await shop.approve(.sale, channel: .mailOrder, mode: .manual)
        _ = try await shop.approve(.void, of: sale, channel: .mailOrder, mode: .manual)
        #expect(shop.captures.isEmpty)
        #expect(try await shop.ask(.sale, channel: .mailOrder, mode: .manual, cvn2: "999").code == "05")
        let hold = try await shop.approve(.preauthorization, channel: .mailOrder, mode: .manual)
        _ = try await shop.approve(.completion, of: hold, channel: .mailOrder, mode: .manual)
        #expect(shop.captures == [8880])
    }

    @Test func `a balance`() async throws {
        let shop = try await MatrixShop()
        guard case .replied(let reply) = try await shop.ask(.balance, amount: 0) else {
            Issue.record("no reply")
            return
        }
        #expect(reply.verdict == .approved && reply.balance == Money(minorUnits: 1_000_000, .cny))
        #expect(reply.amount == nil)
    }

    @Test func `a part is approved where it is understood`() async throws {
        let number = CardLibrary.unionPayDebit.applications.first?.account.number ?? ""
        let shop = try await MatrixShop(
            options: { $0.announcesPartialApproval = true }, host: { $0.partialApprovals = [number] })
        guard case .replied(let reply) = try await shop.ask(.sale, amount: 1_000_001) else {
            Issue.record("no reply")
            return
        }
        #expect(reply.code == "10" && reply.amount == Money(minorUnits: 1_000_000, .cny))
        #expect(reply.verdict == .approved && reply.balance == Money(minorUnits: 0, .cny))
        let silent = try await MatrixShop(host: { $0.partialApprovals = [number] })
        #expect(try await silent.ask(.sale, amount: 1_000_001).code == "51")
    }

    @Test func `what a script did to the card`() async throws {
        let shop = try await MatrixShop()
        shop.shop.host.sendScript([.unblockPIN])
        let sale = try await shop.approve(.sale)
        let payment = try Sample.state(
            sale.authorization, .approved(sale.reply, Sample.chip(scripts: "2000000000")),
            scriptNumber: shop.next())
        let delivery = try #require(PendingDelivery(.scriptResult, of: payment, pan: shop.pan))
        for expected in ["00", "94"] {
            guard case .answered(let reply, accepted: true) = await shop.shop.acquirer.deliver(delivery) else {
                Issue.record("not taken")
                return
            }
            #expect(reply.code == expected)
        }
        #expect(shop.shop.host.ledger.scriptResults.values.map { Array($0) } == [[0x20, 0, 0, 0, 0]])
    }

    // MARK: Settlement

    @Test(arguments: [false, true]) func `a batch is closed`(differs: Bool) async throws {
        let shop = try await MatrixShop()
        var payments: [PaymentState] = []
        for index in 0..<10 {
            let sale = try await shop.approve(.sale, amount: 1000 + Int64(index))
            payments.append(
                try Sample.state(sale.authorization, .approved(sale.reply, shop.certificate(sale.authorization))))
        }
        let voided = try await shop.approve(.sale, mode: .stripe)
        let void = try await shop.approve(.void, of: voided, mode: .manual)
        let refunded = try await shop.approve(.sale, amount: 600, mode: .stripe)
        let refund = try await shop.approve(.refund, of: refunded, amount: 5, mode: .manual)
        for approved in [voided, void, refunded, refund] {
            payments.append(try Sample.state(approved.authorization, .approved(approved.reply, nil)))
        }
        let (advice, _) = try shop.payment(
            .offlineSettlement, amount: 500, original: Original(date: "0309", authorizationCode: "V00042"),
            mode: .manual)
        let told = try await shop.store(advice, .advice)
        guard case .answered(let answer, accepted: true) = told else {
            Issue.record("\(told)")
            return
        }
        payments.append(try shop.delivered(advice, answer))
        if differs, let lost = payments.first?.authorization {
            shop.shop.host.lose(
                Ledger.Key(terminal: "12345678", batch: lost.batch.description, stan: lost.stan.description))
        }
        try await shop.settle(payments, agreeing: !differs)
        let batch = try #require(shop.shop.host.ledger.batch("000007", terminal: "12345678"))
        #expect(batch.isSettled && batch.differences.count == (differs ? 1 : 0))
        #expect(shop.shop.host.batch == "000008")
        let captured = shop.captures.reduce(0, +)
        #expect(captured == 10_045 + 600 + 500)
    }

    // MARK: Session

    @Test func `downloads, each whole, each message under its own number`() async throws {
        let key = try Hex.decode("9F0605A0000003339F220102DF05083230333031323331DF0203ABCDEF")
        let downloads = try Self.offer(key)
        let shop = try await MatrixShop(host: { $0.downloads = downloads })
        for kind in Download.allCases {
            let before = shop.stan
            let downloaded = try await shop.shop.acquirer.download(kind, batch: shop.shop.batch) { try shop.next() }
            let expected: [Download: Int] = [.terminalParameters: 2, .blacklist: 120]
            #expect(downloaded.count == expected[kind, default: 7], "\(kind)")
            #expect(shop.stan - before == shop.messages(since: before))
        }
        guard
            case .caPublicKeys(let keys) = try await shop.shop.acquirer.download(
                .caPublicKeys, batch: shop.shop.batch, number: { try shop.next() })
        else {
            Issue.record("no keys")
            return
        }
        #expect(keys.map { TLV.encode($0) } == downloads.keys.map { TLV.encode($0) })
    }

    private static func offer(_ key: [UInt8]) throws -> Downloads {
        var downloads = Downloads()
        downloads.pageBytes = 60
        downloads.parameters = CodedValues([
            CodedValues.Item("12", "60".utf8), CodedValues.Item("13", "3".utf8),
        ])
        downloads.keys = try (1...7).map { index in
            try TLV.parse(key).map { $0.tag == 0x9F22 ? TLV(0x9F22, [UInt8(index)]) : $0 }
        }
        downloads.applications = try (1...7).map { index in
            try TLV.parse(Hex.decode("9F0608A00000033301010\(index)DF0101009F1B0400000000"))
        }
        downloads.contactless = (1...7).map { Array("FF805\($0)0010".utf8) }
        downloads.blacklist = (0..<120).map { Array("08\(62_000_000 + $0)".utf8) }
        return downloads
    }

    @Test(
        arguments: [
            (.signIn, .signIn), (.uploadStatus, .statusUpload), (.downloadParameters, .download(.terminalParameters)),
            (.updateKeys, .download(.caPublicKeys)), (.updateApplications, .download(.applications)),
            (.downloadBlacklist, .download(.blacklist)), (.downloadContactless, .download(.contactlessParameters)),
            (.downloadManagement, nil), (.downloadRates, nil),
        ] as [(Header.ProcessingRequirement, AcquirerDemand?)])
    func `what a reply demands is heard`(nibble: Header.ProcessingRequirement, demand: AcquirerDemand?) async throws {
        let shop = try await MatrixShop()
        let heard = Mutex<[AcquirerDemand]>([])
        let listening = shop.shop.acquirer.observed(demanded: { demand in heard.withLock { $0.append(demand) } }) { _ in
        }
        shop.shop.host.demand(nibble)
        try await listening.echo(stan: shop.next())
        #expect(heard.withLock { $0 } == (demand.map { [$0] } ?? []))
    }

    @Test func `the status, and a sign-off that ends the keys`() async throws {
        let shop = try await MatrixShop()
        let status = DeviceStatus(pinPad: true, reader: true, printer: false)
        try await shop.shop.acquirer.uploadStatus(status, stan: shop.next(), batch: shop.shop.batch)
        #expect(shop.shop.host.statusReports == [status.values])
        try await shop.shop.acquirer.signOff(stan: shop.next(), batch: shop.shop.batch)
        let result = try await shop.ask(.sale)
        #expect(result.code == "A0" && result.demandsSignIn)
    }
}

/// A payment the host approved.
struct Approved {
    let authorization: Authorization
    let reply: Reply

    /// As a later payment names it.
    var original: Original {
        Original(
            batch: authorization.batch, stan: authorization.stan, date: reply.acquirerTime?.date ?? "",
            rrn: reply.rrn, authorizationCode: reply.authorizationCode)
    }
}

/// A shop that is signed in and sends payments of any kind.
final class MatrixShop {
    let shop: Shop
    let account: TestAccount
    let pan: PAN
    private(set) var stan = 1
    private var counter: UInt16 = 0

    init(
        options: (inout DialectOptions) -> Void = { _ in },
        host: (inout AcquirerHost.Configuration) -> Void = { _ in }
    ) async throws {
        shop = try Shop(options: options, host: host)
        account = try #require(CardLibrary.unionPayDebit.applications.first?.account)
        pan = try #require(PAN(account.number))
        try await shop.signIn()
    }

    var captures: [Int64] { shop.host.ledger.openCaptures().map(\.amount) }

    func next() throws -> STAN {
        stan += 1
        return try #require(STAN(stan))
    }

    /// How many different numbers later than this one have left.
    func messages(since stan: Int) -> Int {
        let sent = shop.loop.frames.compactMap { try? Frame(decoding: $0.dropFirst(2)).message }
        return Set(sent.compactMap { $0.text(11).flatMap { Int($0) } }.filter { $0 > stan }).count
    }

    /// A request of a kind, and what the card or the typing gives for it.
    func payment(
        _ kind: TransactionKind, amount: Int64 = 8880, tip: Int64? = nil, original: Original? = nil,
        channel: PaymentRequest.Channel = .counter, mode: EntryMode = .contactChip, cvn2: String? = nil
    ) throws -> (Authorization, Credentials) {
        let number = try next()
        let request = PaymentRequest(
            id: try #require(RequestID(rawValue: "order-\(number)")), kind: kind,
            amount: Money(minorUnits: amount, .cny), tip: tip.map { Money(minorUnits: $0, .cny) }, original: original,
            channel: channel)
        let isChip = mode == .contactChip
        let authorization = Authorization(
            request: request, stan: number, batch: shop.batch, time: SystemClock().localTime(),
            card: CardSummary(
                maskedPAN: pan.masked, expiry: ExpiryDate(yearMonth: account.expiry),
                sequenceNumber: isChip ? account.sequenceNumber : nil, entryMode: mode, pinEntry: .none,
                application: nil),
            chipData: isChip ? try chipData(request, .arqc) : [])
        let service = isChip ? "201" : "101"
        let hasCVN2 = channel == .mailOrder && !kind.followsUp
        return (
            authorization,
            Credentials(
                pan: pan,
                track2: mode == .manual ? nil : Track2("\(account.number)=\(account.expiry)\(service)12345"),
                cvn2: hasCVN2 ? SecretBytes(Array((cvn2 ?? account.cvn2).utf8)) : nil)
        )
    }

    private func chipData(_ request: PaymentRequest, _ type: ChipResult.CryptogramType) throws -> [UInt8] {
        counter += 1
        let code = try #require(try Hex.decode(String(request.kind.form.processingCode.prefix(2))).first)
        return try account.chipData(
            amount: request.amount, time: SystemClock().localTime(), counter: counter, number: 7,
            transactionType: code, cryptogram: type)
    }

    /// What the card leaves behind when it approves.
    func certificate(_ authorization: Authorization) throws -> ChipResult {
        let objects = try TLV.parse(chipData(authorization.request, .tc))
        func value(_ tag: TLV.Tag) -> String { objects.first { $0.tag == tag }.map { Hex.encode($0.value) } ?? "" }
        return ChipResult(
            application: CardApplication(aid: "A000000333010101", label: "PBOC DEBIT"), cryptogramType: .tc,
            cryptogram: value(0x9F26), tvr: value(0x95), tsi: "F800", atc: value(0x9F36), cvmResults: "1F0302",
            issuerApplicationData: value(0x9F10), unpredictableNumber: value(0x9F37), aip: value(0x82),
            sequenceNumber: account.sequenceNumber, terminalCapabilities: "E0E9C8", signatureRequired: false,
            scriptResults: "")
    }

    /// Sends a request of a kind.
    func ask(
        _ kind: TransactionKind, of earlier: Approved? = nil, amount: Int64 = 8880, original: Original? = nil,
        channel: PaymentRequest.Channel = .counter, mode: EntryMode = .contactChip, cvn2: String? = nil
    ) async throws -> AuthorizeResult {
        let (authorization, credentials) = try payment(
            kind, amount: amount, original: original ?? earlier?.original, channel: channel, mode: mode, cvn2: cvn2)
        return await shop.acquirer.authorize(authorization, credentials)
    }

    /// Sends a request of a kind, which must be approved.
    func approve(
        _ kind: TransactionKind, of earlier: Approved? = nil, amount: Int64 = 8880,
        channel: PaymentRequest.Channel = .counter, mode: EntryMode = .contactChip
    ) async throws -> Approved {
        let (authorization, credentials) = try payment(
            kind, amount: amount, original: earlier?.original, channel: channel, mode: mode)
        let result = await shop.acquirer.authorize(authorization, credentials)
        guard case .replied(let reply) = result, reply.verdict == .approved else {
            throw NotApproved(kind: kind, result: result)
        }
        return Approved(authorization: authorization, reply: reply)
    }

    struct NotApproved: Error {
        let kind: TransactionKind
        let result: AuthorizeResult
    }

    /// Reverses what was approved; answers field 39.
    func reverse(_ approved: Approved) async throws -> String? {
        let payment = try Sample.state(
            approved.authorization, .declinedByCard(approved.reply, nil), reversal: .notCompleted)
        let delivery = try #require(PendingDelivery(.reversal, of: payment, pan: pan))
        return await shop.acquirer.deliver(delivery).code
    }

    /// Delivers a stored payment.
    func store(
        _ authorization: Authorization, _ stored: Outcome.Stored, _ chip: ChipResult? = nil
    ) async throws -> DeliverResult {
        let payment = try Sample.state(authorization, .stored(stored, chip))
        return await shop.acquirer.deliver(try #require(PendingDelivery(.stored, of: payment, pan: pan)))
    }

    /// A stored payment that was delivered.
    func delivered(_ authorization: Authorization, _ reply: Reply) throws -> PaymentState {
        var payment = try Sample.state(authorization, .stored(.advice, nil))
        let record = Record.storedAnswered(payment.request.id, reply, accepted: true)
        let follows = payment.follow(Entry(sequence: 4, time: authorization.time, record: record, hash: []))
        #expect(follows)
        return payment
    }

    /// Settles a batch of these payments as the machine does.
    func settle(_ payments: [PaymentState], agreeing: Bool) async throws {
        let settlement = Settlement(
            batch: shop.batch, stan: try next(), totals: Totals(of: payments), supervisor: "00")
        let comparison = try await shop.acquirer.settle(settlement)
        #expect(comparison.agrees == agreeing && comparison.foreignAgrees)
        for message in UploadPlan.messages(payments, comparison) {
            let number = try next()
            for _ in 1...2 {
                let result = await shop.acquirer.upload(message, stan: number, batch: shop.batch) { id in
                    payments.first { $0.request.id == id }.map { ($0, pan) }
                }
                guard case .answered(_, accepted: true) = result else {
                    Issue.record("\(message): \(result)")
                    continue
                }
            }
        }
    }
}
