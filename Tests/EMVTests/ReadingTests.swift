import EMV
import Payments
import Testing
import Wire

@Suite struct ReadingTests {
    static let records: [ContactCase] = [
        ContactCase(
            "Book 3, 10.2", "every record of the locator is read, file by file", verdict: .approvedOnline,
            sends: "A8 B2 B2 B2 B2 B2"),
        ContactCase("Book 3, 10.2", "6A83 to a record of the locator ends", failure: .badStatus) {
            try $0.answer(0xB2, 3, "", status: 0x6A83)
        },
        ContactCase("Book 3, 10.2", "a warning to a record of the locator ends", failure: .badStatus) {
            try $0.answer(0xB2, 3, "", status: 0x6283)
        },
        template("nothing", ""), template("a tag alone", "70"), template("a template cut short", "7003"),
        template("another template", "6F00"), template("an object cut short inside", "700157"),
        template("two templates", "70007000"), template("objects without a template", "5A0862258802"),
        template("an object longer than its record", "70045A0862"),
        ContactCase(
            "Book 3, 10.3",
            "a record of files 11 to 30 that is to be authenticated and no template 70 fails data authentication alone",
            verdict: .approvedOnline, tvr: "0400048000"
        ) { _ in
        } spoil: {
            $0.card.records.append(
                TestCard.Record(sfi: 11, number: 1, isAuthenticated: true, objects: [], raw: [0x01, 0x02]))
        },
        ContactCase(
            "Book 3, 10.2", "a record of files 11 to 30 that is not to be authenticated is the issuer's own",
            verdict: .approvedOnline, tvr: "0000048000"
        ) { _ in
        } spoil: {
            $0.card.records.append(TestCard.Record(sfi: 11, number: 1, objects: [], raw: [0x01, 0x02]))
        },
        ContactCase(
            "Book 3, 7.5", "a locator of more records than a transaction may take ends", failure: .tooManyCommands
        ) {
            let locator = (1...30).flatMap { (file: Int) -> [UInt8] in [UInt8(file << 3), 0x01, 0xFF, 0x00] }
            let answer = Response(TLV(.responseFormat1, [0x00, 0x00] + locator).encoded)
            $0.card.overrides[0xA8] = { _, _ in answer }
            $0.card.overrides[0xB2] = { count, _ in count > 1 ? Response([0x70, 0x02, 0x00, 0x00]) : nil }
        },
        ContactCase("Book 3, Annex B1", "bytes 00 between objects are padding", verdict: .approvedOnline) {
            $0.card.records[0].raw = [0x70, 0x08, 0x00, 0x00, 0x9F, 0x49, 0x03, 0x9F, 0x37, 0x04]
        },
    ]

