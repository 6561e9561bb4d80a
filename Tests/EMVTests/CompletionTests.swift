import EMV
import Payments
import Testing
import Wire

@Suite struct CompletionTests {
    /// The authorisation response code that the card got with the second GENERATE AC.
    static func told(_ code: String) -> ContactCase.Check {
        .init { run, _ in #expect(run.card.log.last { $0.ins == 0xAE }?.data.prefix(2).elementsEqual(code.utf8) == true)
        }
    }

    static func decision(
        _ what: String, _ reply: String?, approved: Bool, _ type: ChipResult.CryptogramType, asks: String,
        _ verdict: KernelOutcome.Verdict
    ) -> ContactCase {
        ContactCase("Book 3, 10.11", what, verdict: verdict, tsi: "E800", asks: asks, also: reply.map { told($0) }) {
            $0.reply = reply.map { OnlineReply(approved: approved, code: $0, chipData: []) }
            $0.card.finalType = type
        }
    }

    static let decisions: [ContactCase] = [
        decision("the issuer approves, the card agrees", "00", approved: true, .tc, asks: "90 50", .approvedOnline),
        decision(
            "the issuer approves, the card refuses: the authorization is to be reversed", "00", approved: true, .aac,
            asks: "90 50", .declinedByCard),
        decision(
            "the issuer declines: a refusal is asked for", "51", approved: false, .aac, asks: "90 00", .declinedOnline),
        decision(
            "the issuer declines: whatever the card answers is a refusal", "05", approved: false, .tc, asks: "90 00",
            .declinedOnline),
        decision(
            "a referral of the issuer is a refusal for the chip", "01", approved: false, .aac, asks: "90 00",
            .declinedOnline),
        decision(
            "a referral of the issuer with a special condition is a refusal for the chip", "02", approved: false, .aac,
            asks: "90 00", .declinedOnline),
        ContactCase(
            "Book 4, 6.3.7", "unable to go online and declined: Z3", verdict: .declinedOffline, asks: "90 00",
            also: told("Z3")
        ) { $0.reply = nil },
        ContactCase(
            "Book 4, 6.3.7", "unable to go online and approved: Y3", verdict: .approvedOffline, asks: "90 50",
            also: told("Y3")
        ) {
            unable(&$0)
        },
        ContactCase(
            "Book 3, 10.11", "unable to go online, and the card refuses", verdict: .declinedOffline, asks: "90 50"
        ) {
            unable(&$0)
            $0.card.finalType = .aac
        },
        forbidden("a request for a certificate", 0x80), forbidden("the reserved type for a certificate", 0xC0),
        ContactCase("Book 3, 9.3", "a certificate for a refusal ends", failure: .forbiddenCryptogram) {
            $0.card.authenticates(by: [])
            $0.reply = nil
            try $0.answer(0xAE, 1, "800B400005" + "0707070707070707")
        },
        ContactCase(
            "Book 3, 6.5.5.5", "a refusal of the second GENERATE AC after an approval ends, to be reversed",
            failure: .badStatus,
            also: .init { run, _ in
                #expect(!run.kernel.reversalData.isEmpty)
            }
        ) { try $0.answer(0xAE, 1, "", status: 0x6F00) },
        ContactCase(
            "Book 3, 10.11", "a refusal of the second GENERATE AC after the issuer declined: declined all the same",
            verdict: .declinedOnline
        ) {
            $0.reply = OnlineReply(approved: false, code: "51", chipData: [])
            try $0.answer(0xAE, 1, "", status: 0x6985)
        },
        ContactCase(
            "Book 3, 10.11", "an offline approval needs no second GENERATE AC", verdict: .approvedOffline, tsi: "E800",
            asks: "50"
        ) { RiskTests.offline(&$0) },
        ContactCase(
            "Book 3, 10.11", "an offline refusal needs no second GENERATE AC", verdict: .declinedOffline, asks: "90"
        ) { $0.card.firstType = .aac },
        ContactCase("Book 3, Annex C6", "every step that was taken has its bit", verdict: .approvedOnline, tsi: "FC00")
        {
            $0.card.aip |= AIP.issuerAuthentication.rawValue
            let chipData = "910A01020304050607083030" + "7116" + ScriptTests.first
            $0.reply = OnlineReply(approved: true, code: "00", chipData: try Hex.decode(chipData))
            $0.card.scriptStatuses = [.success]
        },
        ContactCase(
            "Book 3, Annex C6", "a card that supports nothing leaves one bit", verdict: .approvedOnline,
            tvr: "8000000000", tsi: "2000"
        ) {
            $0.card.authenticates(by: [], other: [])
        },
        ContactCase(
            "Book 4, 6.3", "the result carries what receipt and journal need", verdict: .approvedOnline, cvm: "420300",
            also: .init { _, end in
                let result = try required(end.completion).result
                #expect(result.cryptogramType == .tc)
                #expect(result.cryptogram == "C0DE010405060708")
                #expect(result.atc == "0005")
                #expect(result.issuerApplicationData == "07010103A0000001")
                #expect(result.unpredictableNumber == "12345678")
                #expect(result.sequenceNumber == 1)
            }),
        ContactCase(
            "Book 3, 10.11", "the upload of certificates carries the last cryptogram", verdict: .approvedOnline,
            also: .init { _, end in
                let data = try required(end.completion).chipData
                #expect(try TLV.find(.cryptogram, in: data).map { Hex.encode($0.value) } == "C0DE010405060708")
                #expect(try TLV.find(.cryptogramInformation, in: data).map { Hex.encode($0.value) } == "40")
            }),
    ]

