import EMV
import Payments
import Testing
import Wire

@Suite struct CompletionTests {
    // What the card may not answer: more than was asked for, or the reserved type (EMV 4.4 Book 3, 9.3).
    @Test(arguments: [
        (0, 0x40 as UInt8, false), (0, 0xC0, false), (1, 0x80, false), (1, 0xC0, false), (1, 0x40, true),
    ])
    func `A forbidden cryptogram ends the transaction`(count: Int, information: UInt8, declines: Bool) throws {
        var run = try Run.make {
            $0.card.authenticates(by: [])
            if declines { $0.reply = nil }
            $0.card.overrides[0xAE] = { number, _ in
                guard number == count else { return nil }
                return Response(
                    TLV(.responseFormat1, [information, 0, 5] + [UInt8](repeating: 7, count: 8)).encoded)
            }
        }
        let failure = try required(run.play()?.failure)
        #expect(failure.reason == .forbiddenCryptogram)
        #expect(failure.clause == "Book 3, 9.3")
    }

    @Test(arguments: [
        "", "80", "8000", "800A80000501020304050607", "77039F2701", "77109F2701809F36020005 9F2604 01020304",
        "770A9F27018090 9F36020005", "770A9F2701809F36020005", "77049F270180", "70049F270180",
        "770E9F2701809F2701809F36020005",
    ])
    func `An answer to GENERATE AC that is none ends the transaction`(hex: String) throws {
        let bytes = (try? Hex.decode(hex)) ?? [0x77]
        var run = try Run.make {
            $0.card.authenticates(by: [])
            $0.card.overrides[0xAE] = { _, _ in Response(bytes) }
        }
        #expect(run.play()?.failure?.clause == "Book 3, 6.5.5.4")
    }

    @Test(arguments: [
        (true, ChipResult.CryptogramType.tc, KernelOutcome.Verdict.approvedOnline), (true, .aac, .declinedByCard),
        (false, .tc, .declinedOnline), (false, .aac, .declinedOnline),
    ])
    func `Issuer and card decide`(
        approved: Bool, type: ChipResult.CryptogramType, verdict: KernelOutcome.Verdict
    ) throws {
        var run = try Run.make {
            $0.reply = OnlineReply(approved: approved, code: approved ? "00" : "51", chipData: [])
            $0.card.finalType = type
        }
        #expect(run.play()?.verdict == verdict)
        let last = try required(run.card.log.last)
        #expect(last.p1 == (approved ? 0x50 : 0x00))
        // CDOL2 begins with the authorisation response code.
        #expect(last.data.prefix(2).elementsEqual(approved ? "00".utf8 : "51".utf8))
    }

    @Test func `Unable to go online is said to the card`() throws {
        var run = try Run.make { $0.reply = nil }
        #expect(run.play()?.verdict == .declinedOffline)
        #expect(run.card.log.last?.data.prefix(2).elementsEqual("Z3".utf8) == true)
    }

    // Issuer authentication (EMV 4.4 Book 3, 10.9).
    @Test(arguments: [
        ("910A0102030405060708 3030", true, StatusWord.success, true, "F800", "0000048000"),
        ("910A0102030405060708 3030", true, StatusWord(rawValue: 0x6300), true, "F800", "0000048040"),
        ("910A0102030405060708 3030", false, .success, false, "E800", "0000048000"),
        ("910701020304050607", true, .success, false, "E800", "0000048000"),
        ("9111" + String(repeating: "01", count: 17), true, .success, false, "E800", "0000048000"),
        ("9F3602", true, .success, false, "E800", "0000048000"),
    ])
    func `Issuer authentication data`(
        chipData: String, byCommand: Bool, status: StatusWord, sent: Bool, tsi: String, tvr: String
    ) throws {
        var run = try Run.make { run in
            run.reply = OnlineReply(approved: true, code: "00", chipData: try Hex.decode(chipData))
            run.card.set(.cdol2, [0x91, 0x0A, 0x8A, 0x02])
            try DataAuthenticationTests.use(.cda, &run)
            if byCommand {
                run.card.aip |= AIP.issuerAuthentication.rawValue
                try run.card.certify()
            }
            run.card.overrides[0x82] = { _, _ in Response([], status) }
        }
        #expect(run.play()?.verdict == .approvedOnline)
        #expect(run.instructions.contains("82") == sent)
        let result = try required(run.kernel.chipResult)
        #expect(result.tsi == tsi)
        #expect(result.tvr == tvr)
        if chipData.hasPrefix("910A") {
            #expect(run.card.log.last.map { Hex.encode($0.data) } == "01020304050607083030" + "3030")
        }
    }

