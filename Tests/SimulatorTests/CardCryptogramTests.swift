import Payments
import SimulatedCards
import Testing
import Wire

/// Cryptograms, ARPC and script MACs of the cards against values computed with pyemv 1.5.0.
struct CardCryptogramTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let card: String
        let application: Int
        let arqc: String
        let arpc: String
        let tc: String
        let scriptMAC: String
        var testDescription: String { card }
    }

    static let vectors = [
        Vector(
            card: "unionpay-debit", application: 0, arqc: "945C994F691D9FD9", arpc: "B166E1F6EE5977DA",
            tc: "2C44CA32EF7E4905", scriptMAC: "B3B443C1"),
        Vector(
            card: "unionpay-credit", application: 0, arqc: "0B11DC371AAF7124", arpc: "1C709D5FC514E747",
            tc: "65F12941F85A1C72", scriptMAC: "B91844E8"),
        Vector(
            card: "static", application: 0, arqc: "FBFACF1CBB4829B2", arpc: "4C1A5E51835A9BBC",
            tc: "50B8A5459994CC1D", scriptMAC: "48582BB1"),
        Vector(
            card: "several-applications", application: 1, arqc: "244A7FA1F610E064", arpc: "F9E0A4443F96A2B7",
            tc: "F7C11F2F1E74966F", scriptMAC: "1EFC50A5"),
    ]

    @Test(arguments: vectors)
    func cardAndIssuerAgreeWithAnIndependentImplementation(_ vector: Vector) throws {
        let profile = try #require(CardLibrary.card(named: vector.card))
        let application = profile.applications[vector.application]
        var hand = try CardInHand(profile)
        try hand.open(vector.application)
        let first = try CardInHand.Cryptogram(try hand.generate(0x80).data)
        #expect(first.information == 0x80)
        #expect(first.counter == [0, 1])
        #expect(Hex.encode(first.value) == vector.arqc)

        let pan = try #require(PAN(application.account.number))
        let profileBytes = try interchangeProfile(application)
        let check = CardIssuer().check(
            chipData: CardInHand.chipData(first, profile: profileBytes), pan: pan,
            sequenceNumber: application.account.sequenceNumber)
        guard case .genuine(let cryptogram) = check else { throw TestFailure("\(check)") }
        #expect(cryptogram.type == .arqc)
        #expect(cryptogram.account == application.account)
        let authentication = try cryptogram.issuerAuthenticationData(responseCode: "00")
        #expect(Hex.encode(authentication.value) == vector.arpc + "3030")
        let script = try cryptogram.script([.setUpperOfflineLimit(9)])
        let command = try #require(try TLV.find(0x86, in: script.encoded))
        #expect(Hex.encode(command.value) == "04DA9F590509" + vector.scriptMAC)

        var prefix = Array("00".utf8)
        switch application.issuerAuthentication {
        case .externalAuthenticate:
            #expect(try hand.send([0x00, 0x82, 0x00, 0x00, 0x0A] + authentication.value).status == "9000")
        case .secondCryptogram: prefix = authentication.value + prefix
        }
        let second = try CardInHand.Cryptogram(try hand.generate(0x40, prefix: prefix).data)
        #expect(second.information == 0x40)
        #expect(Hex.encode(second.value) == vector.tc)
        #expect(try hand.send(Array(command.value)).status == "9000")
        #expect(try hand.send("80CA9F5900").data == [0x9F, 0x59, 0x01, 9])
        #expect(try hand.send("80CA9F1300").data == [0x9F, 0x13, 0x02, 0, 1])
    }

    @Test func everyChangedObjectMakesTheCryptogramWrong() throws {
        var hand = try CardInHand(CardLibrary.unionPayDebit)
        try hand.open()
        let answer = try CardInHand.Cryptogram(try hand.generate(0x80).data)
        let good = CardInHand.chipData(answer, profile: [0x7C, 0x00])
        let pan = try #require(PAN("6200000000000013"))
        let objects = try TLV.parse(good)
        for index in objects.indices where objects[index].tag != 0x9F33 && objects[index].tag != 0x9F27 {
            var changed = objects
            var value = Array(objects[index].value)
            value[value.count / 2] ^= 0x01
            changed[index] = TLV(objects[index].tag, value)
            switch CardIssuer().check(chipData: TLV.encode(changed), pan: pan, sequenceNumber: 1) {
            case .wrong: break
            case .genuine where objects[index].tag == 0x9F10 && value.count / 2 > 6: break
            case let other: Issue.record("\(objects[index].tag): \(other)")
            }
            var missing = objects
            missing.remove(at: index)
            guard case .malformed = CardIssuer().check(chipData: TLV.encode(missing), pan: pan, sequenceNumber: 1)
            else {
                Issue.record("\(objects[index].tag) missing")
                continue
            }
        }
        guard case .unknownCard = CardIssuer().check(chipData: good, pan: pan, sequenceNumber: 2),
            let stranger = PAN("6200000000009999"),
            case .unknownCard = CardIssuer().check(chipData: good, pan: stranger, sequenceNumber: 1)
        else {
            Issue.record("a card nobody issued")
            return
        }
    }

    /// The profile that GET PROCESSING OPTIONS tells.
    private func interchangeProfile(_ application: ApplicationProfile) throws -> [UInt8] {
        switch application.authentication {
        case .sda: [0x5C, 0x00]
        case .cda: [0x79, 0x00]
        default: [0x7C, 0x00]
        }
    }
}
