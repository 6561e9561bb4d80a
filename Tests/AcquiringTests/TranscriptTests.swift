import Engine
import ISO8583
import Payments
import Testing
import Wire

@testable import Acquiring

/// The messages of every kind of transaction, byte for byte.
struct TranscriptTests {
    /// A payment that asks the acquirer, and what it asks.
    struct Asked: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kind: TransactionKind
        var channel = PaymentRequest.Channel.counter
        var mode = EntryMode.contactChip
        var pin = PINEntry.online
        var amount: Int64 = 8880
        var original: Original?
        var options: @Sendable (inout DialectOptions) -> Void = { _ in }
        var reply: @Sendable (inout Message) throws -> Void = { try $0.set(38, "T12345") }
    }

    /// The sale that is followed up.
    static let sale = Original(
        batch: BatchNumber(7), stan: STAN(101), date: "0309", rrn: "091234560001", authorizationCode: "S54321")
    /// A payment of which only the receipt is there.
    static let elsewhere = Original(date: "0228", rrn: "091234560001", authorizationCode: "S54321")

    static let asked: [Asked] = [
        Asked(
            testDescription: "sale", kind: .sale,
            reply: {
                try $0.set(38, "T12345")
                try $0.set(55, Hex.decode("910A01020304050607083030"))
            }),
        Asked(testDescription: "sale-mail-order", kind: .sale, channel: .mailOrder, mode: .manual, pin: .none),
        Asked(testDescription: "sale-stripe", kind: .sale, mode: .stripe),
        Asked(
            testDescription: "sale-partial", kind: .sale, options: { $0.announcesPartialApproval = true },
            reply: {
                try $0.set(4, "5000")
                try $0.set(38, "T12345")
                try $0.set(39, "10")
            }),
        Asked(testDescription: "void", kind: .void, original: sale),
        Asked(testDescription: "void-without-card", kind: .void, mode: .manual, pin: .none, original: sale),
        Asked(
            testDescription: "void-mail-order", kind: .void, channel: .mailOrder, mode: .manual, pin: .none,
            original: sale),
        Asked(testDescription: "refund", kind: .refund, mode: .stripe, amount: 1234, original: elsewhere),
        Asked(
            testDescription: "refund-mail-order", kind: .refund, channel: .mailOrder, mode: .manual, pin: .none,
            amount: 1234, original: elsewhere),
        Asked(
            testDescription: "balance", kind: .balance, amount: 0,
            reply: {
                let balance = Balance(accountType: "10", amountType: "02", currency: "156", amount: 991_120)
                try $0.set(54, balance.encoded)
            }),
        Asked(testDescription: "preauthorization", kind: .preauthorization),
        Asked(
            testDescription: "preauthorization-mail-order", kind: .preauthorization, channel: .mailOrder,
            mode: .manual, pin: .none),
        Asked(testDescription: "preauthorization-cancel", kind: .preauthorizationCancel, original: sale),
        Asked(testDescription: "completion", kind: .completion, amount: 9990, original: sale),
        Asked(
            testDescription: "completion-elsewhere", kind: .completion, mode: .manual, pin: .none,
            original: elsewhere),
        Asked(
            testDescription: "completion-mail-order", kind: .completion, channel: .mailOrder, mode: .manual, pin: .none,
            original: sale),
        Asked(testDescription: "completion-void", kind: .completionVoid, original: sale),
    ]

    @Test(arguments: asked) func `a payment that asks, and its reversal`(_ scene: Asked) throws {
        let authorization = try Sample.authorization(
            scene.kind, amount: scene.amount, original: scene.original, channel: scene.channel, pin: scene.pin,
            mode: scene.mode)
        var transcript = Transcript(try Sample.dialect(scene.options))
        let request = try transcript.request(
            transcript.dialect.request(authorization, Sample.credentials(scene.channel, scene.mode, scene.pin)))
        let result = AuthorizeResult(try transcript.reply(request, scene.reply), transcript.dialect)
        transcript.understood(result.words)
        guard case .replied(let reply) = result else {
            Issue.record("\(result)")
            return
        }
        let pan = try Sample.credentials().pan
        switch scene.kind.manner {
        case .request:
            let lost = try Sample.state(
                authorization,
                .declinedByCard(reply, scene.kind == .sale && scene.mode == .contactChip ? Sample.chip(.aac) : nil),
                reversal: .notCompleted)
            try deliver(.reversal, of: lost, pan, &transcript)
        case .repeatedRequest:
            try deliver(.stored, of: Sample.state(authorization, .stored(.advice, nil)), pan, &transcript)
        case .inquiry, .advice: break
        }
        try transcript.check(scene.testDescription)
    }

    /// A payment that the acquirer hears of later.
    struct Told: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kind: TransactionKind
        let stored: Outcome.Stored
        var mode = EntryMode.manual
        var amount: Int64 = 8880
        var tip: Int64?
        var original: Original?
    }

    static let told: [Told] = [
        Told(
            testDescription: "completion-advice", kind: .completionAdvice, stored: .advice, amount: 9990,
            original: sale),
        Told(testDescription: "offline-sale", kind: .offlineSale, stored: .offline, mode: .contactChip),
        Told(
            testDescription: "offline-settlement", kind: .offlineSettlement, stored: .advice,
            original: Original(date: "0309", authorizationCode: "V00042")),
        Told(
            testDescription: "adjustment", kind: .adjustment, stored: .advice, amount: 7770,
            original: Original(batch: BatchNumber(7), stan: STAN(102), date: "0309", authorizationCode: "V00042")),
        Told(testDescription: "tip", kind: .tip, stored: .advice, amount: 9880, tip: 1000, original: sale),
        Told(testDescription: "sale-deferred", kind: .sale, stored: .deferred, mode: .contactChip),
    ]

    @Test(arguments: told) func `a payment that is stored`(_ scene: Told) throws {
        let authorization = try Sample.authorization(
            scene.kind, amount: scene.amount, tip: scene.tip, original: scene.original, pin: .none, mode: scene.mode)
        let chip = scene.mode == .contactChip ? Sample.chip(.tc) : nil
        let pan = try Sample.credentials().pan
        var transcript = Transcript(try Sample.dialect())
        let state = try Sample.state(authorization, .stored(scene.stored, chip))
        try deliver(.stored, of: state, pan, &transcript)
        if scene.stored == .deferred {
            var lost = state
            let record = Record.storedLost(state.request.id, .noReply)
            let follows = lost.follow(Entry(sequence: 9, time: authorization.time, record: record, hash: []))
            #expect(follows)
            try deliver(.reversal, of: lost, pan, &transcript)
        } else {
            let answer = try upload(
                .advice(state.request.id, amount: scene.amount), [state], &transcript, "in the batch")
            transcript.understood(answer.words)
        }
        try transcript.check(scene.testDescription)
    }

    private func deliver(
        _ delivery: Delivery, of payment: PaymentState, _ pan: PAN, _ transcript: inout Transcript
    ) throws {
        let owed = try #require(PendingDelivery(delivery, of: payment, pan: pan))
        let exchange = try transcript.request(transcript.dialect.delivery(owed), delivery.rawValue)
        let answer = try transcript.reply(exchange)
        transcript.understood(DeliverResult(answer, to: owed, transcript.dialect).words)
    }

    private func upload(
        _ message: UploadMessage, _ payments: [PaymentState], _ transcript: inout Transcript, _ title: String
    ) throws -> DeliverResult {
        let domestic = try Sample.credentials().pan
        let foreign = try #require(PAN("4000000000000002"))
        let frame = try transcript.dialect.upload(
            message, stan: #require(STAN(202)), batch: #require(BatchNumber(7)),
            sealed: { id in
                payments.first { $0.request.id == id }.map {
                    ($0, $0.authorization?.card.origin == .foreign ? foreign : domestic)
                }
            })
        let exchange = try transcript.request(frame, title, mac: false)
        return DeliverResult(uploaded: try transcript.reply(exchange, mac: false), transcript.dialect)
    }

    @Test func `what the issuer's scripts did`() throws {
        var transcript = Transcript(try Sample.dialect())
        let payment = try Sample.state(
            Sample.authorization(), .approved(Sample.approval(), Sample.chip(scripts: "2000000000")),
            scriptNumber: STAN(124))
        try deliver(.scriptResult, of: payment, Sample.credentials().pan, &transcript)
        try transcript.check("script-result")
    }

    // MARK: Session

    @Test func `the session`() throws {
        var transcript = Transcript(try Sample.dialect())
        let stan = try #require(STAN(201))
        let batch = try #require(BatchNumber(7))
        let status = DeviceStatus(pinPad: false, reader: true, printer: true)
        let messages = try [
            ("sign-off", transcript.dialect.signOff(stan: stan, batch: batch)),
            ("echo", transcript.dialect.echo(stan: stan, batch: batch)),
            ("status", transcript.dialect.statusUpload(status, stan: stan, batch: batch)),
        ]
        for (title, frame) in messages {
            let exchange = try transcript.request(frame, title, mac: false)
            try transcript.reply(exchange, mac: false).approval()
            transcript.understood("00")
        }
        try transcript.check("session")
    }

    @Test(arguments: Download.allCases) func `a download`(_ kind: Download) throws {
        var transcript = Transcript(try Sample.dialect())
        var dialogue = DownloadDialogue(kind)
        var replies = try DownloadDialogueTests.replies(kind)[...]
        var stan = STAN.first
        while dialogue.downloaded == nil {
            let frame = try dialogue.request(
                in: transcript.dialect, stan: stan, batch: #require(BatchNumber(7)))
            let exchange = try transcript.request(frame, mac: false)
            let content = replies.popFirst() ?? nil
            try dialogue.take(transcript.reply(exchange, mac: false) { if let content { try $0.set(62, content) } })
            stan = stan.next
        }
        transcript.understood("\(dialogue.downloaded?.count ?? -1) entries")
        try transcript.check("download-\(kind.rawValue)")
    }

    // MARK: Settlement

    @Test func `a settlement`() throws {
        var transcript = Transcript(try Sample.dialect())
        let batch = try #require(BatchNumber(7))
        var totals = Totals()
        totals.add(8880, .debit, .domestic)
        totals.add(1234, .credit, .domestic)
        let settlement = Settlement(batch: batch, stan: try #require(STAN(201)), totals: totals, supervisor: "00")
        let exchange = try transcript.request(transcript.dialect.settlement(settlement), mac: false)
        let answer = try transcript.reply(exchange, mac: false) { reply in
            reply.remove(39)
            try reply.set(48, "0000000088800010000000000000002" + String(repeating: "0", count: 30) + "1")
        }
        let comparison = try transcript.dialect.comparison(answer, of: settlement)
        transcript.understood("domestic \(comparison.domesticAgrees), foreign \(comparison.foreignAgrees)")

        try transcript.check("settlement")
    }

    @Test(arguments: [true, false]) func `the upload after it`(agreed: Bool) throws {
        let sale = Outcome.approved(Sample.approval(), Sample.chip())
        let foreign = "400000******0002"
        let payments = try [
            Sample.state(Sample.authorization(stan: 101), sale),
            Sample.state(Sample.authorization(stan: 102), .approved(Sample.approval(), Sample.chip(tvr: "0000048040"))),
            Sample.state(
                Sample.authorization(.refund, original: Self.elsewhere, stan: 103, pin: .none, mode: .manual),
                .approved(Sample.approval(), nil)),
            Sample.state(
                Sample.authorization(.offlineSale, stan: 104, pin: .none), .stored(.offline, Sample.chip())),
            Sample.state(Sample.authorization(stan: 105, maskedPAN: foreign), sale),
        ]
        let comparison = Settlement.Comparison(domesticAgrees: agreed, foreignAgrees: agreed)
        var transcript = Transcript(try Sample.dialect())
        for message in UploadPlan.messages(payments, comparison) {
            transcript.understood(try upload(message, payments, &transcript, message.title).words)
        }
        try transcript.check(agreed ? "upload-agreed" : "upload-differed")
    }
}

extension UploadMessage {
    fileprivate var title: String {
        switch self {
        case .advice(let id, _): "advice of \(id)"
        case .details: "details"
        case .chipRecord(let id, _): "certificate of \(id)"
        case .failedChipRecord(let id, _): "chip failure of \(id)"
        case .end: "end"
        }
    }
}
