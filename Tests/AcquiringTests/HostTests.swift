import Acquiring
import ISO8583
import PaymentCryptography
import Payments
import SimulatedAcquirer
import SimulatedCards
import Testing
import Wire

/// Terminal and host, without a network: two readings of the protocol that must agree.
struct HostTests {
    private func approved(_ result: AuthorizeResult) -> Reply? {
        guard case .replied(let reply) = result, reply.verdict == .approved else { return nil }
        return reply
    }

    private func code(_ result: AuthorizeResult) -> String? { result.code }

    @Test(
        arguments: [
            DialectOptions.KeySet.singleLength, .doubleLength, .doubleLengthWithTrackKey,
        ], [false, true])
    func `sign-in, sale, and an answer that the card accepts`(keySet: DialectOptions.KeySet, singleMAK: Bool)
        async throws
    {
        let shop = try Shop(options: { $0.keySet = keySet }, host: { $0.sendsSingleLengthMAK = singleMAK })
        try await shop.signIn()
        #expect(shop.batch == BatchNumber(7))
        let sale = try shop.sale(stan: 2)
        let reply = try #require(approved(await shop.acquirer.authorize(sale.authorization, sale.credentials)))
        #expect(reply.rrn == "000000000001")
        #expect(reply.authorizationCode == "T00001")
        #expect(reply.issuer == "01020000" && reply.acquirer == "48021000" && reply.scheme == "CUP")
        #expect(reply.remark == "模拟交易 SIMULATION")
        #expect(try shop.cardAccepts(reply.chipData))
        #expect(shop.host.ledger.openCaptures().map(\.amount) == [8880])
        #expect(shop.host.ledger.balances["6200000000000013"] == 991_120)
    }

    @Test(arguments: ["12", "06"], [true, false])
    func `habits that the host allows`(capture: String, sendsPAN: Bool) async throws {
        let shop = try Shop(options: {
            $0.pinCaptureCode = capture
            $0.sendsPANWithTrack = sendsPAN
            $0.sequenceNumberAlignment = .right
        })
        try await shop.signIn()
        let sale = try shop.sale(stan: 2)
        #expect(approved(await shop.acquirer.authorize(sale.authorization, sale.credentials)) != nil)
    }

    @Test func `what speaks against a sale, and in which code`() async throws {
        let shop = try Shop()
        try await shop.signIn()
        var stan = 1
        func result(amount: Int64 = 8880, pin: String? = nil, change: (inout [UInt8]) -> Void = { _ in }) async throws
            -> String?
        {
            stan += 1
            let sale = try shop.sale(stan: stan, amount: amount, pin: pin, change: change)
            return code(await shop.acquirer.authorize(sale.authorization, sale.credentials))
        }
        #expect(try await result(pin: "000000") == "55")
        #expect(try await result(amount: 1_000_001) == "51")
        // One bit of the cryptogram, of the amount it covers, of the unpredictable number; the objects cut short.
        for tag in [0x9F26, 0x9F02, 0x9F37] as [TLV.Tag] {
            let wrong = try await result { chipData in
                guard let objects = try? TLV.parse(chipData) else { return }
                chipData = TLV.encode(
                    objects.map { $0.tag == tag ? TLV(tag, $0.value.dropLast() + [($0.value.last ?? 0) ^ 1]) : $0 })
            }
            #expect(wrong == "59")
        }
        #expect(try await result { $0 = Array($0.dropFirst(20)) } == "30")
        shop.host.declineNext("61")
        #expect(try await result() == "61")
        #expect(try await result() == "00")
        #expect(shop.host.ledger.openCaptures().count == 1)
        #expect(shop.host.ledger.entries.count == 8)
    }

    @Test func `the same cryptogram twice is refused`() async throws {
        let shop = try Shop()
        try await shop.signIn()
        let sale = try shop.sale(stan: 2)
        #expect(code(await shop.acquirer.authorize(sale.authorization, sale.credentials)) == "00")
        let again = try shop.sale(stan: 3) { $0 = sale.authorization.chipData }
        #expect(code(await shop.acquirer.authorize(again.authorization, again.credentials)) == "59")
    }

    @Test func `the same number twice is a duplicate`() async throws {
        let shop = try Shop()
        try await shop.signIn()
        for expected in ["00", "94"] {
            let sale = try shop.sale(stan: 2)
            #expect(code(await shop.acquirer.authorize(sale.authorization, sale.credentials)) == expected)
        }
        #expect(shop.host.ledger.openCaptures().count == 1)
    }

