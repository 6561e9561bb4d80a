import ISO8583
import Payments
import SimulatedAcquirer
import SimulatedCards
import Testing
import Wire

/// Settlement and batch upload: totals by class of cards, what an upload mends, and when a batch is closed.
struct HostSettlementTests {
    // MARK: Totals

    @Test func `totals by class of cards, agreed one by one`() throws {
        let bench = try HostBench()
        for account in [HostBench.domestic, HostBench.foreign] {
            let sale = try bench.request(.sale, 1000, account: account)
            let reply = try bench.reply(to: sale)
            try bench.reply(to: bench.request(.void, of: sale, reply, account: account))
            try bench.reply(to: bench.request(.sale, 200, way: .manual, account: account))
            try bench.reply(to: bench.request(.preAuthorization, 50, account: account))
            try bench.reply(to: bench.request(.balance, account: account))
        }
        let own = SettlementTotals.Side(debitAmount: 1200, debitCount: 2, creditAmount: 1000, creditCount: 1)
        #expect(bench.host.ledger.totals("000007", terminal: HostBench.terminal).foreign == own)
        var wrong = own
        for (part, value) in [(\SettlementTotals.Side.debitAmount, 1201), (\.debitCount, 3), (\.creditAmount, 0)] {
            wrong = own
            wrong[keyPath: part] = value
            #expect(try bench.settle(own, wrong) == [1, 2])
            #expect(try bench.settle(wrong, own) == [2, 1])
        }
        #expect(try bench.settle(own, own) == [1, 1])
    }

