import EMV
import Payments
import Testing
import Wire

@Suite struct TransportTests {
    struct CommandCase: CoveredCase {
        let clause: String
        let requirement: String
        let hex: String
        var isCommand = true
    }

    static let commands = [
        CommandCase(clause: "Book 3, 6.3.2", requirement: "case 1: a header alone", hex: "00A40400"),
        CommandCase(clause: "Book 3, 6.3.2", requirement: "case 2: a header and an expected length", hex: "00B2010C00"),
        CommandCase(clause: "Book 3, 6.3.2", requirement: "case 3: a header and data", hex: "00A4040007A0000003330101"),
        CommandCase(
            clause: "Book 3, 6.3.2", requirement: "case 4: a header, data and an expected length",
            hex: "80A80000028300" + "00"),
        CommandCase(
            clause: "Book 3, 6.3.2", requirement: "fewer than four bytes are no command", hex: "00A404",
            isCommand: false),
        CommandCase(clause: "Book 3, 6.3.2", requirement: "nothing is no command", hex: "", isCommand: false),
        CommandCase(
            clause: "Book 3, 6.3.2", requirement: "fewer data than the length says are no command",
            hex: "00A40400031122",
            isCommand: false),
        CommandCase(
            clause: "Book 3, 6.3.2", requirement: "bytes behind the expected length are no command",
            hex: "00A4040003112233" + "0011", isCommand: false),
        CommandCase(
            clause: "Book 3, 6.3.2", requirement: "an extended length field is refused", hex: "00A40400000003112233",
            isCommand: false),
    ]

    @Test(arguments: commands)
    func `A command reads and writes back`(_ row: CommandCase) throws {
        let command = CommandAPDU(bytes: try Hex.decode(row.hex))
        #expect(command.map { Hex.encode($0.bytes) } == (row.isCommand ? row.hex : nil))
    }

    struct HeaderCase: CoveredCase {
        let clause: String
        let requirement: String
        let command: CommandAPDU?
        let hex: String?
    }

    static let headers = [
        HeaderCase(
            clause: "Book 1, 11.3.2", requirement: "SELECT by name, first occurrence",
            command: .select([0xA0, 1, 2, 3, 4]),
            hex: "00A4040005A00102030400"),
        HeaderCase(
            clause: "Book 1, 11.3.2", requirement: "SELECT by name, next occurrence",
            command: .select([0xA0, 1, 2, 3, 4], next: true), hex: "00A4040205A00102030400"),
        HeaderCase(
            clause: "Book 3, 6.5.11.2", requirement: "READ RECORD names file and record",
            command: .readRecord(3, sfi: 2),
            hex: "00B2031400"),
        HeaderCase(
            clause: "Book 3, 6.5.8.2", requirement: "GET PROCESSING OPTIONS with an empty template 83",
            command: .getProcessingOptions([]), hex: "80A8000002830000"),
        HeaderCase(
            clause: "Book 3, 6.5.8.2", requirement: "GET PROCESSING OPTIONS has no room for 254 bytes of values",
            command: .getProcessingOptions([UInt8](repeating: 0, count: 254)), hex: nil),
        HeaderCase(
            clause: "Book 3, 6.5.7.2", requirement: "GET DATA carries the tag in its parameters",
            command: .getData(.atc),
            hex: "80CA9F3600"),
        HeaderCase(
            clause: "Book 3, 6.5.5.2", requirement: "GENERATE AC for a request, signed",
            command: .generateAC(.arqc, combined: true, [1]), hex: "80AE9000010100"),
        HeaderCase(
            clause: "Book 3, 6.5.5.2", requirement: "GENERATE AC for a certificate",
            command: .generateAC(.tc, combined: false, [1]),
            hex: "80AE4000010100"),
        HeaderCase(
            clause: "Book 3, 6.5.5.2", requirement: "GENERATE AC for a refusal",
            command: .generateAC(.aac, combined: false, [1]),
            hex: "80AE0000010100"),
        HeaderCase(
            clause: "Book 3, 6.5.9.2", requirement: "INTERNAL AUTHENTICATE with the DDOL's values",
            command: .internalAuthenticate([1, 2, 3, 4]), hex: "00880000040102030400"),
        HeaderCase(
            clause: "Book 3, 6.5.9.2", requirement: "INTERNAL AUTHENTICATE has no room for 256 bytes",
            command: .internalAuthenticate([UInt8](repeating: 0, count: 256)), hex: nil),
        HeaderCase(
            clause: "Book 3, 6.5.4.2", requirement: "EXTERNAL AUTHENTICATE expects no data",
            command: .externalAuthenticate([1, 2]), hex: "00820000020102"),
        HeaderCase(
            clause: "Book 3, 6.5.6.2", requirement: "GET CHALLENGE expects the card's number", command: .getChallenge,
            hex: "0084000000"),
        HeaderCase(
            clause: "Book 3, 6.5.12.2", requirement: "VERIFY with enciphered data has 88 as its qualifier",
            command: .verify(enciphered: [1, 2]), hex: "00200088020102"),
        HeaderCase(
            clause: "Book 1, 9.3.1.3", requirement: "GET RESPONSE asks for the length that was announced",
            command: .getResponse(0x10), hex: "00C0000010"),
    ]

