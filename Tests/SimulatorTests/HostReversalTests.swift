import ISO8583
import SimulatedAcquirer
import Testing

/// Reversals of every kind that has one: whatever the request did is undone, once.
struct HostReversalTests {
    /// What a kind needs before it, then its request.
    private func prepare(
        _ kind: Ledger.Kind, _ bench: HostBench
    ) throws -> (before: Ledger, request: HostBench.Request) {
        func answered(_ request: HostBench.Request) throws -> (HostBench.Request, Message) {
            let reply = try bench.reply(to: request)
            #expect(reply.text(39) == "00")
            return (request, reply)
        }
        var request: HostBench.Request
        switch kind {
        case .void:
            let (sale, reply) = try answered(bench.request(.sale))
            request = try bench.request(kind, of: sale, reply)
        case .cancel, .completion:
            let (hold, reply) = try answered(bench.request(.preAuthorization))
            request = try bench.request(kind, of: hold, reply)
        case .completionVoid:
            let (hold, reply) = try answered(bench.request(.preAuthorization))
            let (completion, completed) = try answered(bench.request(.completion, of: hold, reply, 9000))
            request = try bench.request(kind, of: completion, completed)
        default: request = try bench.request(kind)
        }
        return (bench.host.ledger, request)
    }

    private static let reversible = Ledger.Kind.allCases.filter(\.isReversible)

    @Test(arguments: reversible) func `all that a request did is undone, once`(kind: Ledger.Kind) throws {
        let bench = try HostBench()
        let (before, request) = try prepare(kind, bench)
        let reply = try bench.reply(to: request)
        #expect(reply.text(39) == "00")
        let after = bench.host.ledger
        let reversal = try bench.reversal(of: request, code: reply.text(38), reason: "96")
        for _ in 1...3 { #expect(try bench.code(reversal) == "00") }
        let undone = bench.host.ledger
        #expect(undone.balances == before.balances)
        #expect(undone.holds.values.reduce(0, +) == before.holds.values.reduce(0, +))
        #expect(
            undone.totals("000007", terminal: HostBench.terminal)
                == before.totals("000007", terminal: HostBench.terminal))
        #expect(undone.entries.dropLast() == before.entries[...])
        #expect(bench.state(request) == .reversed(reason: "96"))
        #expect(after != undone)
        // The request is a duplicate now, and a new one does it all again.
        #expect(try bench.code(request) == "94")
        guard kind != .sale, kind != .preAuthorization else { return }
        #expect(try bench.code(request.with([11: bench.next()])) == "00")
        #expect(bench.host.ledger.balances == after.balances)
    }

    @Test(arguments: reversible, ["000007", "000008"])
    func `a reversal that is there first`(kind: Ledger.Kind, batch: String) throws {
        let bench = try HostBench()
        let (before, request) = try prepare(kind, bench)
        bench.host.open(batch: batch)
        let reversal = try bench.reversal(of: request)
        for _ in 1...2 { #expect(try bench.code(reversal) == "25") }
        #expect(try bench.code(request) == (batch == "000007" ? "94" : "77"))
        #expect(bench.host.ledger.balances == before.balances && bench.host.ledger.holds == before.holds)
    }

    @Test(arguments: reversible) func `a reversal in a later batch`(kind: Ledger.Kind) throws {
        let bench = try HostBench()
        let (before, request) = try prepare(kind, bench)
        try bench.reply(to: request)
        bench.host.open(batch: "000008")
        #expect(try bench.code(bench.reversal(of: request)) == "00")
        #expect(bench.host.ledger.balances == before.balances)
    }

    @Test(arguments: reversible) func `a reversal of what was declined`(kind: Ledger.Kind) throws {
        let bench = try HostBench()
        let (_, request) = try prepare(kind, bench)
        bench.host.declineNext("61")
        #expect(try bench.code(request) == "61")
        #expect(try bench.code(bench.reversal(of: request)) == "12")
    }

    @Test(
        arguments: [
            ([4: "000000008881"], "64"), ([2: "4000000000000002"], "14"), ([39: "00"], "30"), ([39: nil], "30"),
            ([22: "012"], "30"), ([25: "08"], "30"), ([3: "200000"], "30"), ([38: "T99999"], "30"), ([55: nil], "30"),
            ([26: "12"], "30"), ([35: "6200000000000013=4912"], "30"), ([37: "000000000001"], "30"), ([2: nil], "30"),
            ([49: "840"], "30"), ([60: "2500000700050"], "30"), ([60: "2300000700050"], "30"), ([11: "000099"], "25"),
        ] as [([Int: String?], String)])
    func `what speaks against a reversal`(_ changes: [Int: String?], code: String) throws {
        let bench = try HostBench()
        let sale = try bench.request(.sale)
        try bench.reply(to: sale)
        #expect(try bench.code(bench.reversal(of: sale).with(changes)) == code)
        #expect(bench.host.ledger.openCaptures().count == 1)
    }

    @Test func `what a later request took back is not reversed`() throws {
        let bench = try HostBench()
        let sale = try bench.request(.sale)
        let reply = try bench.reply(to: sale)
        #expect(try bench.code(bench.request(.void, of: sale, reply)) == "00")
        #expect(try bench.code(bench.reversal(of: sale)) == "12")
        #expect(bench.balance() == 1_000_000)
    }

    @Test func `a reversal can be refused, and opens no batch`() throws {
        let bench = try HostBench()
        let sale = try bench.request(.sale)
        try bench.reply(to: sale)
        let reversal = try bench.reversal(of: sale)
        for code in ["05", "96"] { bench.host.refuseNext(0x0400, with: code) }
        #expect(try bench.code(bench.management(0x0820, "301")) == "00")
        #expect(try [1, 2, 3].map { _ in try bench.code(reversal) } == ["05", "96", "00"])
        #expect(try bench.code(reversal.with([60: "2200009900050"])) == "25")
        #expect(bench.host.ledger.batch("000099", terminal: HostBench.terminal) == nil)
    }

    @Test func `the reversal of a void must name what the void named`() throws {
        let bench = try HostBench()
        let sale = try bench.request(.sale)
        let void = try bench.request(.void, of: sale, bench.reply(to: sale))
        try bench.reply(to: void)
        for field in [nil, "000007000099"] as [String?] {
            #expect(try bench.code(bench.reversal(of: void).with([61: field])) == "30")
        }
        #expect(try bench.code(bench.reversal(of: void)) == "00")
        #expect(bench.balance() == 991_120)
        #expect(bench.state(sale) == .approved)
    }

    @Test(arguments: Ledger.Kind.allCases.filter { !$0.isReversible })
    func `what is never reversed`(kind: Ledger.Kind) throws {
        let bench = try HostBench()
        let request = try bench.request(kind, way: kind == .offlineSale ? .chip : .manual)
        #expect(try bench.code(bench.reversal(of: request)) == "30")
    }
}