    @Test func `a class without transactions agrees, and the reply tells the host's totals`() throws {
        let bench = try HostBench()
        #expect(try bench.settle() == [1, 1])
        bench.faults.ask(.differingTotals)
        #expect(try bench.settle() == [1, 1], "there is nothing to differ about")
        try bench.reply(to: bench.request(.sale, 700))
        bench.faults.ask(.differingTotals)
        let side = SettlementTotals.Side(debitAmount: 700, debitCount: 1)
        #expect(try bench.settle(side) == [2, 1])
        let reply = try bench.reply(to: bench.settlement(.init(), .init()))
        #expect(
            reply.text(48) == "000000000700" + "001" + "000000000000" + "000" + "2" + String(repeating: "0", count: 30)
                + "1")
        #expect(!reply.has(39) && !reply.has(64) && reply.text(15) == "0309" && reply.text(12) == "101112")
    }

    @Test(
        arguments: [
            ([48: nil], "30"), ([48: "00"], "30"), ([63: nil], "30"), ([11: nil], "30"), ([60: "00000099201"], "77"),
            ([60: "22000007201"], "30"),
        ] as [([Int: String?], String)])
    func `what speaks against a settlement`(_ changes: [Int: String?], code: String) throws {
        let bench = try HostBench()
        #expect(try bench.code(bench.settlement(.init(), .init()).with(changes)) == code)
    }

    // MARK: The end message

    @Test func `the end message closes the batch, once`() throws {
        let bench = try HostBench()
        let late = try bench.request(.sale)
        let told = try bench.request(.offlineSettlement, 300, way: .manual)
        let end = bench.end("207", 0)
        #expect(try bench.code(end) == "12", "before the settlement")
        #expect(try bench.settle() == [1, 1])
        #expect(try bench.code(bench.end("202", 0)) == "12")
        #expect(try bench.code(bench.end("207", 1)) == "95")
        #expect(try bench.code(bench.end("207", 0).with([48: "00"])) == "30")
        for _ in 1...2 { #expect(try bench.code(end) == "00") }
        #expect(bench.host.batch == "000008")
        #expect(bench.host.ledger.batch("000007", terminal: HostBench.terminal)?.isSettled == true)
        #expect(try bench.code(late) == "77")
        #expect(try bench.code(told) == "00", "advices go to a closed batch too")
        #expect(bench.host.ledger.totals("000007", terminal: HostBench.terminal).domestic.debitAmount == 300)
        try bench.signIn()
        #expect(bench.batch == "000008")
        #expect(try bench.code(bench.request(.sale)) == "00")
    }

    @Test func `batch 999999 is followed by 000001`() throws {
        let bench = try HostBench { $0.batch = "999999" }
        #expect(try bench.settle() == [1, 1])
        #expect(try bench.code(bench.end("207", 0)) == "00")
        #expect(bench.host.batch == "000001")
    }

    // MARK: Upload

    /// What happened to the host before the settlement, and what the upload must find.
    enum Trouble: CaseIterable {
        case nothing, lostSale, lostVoid, lostRefund, lostAdvice, lostTip, unknownToTerminal, voidedUnknownToTerminal
        case reversedAtHost, otherAmount
    }

    @Test(arguments: Trouble.allCases) func `an upload makes the books agree`(trouble: Trouble) throws {
        let bench = try HostBench()
        let shop = try Day(bench)
        try shop.sell()
        let host = bench.host
        var expected: [Ledger.Difference] = []
        switch trouble {
        case .nothing: bench.faults.ask(.differingTotals)
        case .lostSale: expected = [.entered(lose(shop.sale, bench))]
        case .lostVoid: expected = [.entered(lose(shop.void, bench))]
        case .lostRefund: expected = [.entered(lose(shop.refund, bench))]
        case .lostAdvice: expected = [.entered(lose(shop.offline, bench))]
        case .lostTip:
            // The tip is uploaded first, and brings its sale to the new total.
            expected = [.entered(lose(shop.tip, bench))]
        case .unknownToTerminal:
            let sale = try bench.request(.sale, 777)
            try bench.reply(to: sale)
            expected = [.disowned(bench.key(sale))]
        case .voidedUnknownToTerminal:
            let sale = try bench.request(.sale, 777)
            let void = try bench.request(.void, of: sale, bench.reply(to: sale))
            try bench.reply(to: void)
            expected = [.disowned(bench.key(void)), .disowned(bench.key(sale))]
        case .reversedAtHost:
            try bench.reply(to: bench.reversal(of: shop.sale))
            expected = [.reinstated(bench.key(shop.sale))]
        case .otherAmount:
            let tip = shop.tip.with([4: "000000000900", 11: bench.next(), 48: "000000000100"])
            #expect(try bench.code(tip) == "00")
            expected = [.amended(bench.key(shop.sale), from: 900)]
        }
        let balances = shop.balances
        #expect(try bench.settle(shop.totals) == [2, 1])
        let records = try shop.upload(bench)
        #expect(try bench.code(bench.end("202", records + 1)) == "95")
        #expect(try bench.code(bench.end("202", records)) == "00")
        let batch = try #require(host.ledger.batch("000007", terminal: HostBench.terminal))
        #expect(batch.differences == expected)
        #expect(batch.totals.domestic == shop.totals)
        #expect(host.ledger.balances == balances)
        #expect(host.batch == "000008")
    }

    private func lose(_ request: HostBench.Request, _ bench: HostBench) -> Ledger.Key {
        bench.host.lose(bench.key(request))
        return bench.key(request)
    }

    @Test func `voids are told from sales among the details that the host has lost`() throws {
        let bench = try HostBench()
        var details: [BatchDetails.Record] = []
        for amount in [500, 300, 700, 300] as [Int64] {
            let sale = try bench.request(.sale, amount)
            let void = try bench.request(.void, of: sale, bench.reply(to: sale))
            details += [bench.detail(sale)].compactMap { $0 }
            if amount < 600 {
                try bench.reply(to: void)
                details += [bench.detail(void)].compactMap { $0 }
            }
        }
        let (totals, balances) = (
            bench.host.ledger.totals("000007", terminal: HostBench.terminal).domestic, bench.host.ledger.balances
        )
        // The voids of 500 and 300, and the sale of 700.
        for trace in ["000003", "000005", "000006"] {
            bench.host.lose(Ledger.Key(terminal: HostBench.terminal, batch: "000007", stan: trace))
        }
        #expect(try bench.settle(totals) == [2, 1])
        #expect(try bench.code(bench.details(details)) == "00")
        #expect(try bench.code(bench.end("202", details.count)) == "00")
        let batch = try #require(bench.host.ledger.batch("000007", terminal: HostBench.terminal))
        #expect(batch.totals.domestic == totals && batch.differences.count == 3)
        #expect(bench.host.ledger.balances == balances)
    }

    @Test func `an upload that comes again is a duplicate and counts once`() throws {
        let bench = try HostBench()
        let shop = try Day(bench)
        try shop.sell()
        bench.faults.ask(.differingTotals)
        #expect(try bench.settle(shop.totals) == [2, 1])
        let records = try shop.upload(bench)
        #expect(try shop.upload(bench, expecting: "94") == records)
        #expect(try bench.code(bench.end("202", records)) == "00")
    }

    @Test func `records of chip transactions always go, after the totals, as those did`() throws {
        let bench = try HostBench()
        let sale = try bench.request(.sale, 500)
        try bench.reply(to: sale)
        let record = try bench.chipRecord("203", sale, 500)
        #expect(try bench.code(record) == "12", "before the settlement")
        #expect(try bench.settle(SettlementTotals.Side(debitAmount: 500, debitCount: 1)) == [1, 1])
        #expect(try bench.code(bench.chipRecord("205", sale, 500)) == "12")
        let arqc = try bench.chipData(.sale, 500, HostBench.domestic, .arqc)
        let other = try bench.chipData(.sale, 501, HostBench.domestic, .tc)
        for (wrong, code) in [
            (record.with(55, arqc), "59"), (record.with(55, other), "59"), (record.with(55, [0x95]), "30"),
            (record.with([55: nil]), "30"), (record.with([4: "000000000501"]), "30"),
            (record.with([62: "6101000000000500156"]), "30"), (record.with([62: "710005000000000500156" + "22"]), "30"),
            (record.with([2: "6200000000000021"]), "14"), (record.with([22: "022"]), "30"),
        ] {
            #expect(try bench.code(wrong) == code)
        }
        #expect(try bench.code(record) == "00")
        #expect(try bench.code(record) == "94")
        var failure = record.with([60: "00000007204", 62: "710005000000000500156" + "22"])
        failure = failure.with(55, [0x95, 0x05, 0x00, 0x00, 0x00, 0x00, 0x40])
        #expect(try bench.code(failure) == "00")
        #expect(try bench.code(bench.end("207", 2)) == "00")
    }

    @Test func `three thousand transactions settle, with differences, at the same pace`() throws {
        let bench = try HostBench { $0.partialApprovals = [] }
        var sent: [HostBench.Request] = []
        for index in 0..<1500 {
            let account = index % 2 == 0 ? HostBench.domestic : HostBench.foreign
            let sale = try bench.request(.sale, 100, way: .manual, account: account)
            let reply = try bench.reply(to: sale)
            let void = try bench.request(.void, of: sale, reply, account: account)
            try bench.reply(to: void)
            sent += [sale, void]
        }
        let side = SettlementTotals.Side(
            debitAmount: 75_000, debitCount: 750, creditAmount: 75_000, creditCount: 750)
        for index in stride(from: 0, to: 3000, by: 1000) { bench.host.lose(bench.key(sent[index])) }
        #expect(try bench.settle(side, side) == [2, 1])
        for start in stride(from: 0, to: 3000, by: 8) {
            let records = sent[start..<min(start + 8, 3000)].compactMap { bench.detail($0) }
            #expect(try bench.code(bench.details(records)) == "00")
        }
        #expect(try bench.code(bench.end("202", 3000)) == "00")
        let batch = try #require(bench.host.ledger.batch("000007", terminal: HostBench.terminal))
        #expect(batch.totals == SettlementTotals(domestic: side, foreign: side) && batch.differences.count == 3)
    }
}