    @Test(arguments: headers)
    func `Commands have the standard's headers`(_ row: HeaderCase) {
        #expect(row.command.map { Hex.encode($0.bytes) } == row.hex)
    }

    static let exchanges: [ContactCase] = [
        ContactCase(
            "Book 1, 9.3.2", "under T=1 every answer comes whole and is asked for once", verdict: .approvedOnline,
            avoids: "C0"),
        ContactCase(
            "Book 1, 9.3.1", "data announced by 61xx are fetched and put together, piece by piece",
            verdict: .approvedOnline, tvr: "0000048000",
            also: .init { run, _ in
                #expect(run.transmitted > run.card.log.count)
            }
        ) {
            $0.pieces = 20
        },
        ContactCase("Book 1, 9.3.1", "an announcement of the whole answer is fetched at once", verdict: .approvedOnline)
        {
            $0.pieces = 255
        },
        ContactCase(
            "Book 1, 9.3.1", "6Cxx sends the command again with that length", verdict: .approvedOnline,
            sends: "CA CA CA",
            also: .init { run, _ in
                #expect(run.card.log.filter { $0.ins == 0xCA }.map(\.expectedLength) == [256, 5, 256])
            }
        ) {
            $0.card.set(.lowerOfflineLimit, [2])
            $0.card.set(.upperOfflineLimit, [5])
            $0.card.overrides[0xCA] = { count, command in
                count == 0 ? Response([], StatusWord(rawValue: 0x6C05)) : nil
            }
        },
        ContactCase(
            "Book 1, 9.3.1", "6Cxx twice for one command is a status like any other", failure: .badStatus,
            place: "Book 3, 10.2"
        ) {
            $0.card.overrides[0xB2] = { count, _ in count >= 2 ? Response([], StatusWord(rawValue: 0x6C05)) : nil }
        },
        ContactCase("Book 3, 7.5", "more data announced for ever, without any, ends", failure: .tooManyCommands) {
            $0.interferes = { _, _ in [0x61, 0x00] }
        },
        ContactCase(
            "Book 3, 7.5", "more data announced for ever, sixteen bytes at a time, ends", failure: .tooManyCommands
        ) {
            $0.interferes = { _, _ in [0x61, 0x10] }
        },
        ContactCase("Book 3, 6.3.3", "pieces of more than 256 bytes together end", failure: .badData) {
            $0.interferes = { _, _ in [UInt8](repeating: 0, count: 200) + [0x61, 0x00] }
        },
        ContactCase("Book 3, 6.3.3", "an extended response ends", failure: .badData) {
            $0.interferes = { _, _ in [UInt8](repeating: 0, count: 257) + [0x90, 0x00] }
        },
        ContactCase("Book 3, 6.3.3", "one byte is no response", failure: .badData) {
            $0.interferes = { _, _ in [0x90] }
        },
        ContactCase("Book 3, 6.3.3", "nothing is no response", failure: .badData) { $0.interferes = { _, _ in [] } },
        ContactCase("Book 4, 6.3", "a card that leaves the slot ends the transaction", failure: .cardRemoved) {
            $0.removesAt = 5
        },
    ]

    @Test(arguments: exchanges)
    func `Answers in pieces, too long and too short`(_ row: ContactCase) throws { try row.check() }

    @Test func `Descriptions hold no data`() {
        #expect("\(CommandAPDU.select([0xA0, 1, 2, 3, 4]))" == "00A40400 (5)")
        #expect("\(Response([1, 2, 3]))" == "(3) 9000")
    }

    @Test(arguments: [("", false), ("90", false), ("9000", true), ("019000", true)])
    func `A response has two status bytes at least`(hex: String, isResponse: Bool) throws {
        let bytes = try Hex.decode(hex)
        #expect((Response(bytes: bytes) != nil) == isResponse)
        if isResponse { #expect(Response(bytes: bytes)?.bytes == bytes) }
        #expect(Response(bytes: [UInt8](repeating: 0, count: 259)) == nil)
    }
}
