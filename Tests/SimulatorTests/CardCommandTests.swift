import SimulatedCards
import Testing
import Wire

/// The card as an APDU machine, without a kernel.
struct CardCommandTests {
    @Test(arguments: [
        ("00A404000E315041592E5359532E4444463031", "9000"),
        ("00A4040008A000000333010101", "9000"),
        ("00A4040005A000000333", "9000"),
        ("00A4040206A00000033301", "9000"),
        ("00A4040008A000000333010102", "6A82"),
        ("00A4040004A0000003", "6A82"),
        ("00A400000200", "6700"),
        ("00A40000023F00", "6A86"),
        ("00B2010C00", "6985"),
        ("80A8000002830000", "6985"),
        ("80CA9F3600", "6985"),
        ("0084000000", "9000"),
        ("00FF0000", "6D00"),
        ("A0A40000", "6E00"),
        ("00", "6700"),
        ("00A40400", "6A82"),
        ("00A404000000", "6700"),
    ])
    func answersBeforeAnApplicationIsOpen(_ command: String, _ status: String) throws {
        var hand = try CardInHand(CardLibrary.unionPayDebit)
        #expect(try hand.send(command).status == status)
    }

    @Test(arguments: [
        ("80A8000002830000", "6985"),
        ("00B2011400", "9000"),
        ("00B2091400", "6A83"),
        ("00B201FC00", "6A82"),
        ("80CA9F3600", "9000"),
        ("80CA9F7900", "6A88"),
        ("80AE800000", "6700"),
        ("80AEC000042222222200", "6A86"),
        ("0088000003112233", "6700"),
        ("0088000004112233440000", "6700"),
        ("008800000411223344 00", "9000"),
        ("008200000A00112233445566773030", "6985"),
        ("841E000004AABBCCDD", "6985"),
        ("002000800826123456FFFFFFFF", "9000"),
        ("002000800826123457FFFFFFFF", "63C2"),
        ("0020000008", "6A86"),
    ])
    func answersWithAnApplicationOpen(_ command: String, _ status: String) throws {
        var hand = try CardInHand(CardLibrary.unionPayDebit)
        try hand.open()
        #expect(try hand.send(command).status == status)
    }

    @Test func threeWrongPINsBlockThePIN() throws {
        var hand = try CardInHand(CardLibrary.unionPayDebit)
        try hand.open()
        for left in ["63C2", "63C1", "63C0", "6983"] {
            #expect(try hand.send("002000800826999999FFFFFFFF").status == left)
        }
        #expect(try hand.send("80CA9F1700").data == [0x9F, 0x17, 0x01, 0])
        #expect(try hand.send("002000800826123456FFFFFFFF").status == "6983")
    }

    @Test func theCounterCountsPaymentsAndOutlivesAReset() throws {
        var hand = try CardInHand(CardLibrary.unionPayDebit)
        for count in 1...3 {
            try hand.open()
            #expect(try hand.send("80CA9F3600").data == [0x9F, 0x36, 0x02, 0, UInt8(count)])
            hand.card.reset()
            #expect(try hand.send("80CA9F3600").status == "6985")
        }
    }

    @Test func theDirectoryNamesEveryApplication() throws {
        var hand = try CardInHand(CardLibrary.severalApplications)
        #expect(try hand.send("00A404000E315041592E5359532E444446303100").status == "9000")
        let first = try hand.send("00B2010C00").data
        let second = try hand.send("00B2020C00").data
        #expect(try TLV.find(0x4F, in: first)?.value == [0xA0, 0, 0, 3, 0x33, 1, 1, 1])
        #expect(try TLV.find(0x4F, in: second)?.value == [0xA0, 0, 0, 3, 0x33, 1, 1, 2])
        #expect(try TLV.find(0x87, in: second)?.value == [1])
        #expect(try hand.send("00B2030C00").status == "6A83")
        // The next occurrence of a partial name, until there is none.
        #expect(try hand.send("00A4040006A0000003330100").status == "9000")
        #expect(try TLV.find(0x84, in: try hand.send("00A4040206A0000003330100").data)?.value.last == 2)
        #expect(try hand.send("00A4040206A0000003330100").status == "6A82")
    }