/// A day of a shop that pays by one domestic card, and its upload.
private final class Day {
    private(set) var totals = SettlementTotals.Side()
    private(set) var balances: [String: Int64] = [:]
    let bench: HostBench
    private(set) var sale: HostBench.Request
    private(set) var void: HostBench.Request
    private(set) var refund: HostBench.Request
    private(set) var offline: HostBench.Request
    private(set) var tip: HostBench.Request
    private var voided: HostBench.Request

    init(_ bench: HostBench) throws {
        self.bench = bench
        sale = try bench.request(.sale, 800)
        (void, refund, offline, tip, voided) = (sale, sale, sale, sale, sale)
    }

    /// Sale with tip, voided sale, offline settlement and its refund.
    func sell() throws {
        let sold = try bench.reply(to: sale)
        voided = try bench.request(.sale, 300)
        void = try bench.request(.void, of: voided, bench.reply(to: voided))
        try bench.reply(to: void)
        offline = try bench.request(.offlineSettlement, 1000, way: .manual)
        let settled = try bench.reply(to: offline)
        refund = try bench.request(.refund, of: offline, settled, 400)
        try bench.reply(to: refund)
        tip = try bench.request(.tip, of: sale, sold, 850).with([48: "000000000050"])
        #expect(try bench.code(tip) == "00")
        totals = bench.host.ledger.totals("000007", terminal: HostBench.terminal).domestic
        #expect(totals == .init(debitAmount: 2150, debitCount: 3, creditAmount: 700, creditCount: 2))
        balances = bench.host.ledger.balances
    }