    static func forbidden(_ what: String, _ information: UInt8) -> ContactCase {
        ContactCase("Book 3, 9.3", "\(what) ends", failure: .forbiddenCryptogram) {
            $0.card.authenticates(by: [])
            try $0.answer(0xAE, 1, "800B" + Hex.encode([information]) + "0005" + "0707070707070707")
        }
    }

    /// The issuer cannot be asked, and no default code minds.
    static func unable(_ run: inout Run) {
        run.reply = nil
        run.terminal.applications[0].tacDefault = []
        run.card.set(.iacDefault, [0, 0, 0, 0, 0])
    }

    struct FallbackCase: CoveredCase {
        var clause = "Book 4, 11.2"
        let requirement: String
        let reason: KernelFailure.Reason
        let permits: Bool
        var arrange: @Sendable (inout Run) throws -> Void
    }

    static let fallbacks: [FallbackCase] = [
        FallbackCase(
            requirement: "a chip whose data cannot be read lets the stripe follow", reason: .badData, permits: true
        ) { $0.card.set(.pan, nil) },
        FallbackCase(
            requirement: "a chip that refuses to be read lets the stripe follow", reason: .badStatus, permits: true
        ) {
            try $0.answer(0xB2, 2, "", status: 0x6F00)
        },
        FallbackCase(
            requirement: "a chip that comes to no end lets the stripe follow", reason: .tooManyCommands, permits: true
        ) { $0.interferes = { _, _ in [0x61, 0x00] } },
        FallbackCase(
            requirement: "a chip without a common application lets the stripe follow", reason: .noApplication,
            permits: true
        ) {
            $0.card.overrides[0xA4] = { _, _ in Response([], .fileNotFound) }
        },
        FallbackCase(requirement: "a blocked card does not", reason: .cardBlocked, permits: false) {
            $0.card.overrides[0xA4] = { _, _ in Response([], .functionNotSupported) }
        },
        FallbackCase(requirement: "a blocked application does not", reason: .applicationBlocked, permits: false) {
            $0.card.overrides[0xA4] = { count, _ in
                count == 1 ? Response(TestCard.fci(TestCard.aid, []), .fileInvalidated) : nil
            }
        },
        FallbackCase(
            requirement: "a card that breaks the rules of its cryptogram does not", reason: .forbiddenCryptogram,
            permits: false
        ) {
            try $0.answer(0xAE, 0, "800BC00005" + "0707070707070707")
        },
        FallbackCase(requirement: "a card that left does not", reason: .cardRemoved, permits: false) {
            $0.removesAt = 4
        },
    ]

    @Test(arguments: decisions)
    func `Issuer and card decide`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: fallbacks)
    func `The stripe follows a failure of the chip alone`(_ row: FallbackCase) throws {
        var run = try Run.make { try row.arrange(&$0) }
        let failure = try required(run.play()?.failure)
        #expect(failure.reason == row.reason)
        #expect(failure.permitsFallback == row.permits)
        #expect(failure.paymentFailure != nil)
    }

    @Test func `A card that leaves at any command ends with its reason`() throws {
        var whole = try Run.make()
        #expect(whole.play()?.verdict == .approvedOnline)
        for number in 1...whole.transmitted {
            var run = try Run.make { $0.removesAt = number }
            #expect(run.play()?.failure?.reason == .cardRemoved)
            #expect(run.kernel.phase == .finished)
            // Once the request left, what the reversal needs is there.
            #expect(run.requests.isEmpty || !run.kernel.reversalData.isEmpty)
        }
    }

    @Test func `A card that falls silent at any moment ends, and permits the stripe`() throws {
        let run = try Run.make()
        var (kernel, card) = (run.kernel, run.card)
        var action = kernel.handle(.begin)
        for _ in 0..<20 {
            var silent = kernel
            if case .finish(.ended(let failure)) = silent.handle(.cardMute) {
                #expect(failure.reason == .cardMute)
                #expect(failure.permitsFallback)
            }
            guard case .transmit(let command) = action else { break }
            action = kernel.handle(.response(card.answer(command.bytes)))
        }
    }

    @Test func `Cancelling counts until the request leaves`() throws {
        let run = try Run.make()
        var kernel = run.kernel
        #expect(kernel.handle(.begin) != .ignore)
        guard case .finish(.ended(let failure)) = kernel.handle(.cancelled) else { throw Missing() }
        #expect(failure.reason == .cancelled)
        #expect(failure.paymentFailure == nil)
        #expect(!failure.permitsFallback)
        #expect(kernel.handle(.begin) == .ignore)

        var late = run
        kernel = ContactKernel(terminal: run.terminal, transaction: run.transaction)
        var action = kernel.handle(.begin)
        for _ in 0..<100 {
            if case .goOnline = action { break }
            if case .transmit(let command) = action {
                action = kernel.handle(.response(late.card.answer(command.bytes)))
            } else {
                action = kernel.handle(.pin(.entered))
            }
        }
        #expect(kernel.phase == .online)
        #expect(kernel.handle(.cancelled) == .ignore)
        #expect(kernel.handle(.response([0x90, 0x00])) == .ignore)
        guard case .transmit = kernel.handle(.reply(OnlineReply(approved: true, code: "00", chipData: []))) else {
            throw Missing()
        }
        #expect(kernel.handle(.cancelled) == .ignore)
        #expect(kernel.phase == .completing)
    }

    @Test func `A kernel prints nothing of the card`() throws {
        var run = try Run.make()
        _ = run.play()
        var text = "\(run.kernel) \(run.requests)"
        dump(run.kernel, to: &text)
        #expect(!text.contains("6225880212345678901"))
    }
}
