import EMV
import Payments
import Testing
import Wire

@Suite struct ReadingTests {
    @Test(arguments: [true, false])
    func `Processing options come in two formats`(usesFormat1: Bool) throws {
        var run = try Run.make { $0.card.usesFormat1 = usesFormat1 }
        #expect(run.play()?.verdict == .approvedOnline)
    }

    @Test func `The PDOL's values are sent, and covered by the combined signature`() throws {
        var run = try Run.make { $0.card.pdol = [0x9F, 0x02, 0x06, 0x9F, 0x1A, 0x02, 0xDF, 0x69, 0x01] }
        #expect(run.play()?.verdict == .approvedOnline)
        let command = try required(run.card.log.first { $0.ins == 0xA8 })
        #expect(Hex.encode(command.data) == "8309" + "000000008880" + "0156" + "00")
    }

    @Test(arguments: [
        "", "80", "8000", "80027D00", "80067D00080101", "80077D000801010100", "80067D0008000100", "80067D0008020100",
        "80067D0008010102", "80067D0000010100", "80067D00F8010100", "80067D0009010100", "77", "770482027D00",
        "770694040801010077", "770A82017D940408010100", "770E82027D0082027D009404080101 00", "9F3600",
    ])
    func `Wrong processing options end the transaction`(hex: String) throws {
        let answer = Response(try Hex.decode(hex))
        var run = try Run.make { $0.card.overrides[0xA8] = { _, _ in answer } }
        let failure = try required(run.play()?.failure)
        #expect(failure.reason == .badData)
        #expect(["Book 3, 6.5.8.4", "Book 3, 10.2"].contains(failure.clause))
    }

    @Test(arguments: [StatusWord.wrongLength, .fileNotFound, .fileInvalidated, StatusWord(rawValue: 0x6300)])
    func `A status other than 9000 ends the transaction`(status: StatusWord) throws {
        for instruction: UInt8 in [0xA8, 0xAE] {
            var run = try Run.make { $0.card.overrides[instruction] = { _, _ in Response([], status) } }
            #expect(run.play()?.failure?.reason == .badStatus)
        }
        var run = try Run.make { $0.card.overrides[0xB2] = { count, _ in count == 3 ? Response([], status) : nil } }
        #expect(run.play()?.failure?.reason == .badStatus)
    }

    @Test(arguments: [TLV.Tag.pan, .expirationDate, .cdol1, .cdol2])
    func `Without a mandatory object the transaction ends`(tag: TLV.Tag) throws {
        for value: [UInt8]? in [nil, []] {
            var run = try Run.make { $0.card.set(tag, value) }
            let failure = try required(run.play()?.failure)
            #expect(failure.reason == .badData)
            #expect(failure.detail == "\(tag) is missing")
        }
    }

    @Test(arguments: [
        (TLV.Tag.pan, "62258802AB"), (.pan, "622588021234567890123456"), (.expirationDate, "301331"),
        (.expirationDate, "3012"), (.cvmList, "00"), (.cvmList, "000000000000000042"), (.iacDenial, "00"),
        (.track2, "6225880212345678902D3012201"), (.track2, "FF"), (.cdol1, "9F02"), (.cdol2, "9F"),
        (.effectiveDate, "200100"), (.issuerCountry, "56"), (.cdol1, "9F02FF9F0201"),
    ])
    func `An object of a wrong form ends the transaction`(tag: TLV.Tag, hex: String) throws {
        let value = try Hex.decode(hex + (hex.count % 2 == 1 ? "F" : ""))
        var run = try Run.make {
            $0.card.authenticates(by: [])
            $0.card.set(tag, value)
        }
        let failure = try required(run.play()?.failure)
        #expect(failure.reason == .badData)
        #expect(failure.clause.hasPrefix("Book 3"))
        #expect(!failure.detail.contains("6225"))
    }

    @Test func `An object that occurs twice ends the transaction, an unknown one does not`() throws {
        var run = try Run.make { $0.card.records[0].objects.append(TLV(.panSequenceNumber, [0x01])) }
        #expect(run.play()?.failure?.detail == "5F34 occurs twice")
        run = try Run.make {
            $0.card.records[0].objects += [TLV(0xDF11, [1]), TLV(0xDF11, [2])].dropLast() + [TLV(.amount, [9])]
        }
        #expect(run.play()?.verdict == .approvedOnline)
    }

