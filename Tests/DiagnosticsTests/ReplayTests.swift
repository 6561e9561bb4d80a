import Diagnostics
import EMV
import Payments
import SimulatedCards
import Testing
import Wire

/// Recorded sessions against the kernel.
@Suite struct ReplayTests {
    /// What was recorded from the kernel is repeated byte for byte, and comes to the same; also from its own file.
    @Test(arguments: Recording.variations) func aRecordingIsRepeated(_ variation: Recording.Variation) throws {
        var recorded = try Recording(variation)
        let replay = Replay(recorded.transcript, terminal: recorded.terminal)
        #expect(replay.isEqual, "\(replay.text(reveal: true))")
        #expect(replay.ending == recorded.ending)
        #expect(replay.chipResult == recorded.chipResult)
        recorded.transcript.terminal = recorded.terminal.json.text
        let file = try Transcript(Array(recorded.transcript.text(reveal: true).utf8))
        let terminal = try ReplayTerminal(json: Array(try #require(file.terminal).utf8))
        #expect(terminal == recorded.terminal)
        let again = Replay(file, terminal: terminal)
        #expect(again.isEqual)
        #expect(again.json(reveal: true) == replay.json(reveal: true))
    }

    /// Any change of any command is seen, where it is.
    @Test(arguments: Recording.variations) func aChangedCommandIsSeen(_ variation: Recording.Variation) throws {
        let recorded = try Recording(variation)
        for (index, entry) in recorded.transcript.entries.enumerated() {
            guard case .exchange(var command, let response) = entry else { continue }
            // The data of VERIFY are what a replay takes from the recording.
            let place = command[1] == 0x20 ? 2 : command.count / 2
            command[place] ^= 0x01
            var changed = recorded.transcript
            changed.entries[index] = .exchange(command: command, response: response)
            let replay = Replay(changed, terminal: recorded.terminal)
            #expect(!replay.isEqual)
            let row = try #require(replay.firstDifference)
            #expect(replay.rows[row].recorded == command)
            let text = replay.text(reveal: true)
            #expect(text.contains("^ first difference, at byte \(place + 1)"))
            #expect(text.contains("1 command differs"))
        }
    }

    @Test func aMissingOrSuperfluousCommandIsSeen() throws {
        let recorded = try Recording(Recording.Variation())
        var shorter = recorded.transcript
        shorter.entries.removeLast(2)
        let cut = Replay(shorter, terminal: recorded.terminal)
        #expect(cut.firstDifference == shorter.entries.count)
        #expect(cut.rows[shorter.entries.count].recorded == nil)
        #expect(cut.text(reveal: false).contains("the recording is over"))
        var longer = recorded.transcript
        longer.entries.append(.exchange(command: [0x80, 0xCA, 0x9F, 0x36, 0x00], response: [0x90, 0x00]))
        let more = Replay(longer, terminal: recorded.terminal)
        #expect(more.firstDifference == recorded.transcript.entries.count)
        #expect(more.ending == recorded.ending)
        #expect(more.text(reveal: false).contains("the kernel has ended"))
    }

    /// Every fact of the terminal shows somewhere in what it sends.
    @Test(arguments: [
        ("amount", "8881"), ("otherAmount", "1"), ("currency", "\"USD\""), ("transactionType", "\"01\""),
        ("date", "\"2026-11-23\""), ("country", "840"), ("unpredictableNumber", "\"11223345\""),
        ("capabilities", "\"E00800\""), ("caKeys", "[]"), ("tacDenial", "\"FFFFFFFFFF\""),
    ])
    func anotherTerminalSendsSomethingElse(key: String, value: String) throws {
        let recorded = try Recording(Recording.Variation(card: "unionpay-credit"))
        guard case .object(let members) = recorded.terminal.json else { return }
        var text: [String] = []
        for member in members where member.name != key {
            guard key != "tacDenial" || member.name != "aids" else { continue }
            text.append("\"\(member.name)\":\(member.value.text)")
        }
        text.append("\"\(key)\":\(value)")
        let terminal = try ReplayTerminal(json: Array("{\(text.joined(separator: ","))}".utf8))
        #expect(terminal != recorded.terminal)
        #expect(!Replay(recorded.transcript, terminal: terminal).isEqual)
    }

    @Test func delaysAndRemovalAreShown() throws {
        let recorded = try Recording(Recording.Variation(leavesAt: 5))
        var transcript = recorded.transcript
        transcript.entries.insert(.delay(250), at: 2)
        let replay = Replay(transcript, terminal: recorded.terminal)
        #expect(replay.isEqual)
        let text = replay.text(reveal: false)
        #expect(text.contains("250 ms pass") && text.contains("the card leaves") && text.contains("cardRemoved"))
        // Noted without the command that it left without an answer.
        transcript.entries.remove(at: transcript.entries.count - 2)
        #expect(Replay(transcript, terminal: recorded.terminal).isEqual)
    }

    /// A card that speaks T=0 through a reader that leaves 61xx and 6Cxx to the terminal, and one whose reader does it.
    @Test func piecesComeEitherWay() throws {
        let recorded = try Recording(Recording.Variation())
        var pieces = recorded.transcript
        guard case .exchange(let command, let response?) = pieces.entries[0] else { return }
        let data = UInt8(response.count - 2)
        // T=0 has no expected length behind command data.
        pieces.entries[0] = .exchange(command: Array(command.dropLast()), response: [0x61, data])
        pieces.entries.insert(.exchange(command: [0x00, 0xC0, 0x00, 0x00, data], response: response), at: 1)
        guard case .exchange(let record, let answer?) = pieces.entries[2] else { return }
        let length = UInt8(answer.count - 2)
        pieces.entries[2] = .exchange(command: record, response: [0x6C, length])
        pieces.entries.insert(.exchange(command: record.dropLast() + [length], response: answer), at: 3)
        let replay = Replay(pieces, terminal: recorded.terminal)
        #expect(replay.isEqual, "\(replay.text(reveal: true))")
        #expect(replay.ending == recorded.ending)
    }

    @Test func theReportSaysAll() throws {
        let recorded = try Recording(Recording.Variation(card: "unionpay-credit"))
        let replay = Replay(recorded.transcript, terminal: recorded.terminal)
        let text = replay.text(reveal: false)
        for words in [
            "outcome", "approvedOnline", "TVR", "TSI", "CVM result", "ODA", "CDA succeeded, CA key F0", "TC",
            "field 55",
            "9F26", "all \(replay.rows.count) commands are equal", "SELECT by name",
        ] {
            #expect(text.contains(words), "\(words) is missing in\n\(text)")
        }
        let json = replay.json(reveal: false)
        #expect(json.member("equal") == .bool(true) && json.member("difference") == .null)
        #expect(json.member("cryptogramType").string == "TC")
        #expect(json.member("tvr").string == recorded.chipResult?.tvr)
        #expect(json.member("oda").member("result").string == "succeeded")
        #expect(json.member("commands").elements.count == replay.rows.count)
        #expect(json.member("field55").string.contains("9F2608"))
    }

    @Test(arguments: [
        ("static", AuthenticationMethod.sda), ("unionpay-debit", .dda), ("unionpay-credit", .cda),
        ("online-only", .none),
    ])
    func authenticationIsTold(card: String, method: AuthenticationMethod) throws {
        let recorded = try Recording(Recording.Variation(card: card))
        let found = try #require(Replay(recorded.transcript, terminal: recorded.terminal).findings)
        #expect(found.authentication.method == method)
        #expect(found.authentication.status == (method == .none ? .notPerformed : .succeeded))
        #expect(found.obstacle.isEmpty)
        guard method != .none else { return }
        #expect(found.keyIndex == 0xF0)
        var without = recorded.terminal
        without.terminal.caKeys = []
        let failed = try #require(Replay(recorded.transcript, terminal: without).findings)
        #expect(failed.authentication.status == .failed)
        #expect(failed.obstacle == "CA key F0 of A000000333 is not loaded")
    }

    @Test(arguments: [
        (#"{"amout":1}"#, "amout", "unknown key; known are"), (#"[]"#, "$", "object"), (#"{"#, "$", "not JSON"),
        (#"{"amount":-1}"#, "amount", "digits"), (#"{"amount":1.5}"#, "amount", "digits"),
        (#"{"amount":"1234567890123"}"#, "amount", "12"), (#"{"date":"2026-02-30"}"#, "date", "day"),
        (#"{"time":"25:00:00"}"#, "time", "time"), (#"{"currency":"XXX"}"#, "currency", "currency"),
        (#"{"tacDenial":"00"}"#, "tacDenial", "5 bytes"), (#"{"aids":["A0"]}"#, "aids[0].aid", "5 to 16"),
        (#"{"aids":[{"version":"0020"}]}"#, "aids[0].aid", "missing"),
        (#"{"aids":[{"aid":"A000000333","speed":1}]}"#, "aids[0].speed", "unknown key"),
        (#"{"aids":[{"aid":"A000000333","kernel":9}]}"#, "aids[0].kernel", "2, 3 or 7"),
        (#"{"caKeys":[{"rid":"A000000333","index":"F0","modulus":"00"}]}"#, "caKeys[0].modulus", "modulus"),
        (#"{"pin":"maybe"}"#, "pin", "entered or bypassed"),
        (#"{"reply":{"result":"no"}}"#, "reply.result", "approved or"),
        (#"{"reply":{"code":"000"}}"#, "reply.code", "two"), (#"{"objects":{"9F":"00"}}"#, "objects", "no tag"),
        (#"{"objects":{"9F1D":"0"}}"#, "objects.9F1D", "hexadecimal"), (#"{"stan":0}"#, "stan", "1 to 999999"),
        (#"{"forceOnline":1}"#, "forceOnline", "true or false"), (#"{"aids":7}"#, "aids", "array"),
    ])
    func wrongTerminalsAreRefused(json: String, path: String, words: String) {
        let error = #expect(throws: DocumentError.self) { try ReplayTerminal(json: Array(json.utf8)) }
        #expect(error?.path == path)
        #expect(error?.reason.contains(words) == true, "\(String(describing: error))")
    }

    @Test func whatIsLeftOutHasDefaults() throws {
        let plain = try ReplayTerminal(json: Array("{}".utf8))
        #expect(plain.transaction.amount == Money(minorUnits: 100, .cny))
        #expect(plain.terminal.terminalType == 0x22)
        #expect(plain.terminal.caKeys.isEmpty)
        #expect(plain.terminal.applications.count == 11)
        #expect(try ReplayTerminal(json: Array(plain.json.text.utf8)) == plain)
        let short = try ReplayTerminal(json: Array(#"{"aids":["A000000333010101"],"tacOnline":"FFFFFFFFFF"}"#.utf8))
        #expect(short.terminal.applications.map(\.tacOnline) == [.all])
        #expect(short.terminal.combinations.map(\.kernel) == [.c7])
    }

    /// Objects that no key names reach the card where it asks for them.
    @Test func objectsOverrideTheTerminal() throws {
        let recorded = try Recording(Recording.Variation(card: "unionpay-credit"))
        var other = recorded.terminal
        other.terminal.objects = [.terminalCountry: [0x08, 0x40]]
        let replay = Replay(recorded.transcript, terminal: other)
        #expect(!replay.isEqual)
        #expect(try ReplayTerminal(json: Array(other.json.text.utf8)) == other)
    }
}
