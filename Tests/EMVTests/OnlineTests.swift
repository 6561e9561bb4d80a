import EMV
import Payments
import Testing
import Wire

@Suite struct OnlineTests {
    static let request: [ContactCase] = [
        ContactCase(
            "Book 3, 10.9", "the request carries the list of field 55 for a sale, in order", verdict: .approvedOnline,
            also: .init { run, _ in
                let tags = try TLV.parse(try required(run.requests.first).chipData).map(\.tag.description).joined(
                    separator: " ")
                #expect(
                    tags == "9F26 9F27 9F10 9F37 9F36 95 9A 9C 9F02 5F2A 82 9F1A 9F03 9F33 9F34 9F35 9F1E 84 9F09 9F41")
                #expect(run.requests.count == 1)
            }),
        ContactCase(
            "Book 3, 10.9", "the request carries the card as it was read", verdict: .approvedOnline,
            also: .init { run, _ in
                let card = try required(run.requests.first).card
                #expect(card.pan.digits == "6225880212345678901")
                #expect(card.expiry?.description == "3012")
                #expect(card.sequenceNumber == 1)
                #expect(card.track2?.serviceCode == "201")
            }),
        ContactCase(
            "Book 3, 10.9", "the cryptogram of the request is the first one", verdict: .approvedOnline,
            also: .init { run, _ in
                let data = try required(run.requests.first).chipData
                #expect(try TLV.find(.cryptogram, in: data).map { Hex.encode($0.value) } == "C0DE000405060708")
                #expect(try TLV.find(.cryptogramInformation, in: data).map { Hex.encode($0.value) } == "80")
            }),
        ContactCase(
            "Book 4, 12.1", "the card's product identification goes along where the card has one",
            verdict: .approvedOnline,
            also: .init { run, _ in
                let data = try required(run.requests.first).chipData
                #expect(try TLV.find(.productIdentification, in: data)?.value.count == 16)
            }
        ) { $0.card.records[0].objects.append(TLV(.productIdentification, [UInt8](repeating: 7, count: 16))) },
        ContactCase(
            "Book 3, 10.9", "what a reversal needs is there with the first cryptogram",
            verdict: .approvedOnline,
            also: .init { run, _ in
                let reversal = try TLV.parse(run.kernel.reversalData).map(\.tag.description).joined(separator: " ")
                #expect(reversal == "95 9F1E 9F10 9F36")
            }),
    ]

    /// What becomes of the issuer's authentication data.
    static func authentication(
        _ what: String, _ chipData: String, byCommand: Bool = true, status: UInt16 = 0x9000, sent: Bool, tsi: String,
        tvr: String = "0000048000",
        last: String? = nil
    ) -> ContactCase {
        ContactCase(
            "Book 3, 10.9", what, verdict: .approvedOnline, tvr: tvr, tsi: tsi,
            also: .init { run, _ in
                #expect(run.instructions.contains("82") == sent)
                if let last { #expect(run.card.log.last.map { Hex.encode($0.data) } == last) }
            }
        ) {
            $0.reply = OnlineReply(approved: true, code: "00", chipData: try Hex.decode(chipData))
            $0.card.set(.cdol2, [0x91, 0x0A, 0x8A, 0x02])
            $0.card.authenticates(by: .cda)
            if byCommand { $0.card.aip |= AIP.issuerAuthentication.rawValue }
            try $0.answer(0x82, 0, "", status: status)
        }
    }

    static let issuer: [ContactCase] = [
        authentication(
            "EXTERNAL AUTHENTICATE, and the card agrees", "910A0102030405060708 3030", sent: true, tsi: "F800",
            last: "01020304050607083030" + "3030"),
        authentication(
            "EXTERNAL AUTHENTICATE, and the card does not", "910A0102030405060708 3030", status: 0x6300, sent: true,
            tsi: "F800", tvr: "0000048040"),
        authentication(
            "EXTERNAL AUTHENTICATE, and the card refuses a second one", "910A0102030405060708 3030", status: 0x6985,
            sent: true, tsi: "F800", tvr: "0000048040"),
        authentication(
            "a card that takes it with CDOL2 gets it there, without a bit", "910A0102030405060708 3030",
            byCommand: false, sent: false, tsi: "E800", last: "01020304050607083030" + "3030"),
        authentication(
            "no data of the issuer: no EXTERNAL AUTHENTICATE, nothing is noted", "", sent: false, tsi: "E800",
            last: "000000000000000000003030"),
        authentication("seven bytes are no authentication data", "910701020304050607", sent: false, tsi: "E800"),
        authentication(
            "seventeen bytes are no authentication data", "9111" + String(repeating: "01", count: 17), sent: false,
            tsi: "E800"),
        authentication("eight bytes are", "91080102030405060708", sent: true, tsi: "F800"),
        authentication("sixteen bytes are", "9110" + String(repeating: "01", count: 16), sent: true, tsi: "F800"),
        authentication("a reply that is no data object counts as empty", "9F3602", sent: false, tsi: "E800"),
        ContactCase(
            "Book 3, 10.9", "issuer authentication that fails counts where action codes ask for it: the card decides",
            verdict: .declinedByCard, tvr: "0000048040"
        ) {
            $0.reply = OnlineReply(approved: true, code: "00", chipData: try Hex.decode("910A01020304050607083030"))
            $0.card.aip |= AIP.issuerAuthentication.rawValue
            try $0.answer(0x82, 0, "", status: 0x6300)
            $0.card.finalType = .aac
        },
        ContactCase(
            "Book 3, 10.9", "the authorization code reaches a card that asks for it", verdict: .approvedOnline,
            also: .init { run, _ in
                #expect(run.card.log.last?.data.elementsEqual("A1B2C3".utf8) == true)
            }
        ) {
            $0.reply = OnlineReply(approved: true, code: "00", chipData: [], authorizationCode: "A1B2C3")
            $0.card.set(.cdol2, [0x89, 0x06])
        },
    ]

    @Test(arguments: request)
    func `The request to the issuer`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: issuer)
    func `Issuer authentication data`(_ row: ContactCase) throws { try row.check() }
}