    static let objects: [ContactCase] = [
        mandatory(.pan), mandatory(.expirationDate), mandatory(.cdol1), mandatory(.cdol2),
        mandatory(.pan, ""), mandatory(.cdol1, ""),
        form(.pan, "62258802AB", "an account number with letters", "Book 3, 7.2"),
        form(.pan, "622588021234567890123456", "an account number of 24 digits", "Book 3, 10.2"),
        form(.expirationDate, "301331", "an expiry in month 13", "Book 3, 7.2"),
        form(.expirationDate, "3012", "an expiry of two bytes", "Book 3, 10.2"),
        form(.expirationDate, "30123A", "an expiry with a letter", "Book 3, 7.2"),
        form(.effectiveDate, "200100", "an effective date on day 0", "Book 3, 10.4.3"),
        form(.cvmList, "00", "a CVM list of one byte", "Book 3, 10.5"),
        form(.cvmList, "000000000000000042", "a CVM list with half a rule", "Book 3, 10.5"),
        form(.iacDenial, "00", "an action code of one byte", "Book 3, 10.2"),
        form(.track2, "6225880212345678902D3012201F", "a track 2 of another account", "Book 3, 7.2"),
        form(.track2, "FF", "a track 2 without a number", "Book 3, 7.2"),
        form(.cdol1, "9F02", "a CDOL1 cut short", "Book 3, 10.8"),
        form(.cdol1, "9F02FF9F0201", "a CDOL1 that asks for too much", "Book 3, 6.5.5"),
        form(.cdol2, "9F", "a CDOL2 cut short", "Book 3, 10.11"),
        form(.issuerCountry, "56", "a country of one byte", "Book 3, 10.2"),
        form(.usageControl, "FF", "a usage control of one byte", "Book 3, 10.2"),
        form(.lowerOfflineLimit, "0001", "an offline limit of two bytes", "Book 3, 10.2"),
        ContactCase("Book 3, 10.2", "an object that occurs in two records ends", failure: .badData) { _ in
        } spoil: {
            $0.card.records[0].objects.append(TLV(.panSequenceNumber, [0x01]))
        },
        ContactCase("Book 3, 10.2", "an object that occurs twice in one record ends", failure: .badData) {
            $0.card.records[0].objects.append(TLV(.ddol, [0x9F, 0x37, 0x04]))
        },
        ContactCase("Book 3, 10.2", "objects that nobody knows are passed over, twice too", verdict: .approvedOnline) {
            $0.card.records[0].objects += [TLV(0xDF11, [1]), TLV(0x9F7F, [2])]
        },
        ContactCase("Book 3, 10.2", "a constructed object of a record is not looked into", verdict: .approvedOnline) {
            $0.card.records[0].objects.append(TLV(0xBF0C, TLV(.pan, [0x11, 0x11]).encoded))
        },
        ContactCase(
            "Book 3, 7.2", "the terminal's own objects cannot be set by the card", verdict: .approvedOnline,
            also: .init { run, _ in
                let data = try required(run.requests.first?.chipData)
                #expect(try TLV.find(.amount, in: data)?.value.elementsEqual([0, 0, 0, 0, 0x88, 0x80]) == true)
                #expect(try TLV.find(.tvr, in: data)?.value.elementsEqual([0, 0, 4, 0x80, 0]) == true)
            }
        ) {
            $0.card.records[0].objects += [TLV(.tvr, [0, 0, 0, 0, 0]), TLV(.amount, [0, 0, 0, 0, 0, 1])]
        },
        ContactCase(
            "Book 3, 7.2", "what SELECT and GENERATE AC answer cannot be set by a record", verdict: .approvedOnline,
            also: .init { run, _ in
                let data = try required(run.requests.first?.chipData)
                #expect(try TLV.find(.cryptogram, in: data)?.value.first == 0xC0)
                #expect(run.kernel.languages == ["zh", "en"])
            }
        ) {
            $0.card.records[0].objects += [
                TLV(.cryptogram, [1, 1, 1, 1, 1, 1, 1, 1]), TLV(.languagePreference, Array("xx".utf8)),
            ]
        },
        ContactCase(
            "Book 3, 4.3", "a payment system's own object of an unexpected length is left out", verdict: .approvedOnline
        ) {
            $0.card.records[0].objects.append(TLV(.productIdentification, [1]))
        },
    ]

    static func template(_ how: String, _ hex: String) -> ContactCase {
        ContactCase("Book 3, 6.5.11.4", "a record of files 1 to 10 must be one template 70: \(how)", failure: .badData)
        {
            $0.card.records[0].raw = try Hex.decode(hex)
        }
    }

    static func mandatory(_ tag: TLV.Tag, _ hex: String? = nil) -> ContactCase {
        let how = hex == nil ? "missing" : "empty"
        return ContactCase(
            "Book 3, 7.2", "\(tag) is mandatory: \(how)", failure: .badData,
            also: .init { _, end in #expect(end.failure?.detail == "\(tag) is missing") }
        ) { try $0.set(tag, hex) }
    }

    static func form(_ tag: TLV.Tag, _ hex: String, _ how: String, _ clause: String) -> ContactCase {
        ContactCase(clause, "an object of a wrong form ends: \(how)", failure: .badData) {
            $0.card.authenticates(by: [])
            try $0.set(tag, hex)
        }
    }

    @Test(arguments: records)
    func `Records of the file locator`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: objects)
    func `Data objects of the records`(_ row: ContactCase) throws { try row.check() }
}
