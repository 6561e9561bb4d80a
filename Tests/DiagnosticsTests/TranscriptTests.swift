import Diagnostics
import EMV
import SimulatedCards
import Testing
import Wire

/// The file of a recorded session.
@Suite struct TranscriptTests {
    private static func read(_ text: String) throws -> Transcript { try Transcript(Array(text.utf8)) }

    @Test func everyLineIsUnderstood() throws {
        let text = """
            # a session
            ATR: 3B 65 00 00 54
            # terminal: {"amount":100}

            C: 00a40400 0e 315041592e5359532e4444463031 00
            @delay 120
            R: 6A82
              C: 00A4040007A0000000031010
            R: 9000
            @remove
            C: 00B2010C00
            """
        let expected: [Transcript.Entry] = [
            .exchange(command: try Hex.decode("00A404000E315041592E5359532E444446303100"), response: [0x6A, 0x82]),
            .delay(120), .exchange(command: try Hex.decode("00A4040007A0000000031010"), response: [0x90, 0x00]),
            .removed, .exchange(command: try Hex.decode("00B2010C00"), response: nil),
        ]
        for form in [text, text.replacing("\n", with: "\r\n"), "\u{FEFF}" + text, text + "\n\n"] {
            let transcript = try Self.read(form)
            #expect(transcript.answerToReset == [0x3B, 0x65, 0x00, 0x00, 0x54])
            #expect(transcript.terminal == #"{"amount":100}"#)
            #expect(transcript.entries == expected)
        }
    }

    @Test(arguments: [
        ("X: 00", 1, "must begin with C:"), ("00A40400", 1, "must begin with"), ("\n\nC: 00A4", 3, "four bytes"),
        ("C: 00A40400\nR: 90", 2, "@remove"), ("C: 00A40400\nR: 9", 2, "odd count"),
        ("R: 9000", 1, "no command before"),
        ("C: 00A40400\nR: 9000\nR: 9000", 3, "no command before"), ("C: 00A40400\nC: 00A40400", 2, "has no response"),
        ("C: 00A40400\n@delay 5\nC: 00A40400", 3, "has no response"), ("C: 00G40400", 1, "hexadecimal"),
        ("@sleep 4", 1, "only @delay"), ("@delay", 1, "only @delay"), ("@delay -1", 1, "milliseconds"),
        ("@delay 99999999999999999999", 1, "milliseconds"),
        ("C: 00A40400\nR: 9000\nATR: 3B", 3, "before the first command"),
        ("ATR: 3B\nATR: 3B", 2, "once"), ("C: " + String(repeating: "00", count: 4097), 1, "at most 4096"),
        (String(repeating: "\n", count: 10_001), 10_001, "10000 lines"),
        (String(repeating: "#", count: (1 << 20) + 1), 1, "1048576 bytes"),
    ])
    func errorsSayLineAndRemedy(text: String, line: Int, words: String) {
        let error = #expect(throws: TranscriptError.self) { try Self.read(text) }
        #expect(error?.line == line)
        #expect(error?.reason.contains(words) == true, "\(String(describing: error))")
    }

    @Test func theLongestLineIsRead() throws {
        let line = "C: " + String(repeating: "00", count: 4096)
        #expect(try Self.read(line).entries.count == 1)
    }

    @Test(arguments: Recording.variations) func writtenAndReadItIsTheSame(_ variation: Recording.Variation) throws {
        var recorded = try Recording(variation)
        recorded.transcript.terminal = recorded.terminal.json.text
        let text = recorded.transcript.text(reveal: true)
        #expect(text.hasPrefix("# REVEALED"))
        #expect(try Self.read(text) == recorded.transcript)
        let masked = try Self.read(recorded.transcript.text(reveal: false))
        #expect(masked == recorded.transcript.masked)
        #expect(recorded.transcript.text(reveal: false).hasPrefix("# Masked"))
        // Lengths and status bytes stay.
        for (before, after) in zip(recorded.transcript.entries, masked.entries) {
            guard case .exchange(let command, let response) = before, case .exchange(let other, let answer) = after
            else {
                #expect(before == after)
                continue
            }
            #expect(command.count == other.count && command.prefix(5) == other.prefix(5))
            #expect(response?.count == answer?.count && response?.suffix(2) == answer?.suffix(2))
        }
    }

    /// Not one card of the library shows its number, its tracks or its holder's name (M8).
    @Test(arguments: CardLibrary.all.map(\.name), [false, true]) func maskedIsMasked(
        _ name: String, isTapped: Bool
    ) throws {
        let recorded = try Recording(Recording.Variation(name: name, card: name, isTapped: isTapped))
        let secrets = try Self.secrets(recorded)
        let shown = recorded.transcript.text(reveal: false)
        let replay = Replay(recorded.transcript, terminal: recorded.terminal)
        for secret in secrets {
            #expect(!shown.contains(secret), "\(name): \(secret) in the transcript")
            #expect(!replay.text(reveal: false).contains(secret), "\(name): in the replay")
            #expect(!replay.json(reveal: false).text.contains(secret), "\(name): in the replay's JSON")
        }
    }

    /// Numbers and names that the card said, as they may stand in hexadecimal and in text; and its certificate.
    static func secrets(_ recorded: Recording) throws -> [String] {
        let profile = try #require(CardLibrary.card(named: recorded.card))
        var secrets: [String] = []
        for application in profile.applications {
            let pan = application.account.number
            secrets += [pan, Hex.encode(Array(pan.utf8))]
        }
        for case .exchange(_, let response?) in recorded.transcript.entries {
            for tag in [TLV.Tag.cardholderName, .iccCertificate, .track2] {
                guard let found = try? TLV.find(tag, in: response.dropLast(2)), found.value.count > 4 else { continue }
                secrets += [Hex.encode(found.value), String(decoding: found.value, as: UTF8.self)]
            }
        }
        return secrets
    }

    @Test func pinsAndBareNumbersAreReplaced() throws {
        var transcript = Transcript()
        func add(_ command: String, _ response: String) throws {
            transcript.entries.append(
                .exchange(command: try Hex.decode(command), response: try Hex.decode(response)))
        }
        let track = "6222021234567890D30122011234567F"
        try add("00B2010C00", "702F 5A086222021234567890 5710\(track) 5F20105A48414E472F53414E20202020202020 9000")
        try add("0020008008241234FFFFFFFFFF", "9000")
        try add("0020008810000102030405060708090A0B0C0D0E0F", "63C2")
        // A list that asks for the number carries it bare; so may a record that is no template, or a text.
        try add("80AE80000A62220212345678900000 00", "7706 9F2701809F36 9000")
        try add("80CA9F4E00", "9F4E10 36323232303231323334353637383930 9000")
        try add("0084000000", "0102030405060708 9000")
        let text = transcript.text(reveal: false)
        #expect(!text.contains("6222021234567890") && !text.contains("36323232303231323334353637383930"))
        #expect(!text.contains("241234") && !text.contains("0102030405060708090A"))
        #expect(!text.contains("5A48414E47"))
        #expect(text.contains("5A08622202999999" + "7890"))
        #expect(text.contains("622202999999" + "7890D9999"), "\(text)")
        #expect(text.contains("R: 01020304050607089000"), "a random number is no secret")
    }
}
