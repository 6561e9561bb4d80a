import EMV
import Payments
import Testing
import Wire

@Suite struct ScriptTests {
    static let first = "9F180400000001" + "860D" + "8424000008" + "0102030405060708"
    static let second = "8605" + "80CA9F3600"

    /// Scripts, what the card answers to their commands, and the results for the acquirer.
    static func scripts(
        _ what: String, _ chipData: String, _ statuses: [UInt16], results: String, byte5: String = "00",
        approved: Bool = true,
        sends: String? = nil
    ) -> ContactCase {
        let verdict: KernelOutcome.Verdict = approved ? .approvedOnline : .declinedOnline
        return ContactCase(
            "Book 3, 10.10", what, verdict: verdict, tvr: "........\(byte5)", tsi: "EC00", sends: sends,
            also: .init { run, end in
                let completion = try required(end.completion)
                #expect(completion.result.scriptResults == results)
                #expect(
                    run.card.log.filter { $0.ins == 0x24 || $0.ins == 0xCA || $0.ins == 0xA4 && $0.p1 == 0x00 }.count
                        == statuses.count)
                let notice = try TLV.parse(try required(completion.scriptNotice)).map(\.tag.description)
                #expect(notice.joined(separator: " ") == "9F33 95 9F37 9F1E 9F10 9F26 9F36 82 DF31 9F1A 9A")
                let reversal = try TLV.parse(completion.reversalData).map(\.tag.description)
                #expect(reversal.joined(separator: " ") == "95 9F1E 9F10 9F36 DF31")
            }
        ) {
            $0.reply = OnlineReply(approved: approved, code: approved ? "00" : "05", chipData: try Hex.decode(chipData))
            $0.card.scriptStatuses = statuses.map { StatusWord(rawValue: $0) }
        }
    }

    static let cases: [ContactCase] = [
        scripts(
            "a script 71 runs before the second GENERATE AC", "7116" + first, [0x9000], results: "2000000001",
            sends: "AE 24 AE"),
        scripts(
            "a script 72 runs after the second GENERATE AC", "7216" + first, [0x9000], results: "2000000001",
            sends: "AE AE 24"),
        scripts(
            "commands run one after the other", "711D" + first + second, [0x9000, 0x9000], results: "2000000001",
            sends: "24 CA AE"),
        scripts(
            "a command that fails ends its script: the second", "711D" + first + second, [0x9000, 0x6985],
            results: "1200000001", byte5: "20"),
        scripts(
            "a command that fails ends its script: the first", "711D" + first + second, [0x6A80], results: "1100000001",
            byte5: "20"),
        scripts(
            "a script 72 that fails has a bit of its own", "7216" + first, [0x6985], results: "1100000001", byte5: "10"),
        scripts(
            "warnings 62 and 63 do not end a script", "711D" + first + second, [0x6283, 0x6300], results: "2000000001"),
        scripts("a script without an identifier is told with zeros", "7107" + second, [0x9000], results: "2000000000"),
        scripts(
            "a script that fails does not end the next one", "7116" + first + "7107" + second, [0x6985, 0x9000],
            results: "1100000001" + "2000000000", byte5: "20"),
        scripts(
            "two scripts, 71 and 72, each at its time", "7116" + first + "7207" + second, [0x9000, 0x9000],
            results: "2000000001" + "2000000000", sends: "24 AE CA"),
        scripts(
            "both fail: both bits", "7116" + first + "7207" + second, [0x6985, 0x6985],
            results: "1100000001" + "1100000000", byte5: "30"),
        scripts(
            "a script that cannot be read fails, its command unknown", "710386FF00", [], results: "1000000000",
            byte5: "20"),
        scripts("a command that is none fails", "7105860300A404", [], results: "1100000000", byte5: "20"),
        scripts(
            "a command may be a header and an expected length", "7107860500A4000000", [0x9000], results: "2000000000"),
        scripts("an empty script is done", "7107" + "9F180400000009", [], results: "2000000009"),
        scripts(
            "an identifier of three bytes counts as none", "710D" + "9F1803000001" + second, [0x9000],
            results: "2000000000"),
        scripts(
            "objects of a script that nobody knows are passed over", "710A" + "DF0101AA" + "8604" + "80CA9F36",
            [0x9000], results: "2000000000"),
        scripts(
            "the fifteenth command and those behind it are told as 15",
            "7160" + String(repeating: "860480CA9F36", count: 16),
            [UInt16](repeating: 0x9000, count: 15) + [0x6985], results: "1F00000000", byte5: "20"),
        scripts(
            "an issuer that declines may send scripts too", "7216" + first, [0x9000], results: "2000000001",
            approved: false, sends: "AE AE 24"),
        ContactCase(
            "Book 3, 10.10", "a reply without scripts leaves no results and no bit", verdict: .approvedOnline,
            tvr: "........00", tsi: "E800",
            also: .init { _, end in
                #expect(end.completion?.scriptNotice == nil)
                #expect(end.completion?.result.scriptResults == "")
            }),
        ContactCase(
            "Book 3, 10.10", "without an answer of the issuer there are no scripts", verdict: .declinedOffline,
            tsi: "E800"
        ) { $0.reply = nil },
        ContactCase(
            "Book 4, Annex A5", "a card that leaves in a script: that one failed, the others were not performed",
            verdict: .approvedOnline,
            also: .init { _, end in
                #expect(end.completion?.result.scriptResults == "1100000001" + "0000000000")
            }
        ) {
            $0.reply = OnlineReply(
                approved: true, code: "00", chipData: try Hex.decode("7216" + first + "7207" + second))
            $0.removesAt = 13
        },
    ]

    @Test(arguments: cases)
    func `Issuer scripts`(_ row: ContactCase) throws { try row.check() }
}
