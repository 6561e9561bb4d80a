import ISO8583
import SimulatedAcquirer
import Testing

/// Faults inside the host, and faults that a seed draws.
struct HostFaultTests {
    @Test(arguments: [(Fault.restart, "94", 991_120), (.restartForgetful, "00", 991_120)] as [(Fault, String, Int64)])
    func `a restart with and without memory of the last message`(fault: Fault, repeated: String, balance: Int64) throws
    {
        let bench = try HostBench()
        let sale = try bench.request(.sale, way: .manual)
        bench.faults.ask(fault)
        #expect(try bench.send(sale) == nil)
        #expect(bench.host.ledger.openCaptures().count == (fault == .restart ? 1 : 0))
        #expect(try bench.send(sale)?.text(39) == "A0", "the keys are gone")
        try bench.signIn()
        #expect(try bench.code(sale) == repeated)
        #expect(bench.balance() == balance)
    }

    @Test func `a wrong MAC, another number, an unreadable reply`() throws {
        let bench = try HostBench()
        let good = try bench.request(.balance)
        for fault in [Fault.wrongMAC, .otherSTAN, .malformedReply] {
            bench.faults.ask(fault)
            let answer = try #require(bench.host.answer(bench.frame(good)))
            let reply = try? Frame(decoding: answer.dropFirst(2)).message
            #expect((reply == nil) == (fault == .malformedReply))
            #expect((reply?.text(11) == good.stan) == (fault == .wrongMAC))
        }
        // A management reply has no MAC that could be wrong.
        bench.faults.ask(.wrongMAC)
        try bench.reply(to: bench.management(0x0820, "301"))
        #expect(bench.faults.isPending(.wrongMAC))
    }

    @Test func `a reversal that is refused leaves its request as it is`() throws {
        let bench = try HostBench()
        let sale = try bench.request(.sale)
        bench.faults.ask(.refusedReversal)
        #expect(try bench.code(sale) == "00", "nothing but a reversal")
        #expect(try bench.code(bench.reversal(of: sale)) == "06")
        #expect(bench.state(sale) == .approved && bench.balance() == 991_120)
        #expect(try bench.code(bench.reversal(of: sale)) == "00")
        #expect(bench.balance() == 1_000_000)
    }

    @Test func `a seed draws the same faults again, in about the proportion asked for, until they are withdrawn`() {
        let odds: [Fault: Int] = [.noReply: 100, .wrongMAC: 50]
        func draw(_ script: FaultScript) -> [Fault?] {
            (0..<2000).map { _ in script.take(among: [.noReply, .wrongMAC, .halfClose], for: [])?.fault }
        }
        let drawn = draw(FaultScript(seed: 7, odds: odds))
        #expect(drawn == draw(FaultScript(seed: 7, odds: odds)))
        #expect(drawn != draw(FaultScript(seed: 8, odds: odds)))
        #expect((150...250).contains(drawn.count { $0 == .noReply }))
        #expect((60...130).contains(drawn.count { $0 == .wrongMAC }))
        #expect(drawn.count { $0 == .halfClose } == 0)
        let script = FaultScript(seed: 7, odds: odds)
        script.ask(.halfClose)
        #expect(script.take(among: [.halfClose], for: [])?.fault == .halfClose, "what is asked for goes first")
        script.withdraw(.noReply)
        #expect(Set(draw(script)) == [nil, .wrongMAC])
        script.withdraw()
        #expect(Set(draw(script)) == [nil])
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `no drawn fault takes money twice or loses any`(seed: UInt64) throws {
        let script = FaultScript(
            seed: seed,
            odds: [.restart: 100, .restartForgetful: 100, .wrongMAC: 100, .otherSTAN: 100, .malformedReply: 100])
        let calm = FaultScript()
        let bench = try HostBench(faults: calm)
        var expected: Int64 = 1_000_000
        for _ in 0..<60 {
            let sale = try bench.request(.sale, 100, way: .manual)
            let drawn = script.take(
                among: [.restart, .restartForgetful, .wrongMAC, .otherSTAN, .malformedReply], for: [])?.fault
            if let drawn { calm.ask(drawn) }
            let frame = try bench.frame(sale)
            let reply = bench.host.answer(frame).flatMap { try? Frame(decoding: $0.dropFirst(2)).message }
            if drawn == nil, reply?.text(39) == "00" {
                expected -= 100
                continue
            }
            try bench.signIn()
            #expect(["00", "25"].contains(try bench.code(bench.reversal(of: sale))))
        }
        #expect(bench.balance() == expected)
        #expect(bench.host.ledger.openCaptures().count == Int((1_000_000 - expected) / 100))
    }

    @Test func `a flipped bit anywhere moves nothing`() throws {
        let bench = try HostBench()
        let sale = try bench.request(.sale)
        let hold = try bench.request(.preAuthorization)
        let reversal = try bench.reversal(of: sale)
        try bench.reply(to: sale)
        for request in [hold, reversal, try bench.request(.offlineSale)] {
            let before = bench.host.ledger
            let frame = try bench.frame(request)
            for position in 13..<frame.count {
                for bit in 0..<8 {
                    var flipped = frame
                    flipped[position] ^= 1 << UInt8(bit)
                    _ = bench.host.answer(flipped)
                }
            }
            #expect(bench.host.ledger == before)
        }
    }
}