    @Test func `a new batch and lost keys are told by their codes and mended by a sign-in`() async throws {
        let shop = try Shop()
        try await shop.signIn()
        shop.host.open(batch: "000008")
        let first = try shop.sale(stan: 2)
        #expect(code(await shop.acquirer.authorize(first.authorization, first.credentials)) == "77")
        try await shop.signIn(stan: 3)
        #expect(shop.batch == BatchNumber(8))
        shop.host.forgetKeys()
        let second = try shop.sale(stan: 4)
        // Without keys the host cannot seal its answer either; a refusal counts all the same.
        #expect(code(await shop.acquirer.authorize(second.authorization, second.credentials)) == "A0")
        try await shop.signIn(stan: 5)
        let third = try shop.sale(stan: 6)
        #expect(code(await shop.acquirer.authorize(third.authorization, third.credentials)) == "00")
    }

    @Test func `a PIN block under another key is a PIN block error`() async throws {
        let shop = try Shop()
        try await shop.signIn()
        let sale = try shop.sale(stan: 2)
        // The host has other keys now; the terminal has its MAK too, but the pad was not told.
        try await shop.signIn(stan: 3)
        #expect(["99", "55"].contains(code(await shop.acquirer.authorize(sale.authorization, sale.credentials))))
    }

    @Test func `a terminal or merchant that the host does not know`() async throws {
        for (terminal, merchant, expected) in [
            ("87654321", "123456789012345", "97"), ("12345678", "543210987654321", "03"),
        ] {
            let shop = try Shop(host: {
                $0.terminal = terminal
                $0.merchant = merchant
            })
            let error = await #expect(throws: AcquiringError.self) { try await shop.signIn() }
            #expect(error?.reason == .declined && error?.detail.hasPrefix(expected) == true)
            #expect(!shop.acquirer.isSignedIn)
        }
    }

    @Test func `working keys under another master key are refused and the former ones stay`() async throws {
        let shop = try Shop()
        try await shop.signIn()
        let before = shop.keys.workingKeys
        let other = try Shop(host: { $0.masterKey = try? CipherKey([UInt8](1...16)) })
        let error = await #expect(throws: AcquiringError.self) { try await other.signIn() }
        #expect(error?.reason == .badKeyBlock)
        #expect(other.keys.workingKeys == nil)
        #expect(before != nil && shop.keys.workingKeys == before)
    }

    @Test func `echo`() async throws {
        let shop = try Shop()
        try await shop.acquirer.echo(stan: #require(STAN(9)))
    }

    @Test func `nothing financial goes out before the first sign-in`() async throws {
        let shop = try Shop()
        let authorization = try Sample.authorization()
        #expect(
            await shop.acquirer.authorize(authorization, try Sample.credentials()) == .unreachable("not signed in"))
        #expect(shop.loop.frames.isEmpty)
    }

