import ISO8583
import Payments
import Testing
import Wire

@testable import Acquiring

struct DownloadDialogueTests {
    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// Field 62 of each reply to a download, in order; nil for none.
    static func replies(_ kind: Download) throws -> [[UInt8]?] {
        let key1 = try Hex.decode("9F0605A0000003339F220102DF05083230333031323331")
        let key2 = try Hex.decode("9F0605A0000003339F220103DF05083230333031323331")
        let body = try Hex.decode("DF060101DF070101DF0203ABCDEFDF040103DF0314\(String(repeating: "11", count: 20))")
        let aid1 = try Hex.decode("9F0608A000000333010101")
        let aid2 = try Hex.decode("9F0608A000000333010102")
        let parameters = try Hex.decode(
            "DF0101009F08020020DF1105D84000A800DF1205D84004F800DF130500100000009F1B0400000000")
        return switch kind {
        case .terminalParameters: [text("1160124513322") + text("TENDER") + Array(repeating: 0x20, count: 34)]
        case .caPublicKeys:
            [text("2") + key1, text("1") + key2, text("1") + key1 + body, text("1") + key2 + body, nil]
        case .applications:
            [text("1") + aid1 + aid2, text("1") + aid1 + parameters, text("1") + aid2 + parameters, nil]
        case .contactlessParameters: [text("1FF805D0010FF8058012000000100000"), nil]
        case .blacklist: [text("206621234"), text("10862123456042999"), nil].map { $0 }
        }
    }

    /// Runs a download against these replies.
    private func run(_ kind: Download, _ replies: [[UInt8]?], code: String = "00") throws -> (
        downloaded: Downloaded?, requests: [Message]
    ) {
        let dialect = try Sample.dialect()
        var dialogue = DownloadDialogue(kind)
        var requests: [Message] = []
        for content in replies {
            let frame = try dialogue.request(in: dialect, stan: .first, batch: .first)
            requests.append(frame.message)
            var reply = Message(frame.message.mti.reply)
            try reply.set(39, code)
            if let content { try reply.set(62, content) }
            try dialogue.take(.reply(reply))
        }
        return (dialogue.downloaded, requests)
    }

    @Test func `keys are listed in parts, then fetched one by one`() throws {
        let (downloaded, requests) = try run(.caPublicKeys, Self.replies(.caPublicKeys))
        guard case .caPublicKeys(let keys) = downloaded else {
            Issue.record("\(String(describing: downloaded))")
            return
        }
        #expect(keys.map { $0.first { $0.tag == 0x9F22 }?.value } == [[2], [3]])
        #expect(keys.allSatisfy { $0.contains { $0.tag == 0xDF02 } })
        #expect(requests.map(\.mti) == [0x0820, 0x0820, 0x0800, 0x0800, 0x0800])
        #expect(
            requests.map { $0.text(60) } == ["372", "372", "370", "370", "371"].map { "00000001" + $0 })
        #expect(
            requests.map { $0.bytes(62).map { Hex.encode($0) } } == [
                "313030", "313031", "9F0605A0000003339F220102", "9F0605A0000003339F220103", nil,
            ])
    }

    @Test func `applications`() throws {
        let (downloaded, requests) = try run(.applications, Self.replies(.applications))
        #expect(downloaded?.count == 2)
        #expect(requests.map { $0.text(60)?.suffix(3) } == ["382", "380", "380", "381"])
    }

    @Test func `terminal parameters in one message`() throws {
        let (downloaded, requests) = try run(.terminalParameters, Self.replies(.terminalParameters))
        guard case .terminalParameters(let values) = downloaded else {
            Issue.record("\(String(describing: downloaded))")
            return
        }
        #expect(values.items.map(\.code) == ["11", "12", "13", "22"])
        #expect(requests.count == 1 && requests.first?.has(62) == false)
    }

    @Test func `contactless parameters and the blacklist`() throws {
        guard
            case .contactlessParameters(let parameters) = try run(
                .contactlessParameters, Self.replies(.contactlessParameters)
            ).downloaded
        else {
            Issue.record("no parameters")
            return
        }
        #expect(parameters.map(\.tag) == ["FF805D", "FF8058"])
        #expect(parameters.map { String(decoding: $0.value, as: UTF8.self) } == ["0", "000000100000"])
        let (downloaded, requests) = try run(.blacklist, Self.replies(.blacklist))
        #expect(downloaded == .blacklist(["621234", "62123456", "2999"]))
        #expect(requests.map { $0.text(62) } == ["1000", "1001", nil])
    }

    @Test func `an empty list is a whole download`() throws {
        for kind in Download.allCases where kind != .terminalParameters {
            let (downloaded, requests) = try run(kind, [Self.text("0"), nil])
            #expect(downloaded?.count == 0)
            #expect(requests.count == 2)
        }
    }

    /// A reply that is no good, and to which message of a download of keys it comes.
    @Test(
        arguments: [
            [nil], [""], ["5"], ["2"], ["X"], ["19F06"], ["19F220102"], ["19F0605A000000333"],
            ["19F0605A0000003339F220102", nil], ["19F0605A0000003339F220102", "0"],
            ["19F0605A0000003339F220102", "19F0605A0000003339F220103"],
            ["19F0605A0000003339F220102", "29F0605A0000003339F220102"],
        ] as [[String?]])
    func `half a download is none`(replies: [String?]) throws {
        let contents = try replies.map { reply in
            try reply.map { Self.text(String($0.prefix(1))) + (try Hex.decode(String($0.dropFirst()))) }
        }
        let error = #expect(throws: AcquiringError.self) { try run(.caPublicKeys, contents) }
        #expect(error?.reason == .badReply)
    }

    @Test func `a refusal ends it`() throws {
        let error = #expect(throws: AcquiringError.self) { try run(.blacklist, [nil], code: "77") }
        #expect(error?.reason == .declined && error?.code == "77" && error?.demandsSignIn == true)
    }

    @Test func `a list without end is cut off`() throws {
        let page = Self.text("2") + Array(repeating: Self.text("06621234"), count: 60).flatMap { $0 }
        let error = #expect(throws: AcquiringError.self) {
            try run(.blacklist, Array(repeating: page, count: 100))
        }
        #expect(error?.reason == .badReply)
    }

    @Test(arguments: ["1FF805D0", "1FF805D0020", "1FF805Dxxx0"]) func `a parameter cut short`(content: String) throws {
        #expect(throws: AcquiringError.self) { try run(.contactlessParameters, [Self.text(content)]) }
    }

    @Test(arguments: Download.allCases) func `a damaged reply gives something or an error, and never traps`(
        kind: Download
    ) throws {
        let content = try #require(try Self.replies(kind).first ?? nil)
        for position in content.indices {
            _ = try? run(kind, [Array(content.prefix(position))])
            for bit in 0..<8 {
                var damaged = content
                damaged[position] ^= 1 << UInt8(bit)
                _ = try? run(kind, [damaged, damaged, damaged])
            }
        }
    }
}