    /// Uploads it all; the number of records.
    func upload(_ bench: HostBench, expecting code: String = "00") throws -> Int {
        for advice in [offline, tip] { #expect(try bench.code(bench.advice(advice)) == code) }
        let details = [
            bench.detail(sale, amount: 850), bench.detail(voided), bench.detail(void),
        ].compactMap { $0 }
        #expect(try bench.code(bench.details(details)) == code)
        #expect(try bench.code(bench.advice(refund)) == code)
        #expect(try bench.code(bench.chipRecord("205", sale, 800)) == code)
        return 7
    }
}

extension HostBench {
    /// The settlement of this batch.
    fileprivate func settlement(
        _ domestic: SettlementTotals.Side, _ foreign: SettlementTotals.Side
    ) -> Request {
        let totals = SettlementTotals(domestic: domestic, foreign: foreign)
        return management(0x0500, "201", [48: totals.encoded, 49: "156", 63: "01 "])
    }

    /// What the host finds: 1 agreed, 2 differs.
    fileprivate func settle(
        _ domestic: SettlementTotals.Side = .init(), _ foreign: SettlementTotals.Side = .init()
    ) throws -> [Int] {
        let reply = try reply(to: settlement(domestic, foreign))
        let totals = try SettlementTotals(decoding: #require(reply.text(48)))
        return [totals.domestic.agreement.rawValue, totals.foreign.agreement.rawValue]
    }

    fileprivate func end(_ function: String, _ records: Int) -> Request {
        management(0x0320, function, [48: Digits.padded(records, 4)])
    }

    fileprivate func detail(_ request: Request, amount: Int? = nil) -> BatchDetails.Record? {
        guard let pan = request.fields[2], let told = request.fields[4].flatMap({ Int($0) }) else { return nil }
        return BatchDetails.Record(
            organisation: pan.hasPrefix("62") ? "00" : "01", trace: request.stan, accountNumber: pan,
            amount: amount ?? told)
    }

    fileprivate func details(_ records: [BatchDetails.Record]) -> Request {
        management(0x0320, "201", [48: BatchDetails(records).encoded])
    }

    /// An advice once more.
    fileprivate func advice(_ request: Request) -> Request {
        var advice = request
        advice.mti = 0x0320
        advice.isSealed = false
        let type = request.fields[60]?.prefix(8) ?? ""
        return advice.with([35: nil, 53: nil, 60: type + "201"])
    }

    fileprivate func chipRecord(_ function: String, _ request: Request, _ amount: Int64) throws -> Request {
        let changes = [
            2: request.fields[2], 4: Digits.padded(amount, 12), 11: request.stan, 22: request.fields[22], 23: "001",
            62: "6100" + Digits.padded(amount, 12) + "156",
        ]
        return management(0x0320, function, changes).with(55, try chipData(.sale, amount, HostBench.domestic, .tc))
    }
}