    @Test func `The card cannot set the terminal's own objects`() throws {
        var run = try Run.make {
            $0.card.records[0].objects += [
                TLV(.tvr, [0, 0, 0, 0, 0]), TLV(.amount, [0, 0, 0, 0, 0, 1]),
                TLV(.cryptogram, [1, 1, 1, 1, 1, 1, 1, 1]),
            ]
        }
        #expect(run.play()?.verdict == .approvedOnline)
        let data = try required(run.requests.first?.chipData)
        #expect(try TLV.find(.amount, in: data)?.value.elementsEqual([0, 0, 0, 0, 0x88, 0x80]) == true)
        #expect(try TLV.find(.cryptogram, in: data)?.value.first == 0xC0)
    }

    @Test(arguments: ["", "70", "7003", "6F00", "700157", "70009000", "5A0862258802", "70045A0862"])
    func `Records of files 1 to 10 are templates 70`(hex: String) throws {
        let raw = try Hex.decode(hex)
        var run = try Run.make { $0.card.records[0].raw = raw }
        let failure = try required(run.play()?.failure)
        #expect(failure.reason == .badData)
        #expect(failure.clause == "Book 3, 6.5.11.4")
    }

    @Test func `A record of files 11 to 30 that is no template 70 fails data authentication only`() throws {
        var run = try Run.make {
            $0.card.records.append(
                TestCard.Record(sfi: 11, number: 1, isAuthenticated: true, objects: [], raw: [0x01, 0x02]))
        }
        #expect(try run.playTVR().hasPrefix("04"))
        run = try Run.make {
            $0.card.records.append(TestCard.Record(sfi: 11, number: 1, objects: [], raw: [0x01, 0x02]))
        }
        #expect(try run.playTVR().hasPrefix("00"))
    }

    // T=0: the card names the right length, or announces its answer in pieces (EMV 4.4 Book 1, 9.3.1).
    @Test func `Answers in pieces are put together`() throws {
        var run = try Run.make()
        var kernel = run.kernel
        var action = kernel.handle(.begin)
        var held: [UInt8] = []
        var lengthsCorrected = 0
        var outcome: KernelOutcome?
        for _ in 0..<200 where outcome == nil {
            switch action {
            case .transmit(let command) where command.ins == 0xC0:
                let piece = held.prefix(command.expectedLength ?? 0)
                held.removeFirst(piece.count)
                action = kernel.handle(.response(piece + Self.announce(held)))
            case .transmit(let command) where command.data.isEmpty && command.expectedLength == 256:
                var probe = run.card
                let answer = probe.answer(command.bytes)
                let hasData = answer.count > 2
                if hasData { lengthsCorrected += 1 } else { run.card = probe }
                let correction = [0x6C, UInt8(truncatingIfNeeded: answer.count - 2)]
                action = kernel.handle(.response(hasData ? correction : answer))
            case .transmit(let command) where command.data.isEmpty:
                action = kernel.handle(.response(run.card.answer(command.bytes)))
            case .transmit(let command):
                let answer = run.card.answer(command.bytes)
                held = Array(answer.dropLast(2))
                action = kernel.handle(.response(held.isEmpty ? answer : Self.announce(held)))
            case .requestOnlinePIN: action = kernel.handle(.pin(.entered))
            case .requestOfflinePIN: action = kernel.handle(.pin(.padFailed))
            case .goOnline: action = kernel.handle(.reply(OnlineReply(approved: true, code: "00", chipData: [])))
            case .finish(let end): outcome = end
            case .chooseApplication, .ignore: throw Missing()
            }
        }
        #expect(outcome?.verdict == .approvedOnline)
        #expect(lengthsCorrected == 6)
    }

    /// At most twenty bytes at a time.
    private static func announce(_ held: [UInt8]) -> [UInt8] {
        held.isEmpty ? [0x90, 0x00] : [0x61, UInt8(min(held.count, 20))]
    }

    @Test func `A card that announces more for ever ends`() throws {
        for status: [UInt8] in [[0x61, 0x00], [0x61, 0x10]] {
            var run = try Run.make { $0.interferes = { _, _ in status } }
            #expect(run.play()?.failure?.reason == .tooManyCommands)
        }
        var run = try Run.make { $0.interferes = { _, _ in [UInt8](repeating: 0, count: 200) + [0x61, 0x00] } }
        #expect(run.play()?.failure?.detail == "an answer of more than 256 bytes")
        run = try Run.make { $0.interferes = { _, _ in [0x6C, 0x10] } }
        #expect(run.play()?.failure?.reason == .noApplication)
    }
}