    @Test func blockedCardsSaySo() throws {
        var card = try CardInHand(CardLibrary.blockedCard)
        #expect(try card.send("00A404000E315041592E5359532E444446303100").status == "6A81")
        #expect(try card.send("00A4040008A00000033301010100").status == "6A81")
        var application = try CardInHand(CardLibrary.blockedApplication)
        #expect(try application.send("00A4040008A00000033301010100").status == "6283")
        #expect(try application.send("80A8000002830000").status == "6985")
    }

    @Test func withT0AnswersAreFetchedAndLengthsExact() throws {
        var profile = CardLibrary.unionPayDebit
        profile.transmission = .t0
        var hand = try CardInHand(profile)
        #expect(hand.card.answerToReset.prefix(2) == [0x3B, 0x66])
        let selected = try hand.send("00A4040008A000000333010101")
        #expect(selected.data.isEmpty)
        #expect(selected.status.hasPrefix("61"))
        let length = String(selected.status.suffix(2))
        #expect(try hand.send("00C0000001").status == "6C" + length)
        #expect(try hand.send("00C00000" + length).data.first == 0x6F)
        #expect(try hand.send("00C00000" + length).status == "6985")
        #expect(try hand.send("80A80000028300").status == "6110")
        #expect(try hand.send("00C0000010").data.count == 16)
        let record = try hand.send("00B2011400")
        #expect(record.status.hasPrefix("6C"))
        #expect(try hand.send("00B20114" + record.status.suffix(2)).status == "9000")
    }

    @Test func theSameSeedMakesTheSameCard() throws {
        func numbers(seed: UInt64) throws -> [[UInt8]] {
            var hand = try CardInHand(CardLibrary.unionPayDebit, seed: seed)
            try hand.open()
            return [try hand.send("0084000000").data, try hand.send("00880000041122334400").data]
        }
        #expect(try numbers(seed: 7) == numbers(seed: 7))
        #expect(try numbers(seed: 7) != numbers(seed: 8))
    }

    @Test func theAnswerToResetIsOneOfT1WithItsCheckCharacter() throws {
        let answer = try SimulatedCard(CardLibrary.unionPayDebit).answerToReset
        #expect(Hex.encode(answer.prefix(8)) == "3BE600008131FE45")
        #expect(answer.dropFirst().reduce(0, ^) == 0)
    }

    @Test(arguments: CardLibrary.all.map(\.name), [UInt64](1...2))
    func noCommandTraps(_ name: String, _ seed: UInt64) throws {
        var hand = try CardInHand(try #require(CardLibrary.card(named: name)), seed: seed)
        var random = SeededBytes(seed: seed &* 7919)
        let instructions: [UInt8] = [
            0xA4, 0xB2, 0xA8, 0xAE, 0x82, 0x88, 0xCA, 0x84, 0x20, 0xC0, 0xDA, 0x1E, 0x16, 0x24,
        ]
        for round in 0..<400 {
            let bytes = random.next(64)
            switch round % 4 {
            case 0: _ = hand.card.handle(Array(bytes.prefix(Int(bytes[0] % 64))))
            case 1:
                let count = Int(bytes[1] % 40)
                let instruction = instructions[Int(bytes[0]) % instructions.count]
                let head = [bytes[2] & 0x84, instruction, bytes[3], bytes[4], UInt8(count)]
                _ = hand.card.handle(head + bytes[6..<6 + count])
            case 2:
                let profile = hand.card.profile.applications[0]
                _ = hand.card.handle([0x00, 0xA4, 0x04, 0x00, 8] + profile.aid)
                _ = hand.card.handle([0x80, 0xA8, 0x00, 0x00, 2, 0x83, 0x00])
                if bytes[0] & 1 == 0 { hand.card.reset() }
            default:
                let data = (bytes[1] & 1 == 0 ? [] : [0x30, 0x30]) + CardInHand.sale
                _ = hand.card.handle([0x80, 0xAE, bytes[0] & 0xD0, 0x00, UInt8(data.count)] + data + [0x00])
            }
        }
        hand.card.reset()
    }
}
