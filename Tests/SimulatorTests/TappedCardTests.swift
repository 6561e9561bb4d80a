import EMV
import PaymentCryptography
import Payments
import SimulatedCards
import Testing
import Wire

/// Cards and phones without contacts, byte by byte and without a kernel.
struct TappedCardTests {
    static let names = CardLibrary.all.filter { $0.interfaces.contains(.contactless) && $0.habit == .good }.map(\.name)

    @Test(arguments: names)
    func theDirectoryHoldsTheApplications(_ name: String) throws {
        let profile = try #require(CardLibrary.card(named: name))
        var hand = try CardInHand(profile, on: .contactless)
        let directory = try hand.send("00A404000E325041592E5359532E444446303100")
        #expect(directory.status == "9000")
        let entry = try #require(try TLV.find(0x61, in: directory.data))
        let side = try #require(profile.applications[0].contactless)
        #expect(try TLV.find(0x4F, in: entry.value)?.value.elementsEqual(profile.applications[0].aid) == true)
        #expect(try TLV.find(0x87, in: entry.value)?.value.first == 1)
        #expect(try TLV.find(0x9F2A, in: entry.value)?.value.first == side.kernel.rawValue)
        // The directory of the contacts is not there, and the other way round.
        #expect(try hand.send("00A404000E315041592E5359532E444446303100").status == "6A82")
        hand.card.reset(.contact)
        #expect(try hand.send("00A404000E325041592E5359532E444446303100").status == "6A82")
    }

