import ISO8583
import PaymentCryptography
import Payments
import Testing
import Wire

@testable import Acquiring

struct DialectReplyTests {
    /// A reply that fits the sample sale, changed by `change`, sealed unless it has a field 64 already or `mac` is false.
    private func body(mac: Bool = true, _ change: (inout Message) throws -> Void = { _ in }) throws -> [UInt8] {
        let dialect = try Sample.dialect()
        let request = try dialect.request(Sample.authorization(), Sample.credentials())
        var reply = Message(0x0210)
        for field in [3, 4, 11, 41, 42, 49] {
            if let text = request.message.text(field) { try reply.set(field, text) }
        }
        try reply.set(12, "080509")
        try reply.set(13, "0309")
        try reply.set(15, "0310")
        try reply.set(37, "091234567890")
        try reply.set(38, "T12345")
        try reply.set(39, "00")
        try reply.set(44, Institutions(issuer: "01030000", acquirer: "48021000").encoded)
        try reply.set(55, Hex.decode("910A0102030405060708 3030"))
        try reply.set(60, "22000007000500")
        try reply.set(63, Remarks(organisation: "CUP", issuer: "欢迎", terminal: "THANKS").encoded)
        try change(&reply)
        var frame = Frame(tpdu: request.tpdu.swapped, header: request.header, message: reply)
        if mac, !reply.has(64) { frame = try dialect.sealed(frame, with: Sample.macKey()) }
        return frame.body
    }

    private func inspect(_ body: [UInt8], _ options: (inout DialectOptions) -> Void = { _ in }) throws
        -> UnionPayDialect.Inspection
    {
        let request = try Sample.dialect().request(Sample.authorization(), Sample.credentials()).message
        return try Sample.dialect(options).inspect(body, for: request, macKey: Sample.macKey())
    }

    @Test func `a reply in full`() throws {
        guard case .reply(let message) = try inspect(body()) else {
            Issue.record("not taken")
            return
        }
        let expected = Reply(
            verdict: .approved, code: "00", text: BilingualText("交易成功", "Approved"), rrn: "091234567890",
            authorizationCode: "T12345", settlementDate: "0310",
            acquirerTime: AcquirerTime(date: "0309", time: "080509"), issuer: "01030000", acquirer: "48021000",
            scheme: "CUP", remark: "欢迎 THANKS", chipData: try Hex.decode("910A01020304050607083030"))
        #expect(try Sample.dialect().reply(message) == expected)
        #expect(try Sample.dialect().batch(message) == BatchNumber(7))
    }

    @Test func `a bare decline`() throws {
        let body = try body(mac: false) { reply in
            for field in [4, 12, 13, 15, 37, 38, 44, 55, 60, 63] { reply.remove(field) }
            try reply.set(39, "51")
        }
        guard case .reply(let message) = try inspect(body) else {
            Issue.record("a decline needs no MAC")
            return
        }
        let reply = try Sample.dialect().reply(message)
        #expect(reply == Reply(verdict: .declined, code: "51", text: BilingualText("可用余额不足", "Insufficient funds")))
    }

    struct Foreign: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout Message) throws -> Void
    }

    @Test(arguments: [
        Foreign(testDescription: "type 0410") { $0.mti = 0x0410 },
        Foreign(testDescription: "type 0200") { $0.mti = 0x0200 },
        Foreign(testDescription: "processing code") { try $0.set(3, "200000") },
        Foreign(testDescription: "no processing code") { $0.remove(3) },
        Foreign(testDescription: "number") { try $0.set(11, "000124") },
        Foreign(testDescription: "no number") { $0.remove(11) },
        Foreign(testDescription: "terminal") { try $0.set(41, "12345679") },
        Foreign(testDescription: "merchant") { try $0.set(42, "123456789012346") },
        Foreign(testDescription: "less money") { try $0.set(4, "000000008879") },
        Foreign(testDescription: "more money") { try $0.set(4, "000000008881") },
        Foreign(testDescription: "an approval of no amount") { $0.remove(4) },
        Foreign(testDescription: "no response code") { $0.remove(39) },
    ])
    func `what does not match is ignored`(_ foreign: Foreign) throws {
        guard case .foreign = try inspect(body { try foreign.change(&$0) }) else {
            Issue.record("taken")
            return
        }
    }

    @Test(arguments: ["00", "51", "A0"]) func `a wrong MAC ends the wait, whatever the code`(code: String) throws {
        let wrong = try body {
            try $0.set(39, code)
            try $0.set(64, Array("00000000".utf8))
        }
        #expect(try inspect(wrong) == .badMAC)
    }

    @Test func `every flipped bit is found or makes the reply another's`() throws {
        let body = try body()
        for position in 11..<body.count {
            for bit in 0..<8 {
                var flipped = body
                flipped[position] ^= 1 << UInt8(bit)
                // Reading a changed reply gives something or nothing, but it ends.
                if let message = try? Frame(decoding: flipped).message {
                    _ = try Sample.dialect().reply(message)
                    _ = try Sample.dialect().batch(message)
                    _ = try? Sample.dialect().workingKeys(message)
                }
                if case .reply(let message) = try inspect(flipped) {
                    // Pad nibbles are inside the MAC too: nothing may slip through.
                    Issue.record("bit \(bit) of byte \(position) changed unseen: \(message.mti)")
                }
            }
        }
    }

    @Test func `every prefix is ignored`() throws {
        let body = try body()
        for count in 0..<body.count {
            guard case .foreign = try inspect(Array(body.prefix(count))) else {
                Issue.record("a prefix of \(count) bytes was taken")
                continue
            }
        }
    }

    @Test func `an approval without MAC counts only where the option says so`() throws {
        let bare = try body(mac: false)
        #expect(try inspect(bare) == .unauthenticated)
        guard case .reply = try inspect(bare, { $0.unauthenticatedApproval = .accepted }) else {
            Issue.record("the option has no effect")
            return
        }
    }

    @Test func `TPDU and header of a reply are not looked at`() throws {
        var body = try body()
        body.replaceSubrange(0..<11, with: [UInt8](repeating: 0x77, count: 11))
        guard case .reply = try inspect(body) else {
            Issue.record("refused")
            return
        }
    }

    @Test(arguments: [
        (DialectOptions.KeySet.singleLength, 24), (.doubleLength, 40), (.doubleLengthWithTrackKey, 60), (.sm4, 40),
        (.sm4WithTrackKey, 60),
    ])
    func `key blocks have the length of their key set`(keySet: DialectOptions.KeySet, length: Int) throws {
        let dialect = try Sample.dialect { $0.keySet = keySet }
        var reply = Message(0x0810)
        for count in [0, 8, 23, 24, 25, 40, 44, 50, 56, 57, 60, 75, 84] {
            try reply.set(62, (0..<count).map { UInt8($0) })
            if count == length {
                let keys = try dialect.workingKeys(reply)
                let width = keySet == .singleLength ? 8 : 16
                #expect(keys.pin.cipher == (0..<width).map { UInt8($0) })
                #expect(keys.pin.checkValue == (width..<width + 4).map { UInt8($0) })
                #expect(keys.mac.cipher == (width + 4..<2 * width + 4).map { UInt8($0) })
                #expect((keys.track != nil) == keySet.encryptsTrack)
            } else {
                let error = #expect(throws: AcquiringError.self) { try dialect.workingKeys(reply) }
                #expect(error?.reason == .badKeyBlock)
                #expect(error?.detail.contains("\(count) bytes, not the \(length)") == true)
            }
        }
    }
}
