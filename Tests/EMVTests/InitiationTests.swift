import EMV
import Payments
import Testing
import Wire

@Suite struct InitiationTests {
    static let cases: [ContactCase] = [
        ContactCase(
            "Book 3, 10.1", "without a PDOL the command's template is empty", verdict: .approvedOnline,
            also: .init { run, _ in #expect(options(run) == "8300") }),
        ContactCase(
            "Book 3, 10.1", "the PDOL's values go out in order, unknown ones as zeros", verdict: .approvedOnline,
            also: .init { run, _ in #expect(options(run) == "8309" + "000000008880" + "0156" + "00") }
        ) { $0.card.pdol = [0x9F, 0x02, 0x06, 0x9F, 0x1A, 0x02, 0xDF, 0x69, 0x01] },
        ContactCase(
            "Book 3, 5.4", "a PDOL may ask for the card's own name of the terminal's application",
            verdict: .approvedOnline,
            also: .init { run, _ in #expect(options(run) == "8308" + "A000000333010100") }
        ) { $0.card.pdol = [0x9F, 0x06, 0x08] },
        ContactCase("Book 3, 10.1", "a PDOL that is no list ends", failure: .badData) { $0.card.pdol = [0x9F, 0x02] },
        ContactCase("Book 3, 10.1", "a PDOL that asks for more than a command holds ends", failure: .badData) {
            $0.card.pdol = [0x9F, 0x02, 0xFF]
        },
        ContactCase("Book 3, 6.5.8.4", "format 1: profile and locator one after the other", verdict: .approvedOnline) {
            $0.card.usesFormat1 = true
        },
        ContactCase("Book 3, 6.5.8.4", "format 2: profile and locator as objects", verdict: .approvedOnline),
        ContactCase(
            "Book 3, 6.5.8.4", "format 2: objects that the terminal does not know are passed over",
            verdict: .approvedOnline,
            sends: "A8 B2"
        ) {
            let locator: [UInt8] = [0x08, 1, 2, 0, 0x10, 2, 4, 0]
            let objects = [
                TLV(0xDF11, [1]), TLV(.aip, [0x18, 0x00]), TLV(.afl, locator), TLV(0xBF0C, [0x9F, 0x0A, 0x00]),
            ]
            let answer = Response(TLV(.responseFormat2, TLV.encode(objects)).encoded)
            $0.card.aip = 0x1800
            $0.card.overrides[0xA8] = { _, _ in answer }
        },
        ContactCase(
            "Book 3, 6.5.8.5", "6985 takes the application off the list", failure: .noApplication, place: "Book 1, 12.4"
        ) {
            $0.card.overrides[0xA8] = { _, _ in Response([], .conditionsNotSatisfied) }
        },
        refused("6700", 0x6700), refused("6A82", 0x6A82), refused("a warning", 0x6283), refused("6300", 0x6300),
        wrong("nothing", ""), wrong("a tag alone", "80"), wrong("an empty format 1", "8000"),
        wrong("format 1 with one byte", "80017D"), wrong("a format 2 cut short", "77"),
        wrong("format 2 without a locator", "770482027D00"), wrong("format 2 without a profile", "7706940408010100"),
        wrong("format 2 with a profile of one byte", "770982017D940408010100"),
        wrong("format 2 with two profiles", "770E82027D0082027D00940408010100"),
        wrong("another template", "9F3600"), wrong("two templates", "80067D0008010100" + "80067D0008010100"),
        wrong("format 2 with an object cut short", "770694040801010077"),
        wrong("format 1 without a locator", "80027D00"), locator("three bytes", "80057D00080101"),
        locator("five bytes", "80077D000801010100"),
        locator("record 0", "80067D0008000100"), locator("the last record before the first", "80067D0008020100"),
        locator("more records to be authenticated than there are", "80067D0008010102"),
        locator("file 0", "80067D0000010100"), locator("file 31", "80067D00F8010100"),
        locator("bits behind the file's number", "80067D0009010100"),
    ]

    static func options(_ run: Run) -> String? {
        run.card.log.first { $0.ins == 0xA8 }.map { Hex.encode($0.data) }
    }

    static func refused(_ name: String, _ status: UInt16) -> ContactCase {
        ContactCase("Book 3, 10.1", "\(name) to GET PROCESSING OPTIONS ends", failure: .badStatus) {
            try $0.answer(0xA8, 0, "", status: status)
        }
    }

    static func wrong(_ how: String, _ hex: String) -> ContactCase {
        ContactCase("Book 3, 6.5.8.4", "processing options of a wrong form end: \(how)", failure: .badData) {
            try $0.answer(0xA8, 0, hex)
        }
    }

    static func locator(_ how: String, _ hex: String) -> ContactCase {
        ContactCase("Book 3, 10.2", "a wrong file locator ends: \(how)", failure: .badData, avoids: "A8 B2") {
            try $0.answer(0xA8, 0, hex)
        }
    }

    @Test(arguments: cases)
    func `Processing options and file locators`(_ row: ContactCase) throws { try row.check() }
}