    static let first = "9F180400000001" + "860D" + "8424000008" + "0102030405060708"
    static let second = "8605" + "80CA9F3600"

    // Issuer scripts (EMV 4.4 Book 3, 10.10; results as in Book 4, Annex A5).
    @Test(arguments: [
        ("7116" + first, [0x9000], "2000000001", "0000048000"),
        ("711D" + first + second, [0x9000, 0x9000], "2000000001", "0000048000"),
        ("711D" + first + second, [0x9000, 0x6985], "1200000001", "0000048020"),
        ("711D" + first + second, [0x6A80], "1100000001", "0000048020"),
        ("711D" + first + second, [0x6283, 0x6300], "2000000001", "0000048000"),
        ("7216" + first, [0x9000], "2000000001", "0000048000"),
        ("7216" + first, [0x6985], "1100000001", "0000048010"),
        ("7107" + second, [0x9000], "2000000000", "0000048000"),
        ("7116" + first + "7107" + second, [0x6985, 0x9000], "1100000001" + "2000000000", "0000048020"),
        ("710386FF00", [], "1000000000", "0000048020"),
        ("7106860400A404" + "00", [0x9000], "2000000000", "0000048000"),
        ("71058603 00A404", [], "1100000000", "0000048020"),
    ])
    func `Issuer scripts`(chipData: String, statuses: [UInt16], results: String, tvr: String) throws {
        var run = try Run.make {
            $0.reply = OnlineReply(approved: true, code: "00", chipData: try Hex.decode(chipData))
        }
        var sent = 0
        // Statuses are given by order of the commands that follow the request.
        var kernel = ContactKernel(terminal: run.terminal, transaction: run.transaction)
        var action = kernel.handle(.begin)
        var isOnline = false
        var left = statuses[...]
        var outcome: KernelOutcome?
        var position = 0
        while outcome == nil, position < 100 {
            position += 1
            switch action {
            case .transmit(let command) where isOnline && command.ins != 0xAE:
                sent += 1
                action = kernel.handle(.response(StatusWord(rawValue: left.popFirst() ?? 0x6F00).bytes))
            case .transmit(let command): action = kernel.handle(.response(run.card.answer(command.bytes)))
            case .requestOnlinePIN: action = kernel.handle(.pin(.entered))
            case .requestOfflinePIN: action = kernel.handle(.pin(.padFailed))
            case .goOnline:
                isOnline = true
                action = kernel.handle(.reply(try required(run.reply)))
            case .finish(let end): outcome = end
            default: throw Missing()
            }
        }
        let completion = try required(outcome?.completion)
        #expect(outcome?.verdict == .approvedOnline)
        #expect(completion.result.scriptResults == results)
        #expect(completion.result.tvr == tvr)
        #expect(completion.result.tsi == "EC00")
        #expect(left.isEmpty)
        #expect(sent == statuses.count)
        let notice = try TLV.parse(try required(completion.scriptNotice)).map(\.tag.description)
        #expect(notice.joined(separator: " ") == "9F33 95 9F37 9F1E 9F10 9F26 9F36 82 DF31 9F1A 9A")
        let reversal = try TLV.parse(completion.reversalData).map(\.tag.description)
        #expect(reversal.joined(separator: " ") == "95 9F1E 9F10 9F36 DF31")
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

    @Test func `What is decided stays decided when the card leaves`() throws {
        // The issuer refused: the card is not needed for that.
        var run = try Run.make {
            $0.reply = OnlineReply(approved: false, code: "51", chipData: [])
            $0.card.overrides[0xAE] = { count, _ in count == 1 ? Response([], .conditionsNotSatisfied) : nil }
        }
        #expect(run.play()?.verdict == .declinedOnline)
        // The card approved: a script after it cannot change it.
        run = try Run.make {
            $0.reply = OnlineReply(
                approved: true, code: "00", chipData: try Hex.decode("7216" + Self.first + "7207" + Self.second))
        }
        let commands = try {
            var whole = run
            _ = try required(whole.play())
            return whole.transmitted
        }()
        run.removesAt = commands - 1
        let outcome = try required(run.play())
        #expect(outcome.verdict == .approvedOnline)
        #expect(outcome.completion?.result.scriptResults == "1100000001" + "0000000000")
    }

    @Test func `Cancelling counts until the request leaves`() throws {
        let run = try Run.make()
        var kernel = run.kernel
        #expect(kernel.handle(.begin) != .ignore)
        guard case .finish(.ended(let failure)) = kernel.handle(.cancelled) else { throw Missing() }
        #expect(failure.reason == .cancelled)
        #expect(failure.paymentFailure == nil)
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
