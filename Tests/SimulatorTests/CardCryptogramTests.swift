import Payments
import SimulatedCards
import Testing
import Wire

/// Cryptograms, issuer's answers and scripts of the cards against values computed with pyemv 1.5.0.
struct CardCryptogramTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let card: String
        let application: Int
        let arqc: String
        /// Object 91.
        let response: String
        let tc: String
        /// PUT DATA of 9F59.
        let script: String
        /// PIN CHANGE to 4321.
        let pinChange: String
        var testDescription: String { card }
    }

    /// Each made by pyemv alone from issuer keys, account number and the sale of `CardInHand.sale`: kd.derive_icc_mk_a and _b,
    /// derive_common_sk, derive_visa_sm_sk; ac.generate_ac, generate_arpc_1 and _2; sm.generate_command_mac,
    /// format_iso9564_2_pin_block and encrypt_command_data (EMV). PBOC's session key, which it does not know, is the counter
    /// and its complement enciphered with its encrypt_tdes_ecb.
    static let vectors = [
        Vector(
            card: "unionpay-debit", application: 0, arqc: "945C994F691D9FD9", response: "B166E1F6EE5977DA3030",
            tc: "2C44CA32EF7E4905",
            script: "04DA9F590509B3B443C1", pinChange: "8424000214B0BAD57F27A9E6DBFF2D399E02DCD5BAC0A3B20A"),
        Vector(
            card: "unionpay-credit", application: 0, arqc: "0B11DC371AAF7124", response: "1C709D5FC514E7473030",
            tc: "65F12941F85A1C72",
            script: "04DA9F590509B91844E8", pinChange: "842400021467E85EAF8756E6D4D4D629FCDA01DCC10D1934BB"),
        Vector(
            card: "static", application: 0, arqc: "FBFACF1CBB4829B2", response: "4C1A5E51835A9BBC3030",
            tc: "50B8A5459994CC1D",
            script: "04DA9F59050948582BB1", pinChange: "8424000214F261F2C3A0E9B5B714FC4678717B317B2283CE11"),
        Vector(
            card: "several-applications", application: 1, arqc: "244A7FA1F610E064", response: "F9E0A4443F96A2B73030",
            tc: "F7C11F2F1E74966F",
            script: "04DA9F5905091EFC50A5", pinChange: "8424000214780DD52990695C130B741763081CF524510E87F0"),
        Vector(
            card: "visa", application: 0, arqc: "3AD1384CDFFE0D21", response: "84AEE406A0EF056E3030",
            tc: "F57F52D095352129",
            script: "04DA9F59050975390B23", pinChange: "8424000214B594B74B7E99A55FAA4B1A1D3DD4D8BBF9A30F52"),
        Vector(
            card: "visa-18", application: 0, arqc: "DCE04CDB8E7B07A2", response: "C06FFB2100800000",
            tc: "DDCF896B51287EFC",
            script: "04DA9F5905091602F5ED", pinChange: "8424000214BAB13F7665A2429BA31608C530CB18591B766EF7"),
        Vector(
            card: "mastercard", application: 0, arqc: "1A1505157BBB47CD", response: "7D7D0428047660E43030",
            tc: "7B66068CCD6E1EDA",
            script: "04DA9F590509E4E7A61E", pinChange: "84240002144891630D5934C571C90F17CB29BFB12C4BF4AE2B"),
        Vector(
            card: "jcb", application: 0, arqc: "72E9CD90F7F8BD54", response: "0D4D4CB4AD00BF023030",
            tc: "C2B04DF38EC76204",
            script: "04DA9F5905096C5025E0", pinChange: "84240002142890278D307C7EE1A4825DD30A85358AF29AC193"),
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
        #expect(Hex.encode(authentication.value) == vector.response)
        let script = try cryptogram.script([.setUpperOfflineLimit(9), .changePIN("4321")])
        let commands = try script.children().filter { $0.tag == 0x86 }.map { Hex.encode($0.value) }
        #expect(commands == [vector.script, vector.pinChange])

        var prefix = Array("00".utf8)
        switch application.issuerAuthentication {
        case .externalAuthenticate:
            let command = [0x00, 0x82, 0x00, 0x00, UInt8(authentication.value.count)] + authentication.value
            #expect(try hand.send(command).status == "9000")
        case .secondCryptogram: prefix = authentication.value + prefix
        }
        let second = try CardInHand.Cryptogram(try hand.generate(0x40, prefix: prefix).data)
        #expect(second.information == 0x40)
        #expect(Hex.encode(second.value) == vector.tc)
        for command in commands { #expect(try hand.send(command).status == "9000") }
        #expect(try hand.send("80CA9F5900").data == [0x9F, 0x59, 0x01, 9])
        #expect(try hand.send("80CA9F1300").data == [0x9F, 0x13, 0x02, 0, 1])
        #expect(try hand.send("00200080 08 244321FFFFFFFFFF").status == "9000")
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
        case .cda: [application.issuerAuthentication == .externalAuthenticate ? 0x7D : 0x79, 0x00]
        default: [0x7C, 0x00]
        }
    }
}