    @Test func theAnswerToResetIsThatOfAContactlessReader() throws {
        let card = try SimulatedCard(try #require(CardLibrary.card(named: "visa-phone")))
        #expect(Hex.encode(card.answerToReset.prefix(4)) == "3B868001")
        #expect(card.answerToReset.dropFirst().reduce(0, ^) == 0)
    }

    /// Qualifiers of the reader, the amount, what the card answers and its own qualifiers.
    struct Tap: Sendable {
        let card: String
        let qualifiers: String
        let amount: Int64
        let information: UInt8
        let own: String
    }

    @Test(arguments: [
        Tap(card: "quickpass-credit", qualifiers: "36000080", amount: 8880, information: 0x40, own: "2000"),
        Tap(card: "quickpass-credit", qualifiers: "36400080", amount: 8880, information: 0x40, own: "6000"),
        Tap(card: "quickpass-credit", qualifiers: "36800080", amount: 8880, information: 0x80, own: "2000"),
        Tap(card: "quickpass-credit", qualifiers: "36000080", amount: 50_001, information: 0x80, own: "2000"),
        Tap(card: "quickpass-credit", qualifiers: "2E000080", amount: 50_001, information: 0x00, own: "2000"),
        Tap(card: "quickpass-debit", qualifiers: "36C00080", amount: 8880, information: 0x80, own: "A000"),
        Tap(card: "quickpass-debit", qualifiers: "2E000080", amount: 8880, information: 0x00, own: "2000"),
        Tap(card: "visa-contactless", qualifiers: "36000080", amount: 30_000, information: 0x40, own: "2000"),
        Tap(card: "visa-contactless", qualifiers: "37800080", amount: 30_000, information: 0x80, own: "2000"),
        Tap(card: "visa-phone", qualifiers: "36800080", amount: 8880, information: 0x80, own: "2000"),
    ])
    func theCardDecides(_ tap: Tap) throws {
        let profile = try #require(CardLibrary.card(named: tap.card))
        var hand = try CardInHand(profile, on: .contactless)
        let answer = try hand.tap(tap.qualifiers, amount: tap.amount)
        #expect(answer[0x9F27] == [tap.information])
        #expect(answer[0x9F6C].map { Hex.encode($0) } == tap.own)
        #expect(answer[0x9F36] == [0, 1])

        // Its issuer knows the cryptogram.
        let account = profile.applications[0].account
        let chipData = hand.chipData(answer, amount: tap.amount)
        let check = CardIssuer().check(
            chipData: chipData, pan: try #require(PAN(account.number)), sequenceNumber: account.sequenceNumber)
        guard case .genuine(let genuine) = check else { throw TestFailure("\(check)") }
        #expect(genuine.type.controlBits == tap.information)
        #expect(genuine.account == account)

        // What it approves itself it proves, and what goes online where the reader wants that.
        let isProved = tap.information == 0x40 || (tap.information == 0x80 && tap.qualifiers == "37800080")
        #expect((answer[0x9F4B] != nil) == isProved)
        #expect((answer[0x94] != nil) == isProved)
        guard isProved else { return }
        let key = try hand.cardKey(account.scheme, locator: try #require(answer[0x94]))
        let related = try #require(answer[0x9F69])
        #expect(related.first == 0x01 && related.count == 7 && Hex.encode(related.suffix(2)) == tap.own)
        let hashed = CardInHand.number + CardInHand.amount(tap.amount) + [0x01, 0x56] + related
        let signed = try key.recover(try #require(answer[0x9F4B]))
        #expect(Hex.encode(signed.prefix(7)) == "6A050103020001")
        #expect(Array(signed.dropLast().suffix(20)) == (try Digest.sha1(signed[1..<signed.count - 21] + hashed)))
    }

    @Test func offlineApprovalsAreCountedOnBothSides() throws {
        let profile = try #require(CardLibrary.card(named: "quickpass-credit"))
        var hand = try CardInHand(profile, on: .contactless)
        for count in 1...3 {
            hand.card.reset(.contactless)
            #expect(try hand.tap("36000080", amount: 100)[0x9F27] == [0x40], "\(count)")
        }
        hand.card.reset(.contactless)
        #expect(try hand.tap("36000080", amount: 100)[0x9F27] == [0x80])
        // Over the contacts it knows of them, asks its issuer, and then begins anew.
        var sale = try ChipSale(profile)
        sale.card = hand.card
        sale.card.reset(.contact)
        sale.floorLimit = 10_000
        guard case .completed(.approvedOnline, let completion) = try sale.run() else { throw TestFailure("offline") }
        #expect(completion.result.atc == "0005")
        hand.card = sale.card
        hand.card.reset(.contactless)
        #expect(try hand.tap("36000080", amount: 100)[0x9F27] == [0x40])
    }

    @Test(arguments: ["unionpay-phone", "visa-phone"])
    func aPhoneIsUnlockedBetweenTwoTaps(_ name: String) throws {
        var hand = try CardInHand(try #require(CardLibrary.card(named: name)))
        _ = try hand.openTap()
        #expect(try hand.options("36400080", amount: 200_000).status == "6986")
        // A reader may reset a card more than once.
        hand.card.reset()
        hand.card.reset()
        let answer = try hand.tap("36C00080", amount: 200_000)
        #expect(answer[0x9F6C].map { Hex.encode($0) } == "2080")
        #expect(answer[0x9F27] == [0x80])
        // It is locked again.
        hand.card.reset()
        _ = try hand.openTap()
        #expect(try hand.options("36400080", amount: 200_000).status == "6986")
    }

    @Test func kernel2SignsItsCryptogramAndRecoversIt() throws {
        let profile = try #require(CardLibrary.card(named: "mastercard-contactless"))
        var hand = try CardInHand(profile, on: .contactless)
        let locator = try hand.openForCryptogram()
        let key = try hand.cardKey(.mastercard, locator: locator)
        let values = CardInHand.secondKernelValues(amount: 8880, verification: "1F0302")
        let answer = try hand.send([0x80, 0xAE, 0x50, 0x00, UInt8(values.count)] + values + [0x00])
        #expect(answer.status == "9000")
        let objects = try CardInHand.objects(answer.data)
        #expect(objects[0x9F27] == [0x40])
        #expect(objects[0x9F26] == nil)
        let signed = try key.recover(try #require(objects[0x9F4B]))
        #expect(
            Array(signed.dropLast().suffix(20)) == (try Digest.sha1(signed[1..<signed.count - 21] + CardInHand.number)))
        // Dynamic data: number of 8, kind, cryptogram, hash over everything else that was said.
        let dynamic = Array(signed[4..<4 + Int(signed[3])])
        #expect(dynamic.count == 38 && dynamic[0] == 8 && dynamic[9] == 0x40)
        let others = try #require(try TLV.parse(answer.data).first).children().filter { $0.tag != 0x9F4B }
        #expect(Array(dynamic.suffix(20)) == (try Digest.sha1(values + TLV.encode(others))))

        // Torn: the terminal missed the answer, and asks for it at the next tap.
        hand.card.reset()
        _ = try hand.openForCryptogram()
        #expect(try hand.send("80D00000 04 55667788 00").status == "6985")
        let recovered = try hand.send("80D00000 04 11223344 00")
        #expect(recovered.data == answer.data && recovered.status == "9000")
    }

    @Test func aPhoneOfKernel2AsksForItsHolder() throws {
        var hand = try CardInHand(try #require(CardLibrary.card(named: "mastercard-phone")))
        _ = try hand.openForCryptogram()
        let values = CardInHand.secondKernelValues(amount: 200_000, verification: "010002")
        let command = [0x80, 0xAE, 0x90, 0x00, UInt8(values.count)] + values + [0x00]
        let first = try CardInHand.objects(try hand.send(command).data)
        #expect(first[0x9F27] == [0x00])
        #expect(first[0xDF4B] == [0x00, 0x01, 0x00])
        hand.card.reset()
        _ = try hand.openForCryptogram()
        let second = try CardInHand.objects(try hand.send(command).data)
        #expect(second[0x9F27] == [0x80])
        #expect(second[0xDF4B] == [0x00, 0x10, 0x00])
        #expect(second[0x9F4B] != nil)
    }

    @Test(arguments: names, [UInt64](1...3))
    func noCommandTraps(_ name: String, _ seed: UInt64) throws {
        var hand = try CardInHand(try #require(CardLibrary.card(named: name)), seed: seed, on: .contactless)
        var random = SeededBytes(seed: seed &* 104_729)
        let instructions: [UInt8] = [0xA4, 0xB2, 0xA8, 0xAE, 0xD0, 0xCA, 0x84, 0x88]
        for round in 0..<300 {
            let bytes = random.next(64)
            if round % 3 == 0 {
                _ = try hand.openTap()
                if bytes[0] & 1 == 0 { hand.card.reset(bytes[1] & 1 == 0 ? .contact : .contactless) }
                continue
            }
            let count = Int(bytes[1] % 50)
            let head = [bytes[2] & 0x80, instructions[Int(bytes[0]) % instructions.count], bytes[3], bytes[4]]
            _ = hand.card.handle(
                round % 3 == 1 ? head + [UInt8(count)] + bytes[6..<6 + count] : Array(bytes.prefix(count)))
        }
    }
}

extension CardInHand {
    /// The terminal's unpredictable number.
    static let number: [UInt8] = [0x11, 0x22, 0x33, 0x44]

    /// An amount as object 9F02.
    static func amount(_ amount: Int64) -> [UInt8] {
        let digits = String(amount)
        let padded = Array((String(repeating: "0", count: 12 - digits.count) + digits).utf8)
        return stride(from: 0, to: 12, by: 2).map { (padded[$0] - 0x30) << 4 | (padded[$0 + 1] - 0x30) }
    }

    /// SELECT without contacts.
    mutating func openTap() throws -> [UInt8] {
        let aid = card.profile.applications[0].aid
        return try send([0x00, 0xA4, 0x04, 0x00, UInt8(aid.count)] + aid + [0x00]).data
    }

    /// GET PROCESSING OPTIONS with the values of the usual list.
    mutating func options(_ qualifiers: String, amount: Int64) throws -> (data: [UInt8], status: String) {
        let values =
            try Hex.decode(qualifiers) + Self.amount(amount) + [UInt8](repeating: 0, count: 6) + [0x01, 0x56]
            + [0, 0, 0, 0, 0, 0x01, 0x56, 0x26, 0x11, 0x22, 0x00] + Self.number
        let data = [0x83, UInt8(values.count)] + values
        return try send([0x80, 0xA8, 0x00, 0x00, UInt8(data.count)] + data + [0x00])
    }

    /// A whole tap: the objects of the answer by tag.
    mutating func tap(_ qualifiers: String, amount: Int64) throws -> [TLV.Tag: [UInt8]] {
        _ = try openTap()
        let answer = try options(qualifiers, amount: amount)
        try #require(answer.status == "9000")
        return try Self.objects(answer.data)
    }

    /// The objects in a template 77.
    static func objects(_ data: [UInt8]) throws -> [TLV.Tag: [UInt8]] {
        let outer = try TLV.parse(data)
        try #require(outer.count == 1 && outer[0].tag == 0x77)
        let objects = try outer[0].children()
        return Dictionary(objects.map { ($0.tag, Array($0.value)) }) { first, _ in first }
    }

    /// What field 55 says of a tap.
    func chipData(_ answer: [TLV.Tag: [UInt8]], amount: Int64) -> [UInt8] {
        let own: [TLV] = [0x9F26, 0x9F27, 0x9F10, 0x9F36, 0x82].map { TLV($0, answer[$0] ?? []) }
        let terminal = [
            TLV(0x9F37, Self.number), TLV(0x95, [0, 0, 0, 0, 0]), TLV(0x9A, [0x26, 0x11, 0x22]), TLV(0x9C, [0]),
            TLV(0x9F02, Self.amount(amount)), TLV(0x5F2A, [0x01, 0x56]), TLV(0x9F1A, [0x01, 0x56]),
            TLV(0x9F03, [0, 0, 0, 0, 0, 0]),
        ]
        return TLV.encode(own + terminal)
    }

    /// SELECT and GET PROCESSING OPTIONS of a card for kernel C-2; its file locator.
    mutating func openForCryptogram() throws -> [UInt8] {
        _ = try openTap()
        let answer = try send("80A80000028300 00")
        try #require(answer.status == "9000")
        return try #require(try Self.objects(answer.data)[0x94])
    }

    /// Values of the usual list of kernel C-2.
    static func secondKernelValues(amount: Int64, verification: String) -> [UInt8] {
        let results = (try? Hex.decode(verification)) ?? []
        return Self.amount(amount) + [UInt8](repeating: 0, count: 6)
            + [0x01, 0x56, 0, 0, 0, 0, 0, 0x01, 0x56, 0x26, 0x11, 0x22, 0x00] + number + [0x22, 0, 0]
            + [UInt8](repeating: 0, count: 8) + results
    }

    /// The card's key, recovered from the records that the file locator names (EMV 4.4 Book 2, 6.3 and 6.4).
    mutating func cardKey(_ scheme: CardScheme, locator: [UInt8]) throws -> RSAPublicKey {
        var objects: [TLV.Tag: [UInt8]] = [:]
        for start in stride(from: 0, to: locator.count, by: 4) {
            for record in locator[start + 1]...locator[start + 2] {
                let answer = try send([0x00, 0xB2, record, locator[start] | 0x04, 0x00])
                try #require(answer.status == "9000")
                for object in try #require(try TLV.parse(answer.data).first).children() {
                    #expect(objects.updateValue(Array(object.value), forKey: object.tag) == nil, "\(object.tag) twice")
                }
            }
        }
        func exponent(_ tag: TLV.Tag) -> Int { objects[tag] == [3] ? 3 : 65537 }
        let issuer = try TestAuthority.publicKey(of: scheme).recover(try #require(objects[0x90]))
        let issuerKey = try RSAPublicKey(
            modulus: Array((Array(issuer[15..<issuer.count - 21]) + (objects[0x92] ?? [])).prefix(Int(issuer[13]))),
            exponent: exponent(0x9F32))
        let holder = try issuerKey.recover(try #require(objects[0x9F46]))
        return try RSAPublicKey(
            modulus: Array((Array(holder[21..<holder.count - 21]) + (objects[0x9F48] ?? [])).prefix(Int(holder[19]))),
            exponent: exponent(0x9F47))
    }
}