    @Test func `every step of a message is reported with its type, before the next one`() async throws {
        let shop = try Shop()
        try await shop.signIn()
        let sale = try shop.sale(stan: 2)
        shop.faults.ask(.otherSTAN)
        _ = await shop.acquirer.authorize(sale.authorization, sale.credentials)
        _ = try await shop.reverse(sale, .noReply)
        #expect(
            shop.steps.all == [
                "0800 aboutToSend", "0800 sent", "0800 received", "0200 aboutToSend", "0200 sent", "0200 ignored",
                "0400 aboutToSend", "0400 sent", "0400 received",
            ])
    }

    // MARK: Reversals

    @Test(arguments: [ReversalReason.noReply, .badMAC, .notCompleted])
    func `a sale whose reply is lost is reversed once, however often it is asked`(reason: ReversalReason) async throws {
        let shop = try Shop()
        try await shop.signIn()
        let sale = try shop.sale(stan: 2)
        shop.loop.set(.replyLost)
        guard case .noReply = await shop.acquirer.authorize(sale.authorization, sale.credentials) else {
            Issue.record("a lost reply is no reply")
            return
        }
        #expect(shop.host.ledger.openCaptures().count == 1)
        guard
            case .unanswered = try await shop.reverse(sale, reason)
        else {
            Issue.record("a lost reply is no answer")
            return
        }
        shop.loop.set(.none)
        for _ in 1...3 {
            let result = try await shop.reverse(sale, reason)
            #expect(result.code == "00")
        }
        #expect(shop.host.ledger.openCaptures().isEmpty)
        #expect(shop.host.ledger.entries.map(\.state) == [.reversed(reason: reason.responseCode)])
        #expect(shop.host.ledger.balances["6200000000000013"] == 1_000_000)
    }

    @Test func `the reversal of a sale that never arrived, and the sale after it`() async throws {
        let shop = try Shop()
        try await shop.signIn()
        let sale = try shop.sale(stan: 2)
        #expect(try await shop.reverse(sale, .noReply).code == "25")
        #expect(code(await shop.acquirer.authorize(sale.authorization, sale.credentials)) == "94")
        #expect(shop.host.ledger.openCaptures().isEmpty)
    }

    @Test func `the reversal of a declined sale is settled`() async throws {
        let shop = try Shop()
        try await shop.signIn()
        shop.host.declineNext("51")
        let sale = try shop.sale(stan: 2)
        _ = await shop.acquirer.authorize(sale.authorization, sale.credentials)
        let result = try await shop.reverse(sale, .noReply)
        #expect(result.code == "12")
        #expect(ResponseCode("12").settlesReversal)
    }

    @Test func `a reversal goes through after a restart, with keys from the disk, and after a new batch`() async throws
    {
        let shop = try Shop()
        try await shop.signIn()
        let sale = try shop.sale(stan: 2)
        _ = await shop.acquirer.authorize(sale.authorization, sale.credentials)
        shop.host.open(batch: "000009")
        try await shop.signIn(stan: 3)
        let result = try await shop.reverse(sale, .notCompleted, through: shop.restarted())
        #expect(result.code == "00")
        #expect(shop.host.ledger.openCaptures().isEmpty)
    }

    // MARK: Bad replies

    @Test(arguments: [Fault.wrongMAC, .otherSTAN, .malformedReply]) func `bad replies`(fault: Fault) async throws {
        let shop = try Shop()
        try await shop.signIn()
        shop.faults.ask(fault)
        let sale = try shop.sale(stan: 2)
        let result = await shop.acquirer.authorize(sale.authorization, sale.credentials)
        switch (fault, result) {
        case (.wrongMAC, .badMAC): break
        case (.otherSTAN, .noReply(let detail)): #expect(detail.contains("another field 11"))
        case (.malformedReply, .noReply(let detail)): #expect(detail.contains("unreadable"))
        default: Issue.record("\(fault) gave \(result)")
        }
        shop.faults.ask(fault)
        let reversal = try await shop.reverse(sale, .badMAC)
        switch (fault, reversal) {
        case (.wrongMAC, .signInDemanded("A0")), (.otherSTAN, .unanswered), (.malformedReply, .unanswered): break
        default: Issue.record("\(fault) counted as an answer")
        }
        #expect(
            try await shop.reverse(sale, .badMAC).code == "00")
    }

    @Test func `an approval and a settled reversal without MAC count as no reply`() async throws {
        let shop = try Shop(host: { $0.sendsMAC = false })
        try await shop.signIn()
        let sale = try shop.sale(stan: 2)
        #expect(
            await shop.acquirer.authorize(sale.authorization, sale.credentials) == .noReply("the reply has no MAC"))
        #expect(
            try await shop.reverse(sale, .noReply)
                == .unanswered("the reply has no MAC"))
    }

    @Test func `nothing left when the acquirer cannot be reached`() async throws {
        let shop = try Shop()
        try await shop.signIn()
        let sale = try shop.sale(stan: 2)
        shop.loop.set(.unreachable)
        guard case .unreachable = await shop.acquirer.authorize(sale.authorization, sale.credentials) else {
            Issue.record("something left")
            return
        }
        #expect(shop.host.ledger.entries.isEmpty)
    }

    @Test func `a flipped bit anywhere takes no money`() async throws {
        let shop = try Shop()
        try await shop.signIn()
        let sale = try shop.sale(stan: 2)
        shop.loop.set(.requestLost)
        _ = await shop.acquirer.authorize(sale.authorization, sale.credentials)
        let request = try #require(shop.loop.frames.last)
        // TPDU and header stand outside the MAC.
        for position in 13..<request.count {
            for bit in 0..<8 {
                var flipped = request
                flipped[position] ^= 1 << UInt8(bit)
                _ = shop.host.answer(flipped)
            }
        }
        #expect(shop.host.ledger.entries.isEmpty)
        #expect(shop.host.answer(request) != nil)
        #expect(shop.host.ledger.openCaptures().count == 1)
    }

    @Test func `bytes that are no request get no answer`() throws {
        let shop = try Shop()
        let golden = try Hex.decode(Sample.golden("sale"))
        for count in 0..<golden.count { #expect(shop.host.answer(Array(golden.prefix(count))) == nil) }
        let echoed = try #require(shop.host.answer(Hex.decode(Sample.golden("echo"))))
        #expect(shop.host.answer(echoed) == nil)
    }
}

extension AuthorizeResult {
    /// Field 39, if there was a reply.
    var code: String? {
        guard case .replied(let reply) = self else { return nil }
        return reply.code
    }
}

extension DeliverResult {
    /// Field 39, if there was an answer.
    var code: String? {
        guard case .answered(let reply, _) = self else { return nil }
        return reply.code
    }
}
