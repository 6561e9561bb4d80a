import ISO8583
import Payments
import SimulatedAcquirer
import SimulatedCards
import Testing
import Wire

/// The message matrix: what each kind does to the ledger, and what speaks against it.
struct HostFinancialTests {
    // MARK: Sale, balance, verification

    @Test(arguments: [HostBench.Way.chip, .contactless, .stripe, .manual, .mail])
    func `a sale takes its money however the card comes`(way: HostBench.Way) throws {
        let bench = try HostBench()
        let sale = try bench.request(.sale, way: way)
        let reply = try bench.reply(to: sale)
        #expect(reply.text(39) == "00" && reply.text(4) == "000000008880")
        #expect(reply.text(37) == "000000000001" && reply.text(38) == "T00001" && reply.text(15) == "0309")
        #expect(reply.has(55) == (way == .chip || way == .contactless))
        #expect(bench.balance() == 991_120)
        #expect(bench.host.ledger.captured(bench.key(sale)) == 8880)
    }

    @Test func `a balance and a verification move nothing`() throws {
        let bench = try HostBench()
        let balance = try bench.reply(to: bench.request(.balance))
        #expect(balance.text(39) == "00" && balance.text(54) == "1002156C000001000000" && !balance.has(4))
        #expect(try bench.code(bench.request(.verification)) == "00")
        #expect(bench.balance() == 1_000_000 && bench.host.ledger.openCaptures().isEmpty)
        // What is kept is not there to be spent.
        try bench.reply(to: bench.request(.preAuthorization, 400_000))
        #expect(try bench.reply(to: bench.request(.balance)).text(54) == "1002156C000000600000")
        #expect(try bench.code(bench.request(.sale, 600_001)) == "51")
    }

    /// A change to a good request, and the code that answers it.
    struct Wrong: Sendable, CustomTestStringConvertible {
        let what: String
        var kind = Ledger.Kind.sale
        var way = HostBench.Way.chip
        var amount: Int64 = 8880
        var pin: String?
        let changes: [Int: String?]
        let code: String

        var testDescription: String { what }
    }

    @Test(arguments: [
        Wrong(what: "currency", changes: [49: "840"], code: "30"),
        Wrong(what: "no currency", changes: [49: nil], code: "30"),
        Wrong(what: "processing code", changes: [3: "010000"], code: "12"),
        Wrong(what: "condition", changes: [25: "06"], code: "30"),
        Wrong(what: "function", changes: [60: "2200000700150"], code: "12"),
        Wrong(what: "unknown kind", changes: [60: "9900000700050"], code: "12"),
        Wrong(what: "kind of another message", changes: [60: "2500000700050"], code: "12"),
        Wrong(what: "older batch", changes: [60: "2200000600050"], code: "77"),
        Wrong(what: "nothing to pay", amount: 0, changes: [:], code: "13"),
        Wrong(what: "no amount", changes: [4: nil], code: "30"),
        Wrong(what: "amount of a balance", kind: .balance, changes: [4: "000000000000"], code: "30"),
        Wrong(what: "more than there is", amount: 1_000_001, changes: [:], code: "51"),
        Wrong(what: "more than can be kept", kind: .preAuthorization, amount: 1_000_001, changes: [:], code: "51"),
        Wrong(what: "unknown card", way: .manual, changes: [2: "6200000000000021"], code: "14"),
        Wrong(what: "card sequence number", changes: [23: "002"], code: "14"),
        Wrong(what: "another card's track", changes: [35: "6200000000000021=4912201"], code: "14"),
        Wrong(what: "expiry", changes: [14: "3001"], code: "54"),
        Wrong(what: "other amount than the cryptogram's", changes: [4: "000000008881"], code: "59"),
        Wrong(what: "chip without cryptogram", changes: [55: nil], code: "30"),
        Wrong(what: "no entry mode", changes: [22: nil], code: "30"),
        Wrong(what: "entry mode unknown", changes: [22: "112"], code: "30"),
        Wrong(what: "entry mode of a stripe", changes: [22: "022"], code: "30"),
        Wrong(what: "stripe without its track", way: .stripe, changes: [35: nil, 53: nil], code: "30"),
        Wrong(what: "stripe of a chip card", way: .stripe, changes: [35: "6200000000000013=491220112345"], code: "45"),
        Wrong(
            what: "stripe of a chip card after a fallback", way: .stripe,
            changes: [22: "802", 35: "6200000000000013=491220112345", 60: "2200000700052"], code: "00"),
        Wrong(what: "track without security control", changes: [53: nil], code: "30"),
        Wrong(what: "security control says PIN", changes: [53: "2600000000000000"], code: "30"),
        Wrong(what: "security control says single DES", changes: [53: "0000000000000000"], code: "30"),
        Wrong(what: "security control says encrypted track", changes: [53: "0610000000000000"], code: "30"),
        Wrong(what: "manual with a track", way: .manual, changes: [35: "6200000000000013=4912201"], code: "30"),
        Wrong(what: "wrong PIN", pin: "654321", changes: [:], code: "55"),
        Wrong(what: "right PIN", pin: "123456", changes: [:], code: "00"),
        Wrong(what: "PIN that field 22 denies", pin: "123456", changes: [22: "052"], code: "30"),
        Wrong(what: "PIN without its length", pin: "123456", changes: [26: nil], code: "30"),
        Wrong(what: "length without PIN", changes: [26: "12"], code: "30"),
        Wrong(what: "reference of another", changes: [37: "000000000001"], code: "30"),
        Wrong(what: "mail order without CVN2", way: .mail, changes: [62: nil], code: "05"),
        Wrong(what: "wrong CVN2", way: .mail, changes: [62: "92CV003999"], code: "05"),
        Wrong(what: "broken CVN2", way: .mail, changes: [62: "CV003123"], code: "30"),
        Wrong(what: "mail order with a chip", changes: [25: "08"], code: "30"),
        Wrong(what: "mail order with a PIN", way: .mail, pin: "123456", changes: [:], code: "30"),
        Wrong(
            what: "wrong CVN2 of a pre-authorisation", kind: .preAuthorization, way: .mail, changes: [62: nil],
            code: "05"),
        Wrong(what: "CVN2 at the counter", way: .manual, changes: [62: "92CV003123"], code: "30"),
        Wrong(
            what: "offline sale with a track", kind: .offlineSale, changes: [35: "6200000000000013=4912201"], code: "30"
        ),
        Wrong(
            what: "offline settlement without its code", kind: .offlineSettlement, way: .manual, changes: [38: nil],
            code: "30"),
    ])
    func `what speaks against a request`(_ wrong: Wrong) throws {
        let bench = try HostBench()
        let request = try bench.request(wrong.kind, wrong.amount, way: wrong.way, pin: wrong.pin)
        #expect(try bench.code(request.with(wrong.changes)) == wrong.code)
        #expect(bench.host.ledger.openCaptures().isEmpty == (wrong.code != "00"))
        #expect(bench.balance() == (wrong.code == "00" ? 991_120 : 1_000_000))
    }

    @Test func `a header of the wrong class, a wrong MAC, another terminal, another merchant`() throws {
        let bench = try HostBench()
        var request = try bench.request(.sale)
        request.applicationClass = 0x60
        #expect(try bench.code(request) == "30")
        request = try bench.request(.sale)
        request.isSealed = false
        #expect(try bench.code(request) == "A0")
        #expect(try bench.code(request.with(64, [UInt8]("00000000".utf8))) == "A0")
        #expect(try bench.send(bench.request(.sale).with([41: "87654321"]))?.text(39) == "97")
        #expect(try bench.send(bench.request(.sale).with([42: "543210987654321"]))?.text(39) == "03")
        #expect(bench.balance() == 1_000_000)
    }

    @Test(arguments: ["75", "38"]) func `too many wrong PINs`(code: String) throws {
        let bench = try HostBench {
            $0.pinTryLimit = 3
            $0.pinTriesExceededCode = code
        }
        let entered = ["000000", "000000", "123456", "000000", "000000", "000000", "000000", "123456"]
        let codes = try entered.map { try bench.code(bench.request(.sale, 100, pin: $0)) }
        #expect(codes == ["55", "55", "00", "55", "55", "55", code, code])
    }

    @Test(arguments: [
        (partial: true, told: "1", code: "10"), (true, nil, "51"), (false, "1", "51"),
    ])
    func `partial approval`(partial: Bool, told: String?, code: String) throws {
        let bench = try HostBench {
            if partial { $0.partialApprovals = [HostBench.domestic.number] }
        }
        let request = try bench.request(.sale, 1_500_000).with([60: "2200000700050" + (told ?? "")])
        let reply = try bench.reply(to: request)
        #expect(reply.text(39) == code)
        guard code == "10" else { return }
        #expect(reply.text(4) == "000001000000" && reply.text(54) == "1002156C000000000000")
        #expect(bench.host.ledger.captured(bench.key(request)) == 1_000_000)
        // The reversal names the amount that was asked for.
        #expect(try bench.code(bench.reversal(of: request)) == "00")
        #expect(bench.balance() == 1_000_000)
    }

    // MARK: Void

    @Test func `a void takes the whole sale back, once`() throws {
        let bench = try HostBench()
        let sale = try bench.request(.sale)
        let reply = try bench.reply(to: sale)
        let void = try bench.request(.void, of: sale, reply)
        for (changes, code) in [
            ([4: "000000008881"], "64"), ([61: "000007000099"], "25"), ([61: "000006000002"], "25"),
            ([37: "000000000099"], "25"), ([38: "T99999"], "25"), ([37: nil], "30"), ([38: nil], "30"),
            ([61: nil], "30"), ([61: "00000700000"], "30"), ([62: "92CV003123"], "30"), ([25: "08"], "12"),
        ] as [([Int: String?], String)] {
            #expect(try bench.code(void.with(changes).with([11: bench.next()])) == code, "\(changes)")
        }
        let other = try bench.request(.void, of: sale, reply, account: HostBench.foreign)
        #expect(try bench.code(other) == "14")
        #expect(bench.balance() == 991_120)
        let good = try bench.request(.void, of: sale, reply, way: .chip)
        #expect(try bench.code(good) == "00")
        #expect(bench.balance() == 1_000_000 && bench.host.ledger.openCaptures().isEmpty)
        #expect(bench.state(sale) == .closed(by: bench.key(good)))
        #expect(try bench.code(bench.request(.void, of: sale, reply)) == "12")
        // A repeat is a duplicate and changes nothing.
        #expect(try bench.code(good) == "94")
        let totals = bench.host.ledger.totals("000007", terminal: HostBench.terminal).domestic
        #expect(totals.debitCount == 1 && totals.creditCount == 1 && totals.debitAmount == totals.creditAmount)
    }

    @Test func `what cannot be voided`() throws {
        let bench = try HostBench()
        for kind in [Ledger.Kind.preAuthorization, .offlineSettlement, .offlineSale] {
            let request = try bench.request(kind, way: kind == .offlineSettlement ? .manual : .chip)
            #expect(try bench.code(bench.request(.void, of: request, bench.reply(to: request))) == "12")
        }
        bench.host.declineNext("61")
        let declined = try bench.request(.sale)
        let answer = try bench.reply(to: declined)
        #expect(answer.text(39) == "61")
        #expect(try bench.code(bench.request(.void, of: declined, answer)) == "25")
    }

    // MARK: Refund

    @Test func `refunds give back any part, up to what was paid`() throws {
        let bench = try HostBench()
        let sale = try bench.request(.sale)
        let reply = try bench.reply(to: sale)
        // In another batch, as usual.
        bench.host.open(batch: "000008")
        try bench.signIn()
        for (changes, code) in [
            ([37: "000000000099"], "25"), ([61: "0000000000000310"], "25"), ([61: "000000000000"], "30"),
            ([61: "0000070000990309"], "25"), ([37: nil], "30"), ([63: nil], "30"), ([4: "000000008881"], "61"),
        ] as [([Int: String?], String)] {
            let refund = try bench.request(.refund, of: sale, reply).with(changes)
            #expect(try bench.code(refund) == code, "\(changes)")
        }
        let first = try bench.request(.refund, of: sale, reply, 5000)
        let booked = try bench.reply(to: first)
        #expect(booked.text(39) == "00")
        for _ in 1...2 {
            let again = try bench.reply(to: first)
            #expect(again.text(39) == "94" && again.text(37) == booked.text(37))
        }
        #expect(bench.balance() == 996_120)
        let tooMuch = try bench.request(.refund, of: sale, reply, 3881)
        #expect(try bench.code(tooMuch) == "61")
        #expect(try bench.code(tooMuch) == "61", "a refusal is no duplicate")
        #expect(try bench.code(bench.request(.refund, of: sale, reply, 3880, way: .stripe)) == "00")
        #expect(bench.balance() == 1_000_000)
        #expect(bench.host.ledger.captured(bench.key(sale)) == 0)
        #expect(bench.host.ledger.captured(bench.key(first)) == -5000)
        #expect(try bench.code(bench.request(.refund, of: sale, reply, 1)) == "61")
    }

    @Test func `a refunded sale is not voided, a voided one not refunded`() throws {
        let bench = try HostBench()
        let first = try bench.request(.sale)
        let second = try bench.request(.sale)
        let replies = try [first, second].map { try bench.reply(to: $0) }
        #expect(try bench.code(bench.request(.refund, of: first, replies[0], 1)) == "00")
        #expect(try bench.code(bench.request(.void, of: first, replies[0])) == "12")
        #expect(try bench.code(bench.request(.void, of: second, replies[1])) == "00")
        #expect(try bench.code(bench.request(.refund, of: second, replies[1], 1)) == "12")
    }

    // MARK: Pre-authorisation

    @Test(
        arguments: [(Int64(10_000), "00"), (11_500, "00"), (11_501, "61"), (1, "00")],
        [
            Ledger.Kind.completion, .completionAdvice,
        ])
    func `a completion takes up to 115 % of what is kept`(_ limit: (Int64, String), kind: Ledger.Kind) throws {
        let bench = try HostBench()
        let hold = try bench.request(.preAuthorization, 10_000)
        let reply = try bench.reply(to: hold)
        #expect(bench.host.ledger.holds[HostBench.domestic.number] == 10_000 && bench.balance() == 1_000_000)
        let completion = try bench.request(kind, of: hold, reply, limit.0)
        #expect(try bench.code(completion) == limit.1)
        let isDone = limit.1 == "00"
        #expect(bench.host.ledger.holds[HostBench.domestic.number] == (isDone ? 0 : 10_000))
        #expect(bench.balance() == 1_000_000 - (isDone ? limit.0 : 0))
        if isDone { #expect(try bench.code(bench.request(.completion, of: hold, reply)) == "12") }
    }

    @Test func `a pre-authorisation is found by code and date alone, and by nothing less`() throws {
        let bench = try HostBench()
        let hold = try bench.request(.preAuthorization, 10_000)
        let reply = try bench.reply(to: hold)
        for (changes, code) in [
            ([38: "T99999"], "25"), ([61: "0000000000000310"], "25"), ([61: "0000070000990309"], "25"),
            ([61: "000000000000"], "30"), ([38: nil], "30"), ([25: "18"], "12"),
        ] as [([Int: String?], String)] {
            let completion = try bench.request(.completion, of: hold, reply).with(changes)
            #expect(try bench.code(completion) == code, "\(changes)")
        }
        let unknown = try bench.request(.completion, of: hold, reply).with([61: "0000000000000309"])
        #expect(try bench.code(unknown) == "00")
    }

    @Test func `a cancel frees what is kept, whole and once`() throws {
        let bench = try HostBench()
        let hold = try bench.request(.preAuthorization, 10_000)
        let reply = try bench.reply(to: hold)
        #expect(try bench.code(bench.request(.cancel, of: hold, reply, 9999)) == "64")
        #expect(try bench.code(bench.request(.cancel, of: hold, reply)) == "00")
        #expect(bench.host.ledger.openHolds().isEmpty)
        #expect(try bench.code(bench.request(.cancel, of: hold, reply)) == "12")
        #expect(try bench.code(bench.request(.completion, of: hold, reply)) == "12")
        #expect(bench.balance() == 1_000_000)
    }

    @Test(arguments: [HostBench.Way.chip, .mail])
    func `the void of a completion opens the pre-authorisation again`(way: HostBench.Way) throws {
        let bench = try HostBench()
        let hold = try bench.request(.preAuthorization, 10_000, way: way)
        let held = try bench.reply(to: hold)
        let completion = try bench.request(.completion, of: hold, held, 11_000)
        let completed = try bench.reply(to: completion)
        #expect(completed.text(39) == "00" && completed.text(38) == held.text(38))
        #expect(try bench.code(bench.request(.completionVoid, of: completion, completed, 10_000)) == "64")
        #expect(try bench.code(bench.request(.completionVoid, of: completion, completed)) == "00")
        #expect(bench.host.ledger.openHolds().map(\.amount) == [10_000] && bench.balance() == 1_000_000)
        #expect(try bench.code(bench.request(.completionVoid, of: completion, completed)) == "12")
        #expect(try bench.code(bench.request(.completion, of: hold, held, 9000)) == "00")
        #expect(bench.balance() == 991_000)
    }

    // MARK: Told afterwards

    @Test func `what is told is booked once, whatever the account holds, to its own batch`() throws {
        let bench = try HostBench()
        let told = [
            try bench.request(.offlineSettlement, 600_000, way: .manual), try bench.request(.offlineSale, 600_000),
        ]
        let late = try bench.request(.sale)
        bench.host.open(batch: "000008")
        for request in told {
            #expect(try bench.code(request) == "00")
            #expect(try bench.code(request) == "94")
        }
        #expect(try bench.code(late) == "77")
        #expect(bench.balance() == -200_000)
        #expect(bench.host.ledger.totals("000007", terminal: HostBench.terminal).domestic.debitCount == 2)
        #expect(bench.host.ledger.totals("000008", terminal: HostBench.terminal).domestic.debitCount == 0)
        let never = try bench.request(.offlineSale).with([60: "3600009900050"])
        #expect(try bench.code(never) == "77")
    }

    @Test func `an offline sale needs a certificate of its own`() throws {
        let bench = try HostBench()
        let good = try bench.request(.offlineSale)
        let chipData = try bench.chipData(.offlineSale, 8880, HostBench.domestic, .arqc)
        #expect(try bench.code(bench.request(.offlineSale).with(55, chipData)) == "59")
        #expect(try bench.code(good) == "00")
        #expect(try bench.code(bench.request(.offlineSale).with(55, #require(good.bytes[55]))) == "59")
    }

    @Test func `an advice that met a fault of the system may come again`() throws {
        let bench = try HostBench()
        let sale = try bench.request(.offlineSale)
        bench.host.declineNext("96")
        #expect(try [1, 2, 3].map { _ in try bench.code(sale) } == ["96", "00", "94"])
        #expect(bench.balance() == 991_120)
    }

    @Test func `tips and adjustments replace the amount, not the count`() throws {
        let bench = try HostBench()
        let sale = try bench.request(.sale, 10_000)
        let sold = try bench.reply(to: sale)
        let offline = try bench.request(.offlineSettlement, 20_000, way: .manual)
        let settled = try bench.reply(to: offline)
        func tip(_ total: Int64, _ tip: Int64) throws -> HostBench.Request {
            try bench.request(.tip, of: sale, sold, total).with([48: Digits.padded(tip, 12)])
        }
        #expect(try bench.code(tip(11_500, 1500)) == "00")
        #expect(try bench.code(tip(12_000, 2000)) == "00", "another tip replaces the first")
        #expect(try bench.code(tip(13_000, 2000)) == "64")
        #expect(try bench.code(bench.request(.adjustment, of: sale, sold, 9000)) == "12")
        #expect(try bench.code(bench.request(.adjustment, of: offline, settled, 18_000)) == "00")
        #expect(try bench.code(tip(12_000, 2000).with([48: nil])) == "30")
        #expect(try bench.code(tip(12_000, 2000).with([61: "000007000099"])) == "25")
        #expect(bench.balance() == 970_000)
        let totals = bench.host.ledger.totals("000007", terminal: HostBench.terminal).domestic
        #expect(totals.debitCount == 2 && totals.debitAmount == 30_000)
        #expect(bench.host.ledger.captured(bench.key(sale)) == 12_000)
        // Void and refund see the new total.
        #expect(try bench.code(bench.request(.void, of: sale, sold, 10_000)) == "64")
        #expect(try bench.code(bench.request(.void, of: sale, sold, 12_000)) == "00")
        #expect(try bench.code(bench.request(.refund, of: offline, settled, 18_001)) == "61")
    }

    // MARK: Scripts

    @Test func `an issuer's script and its result`() throws {
        let bench = try HostBench()
        bench.host.sendScript([.unblockPIN])
        let sale = try bench.request(.sale)
        let reply = try bench.reply(to: sale)
        let objects = try TLV.parse(Array(#require(reply.bytes(55))))
        #expect(objects.map(\.tag) == [0x91, 0x72])
        var result = sale
        result.mti = 0x0620
        for field in [14, 35, 53] { result.fields[field] = nil }
        result = result.with([
            11: bench.next(), 37: reply.text(37), 38: reply.text(38), 60: "00\(bench.batch)951",
            61: "\(bench.batch)\(sale.stan)0309",
        ]).with(55, [0xDF, 0x31, 0x05, 0x20, 0x00, 0x00, 0x00, 0x01])
        #expect(try bench.code(result.with([11: bench.next(), 61: "000007000099"])) == "25")
        #expect(try bench.code(result.with([11: bench.next()]).with(55, [0x95, 0x00])) == "30")
        #expect(try bench.code(result) == "00")
        #expect(try bench.code(result) == "94")
        #expect(bench.host.ledger.scriptResults == [bench.key(sale): [0x20, 0x00, 0x00, 0x00, 0x01]])
    }

    // MARK: Every kind

    @Test(arguments: Ledger.Kind.allCases) func `a repeat moves nothing, and no field may be missing`(
        kind: Ledger.Kind
    ) throws {
        let bench = try HostBench()
        let good = try request(kind, bench)
        for field in [2, 22, 25, 49] where good.fields[field] != nil && good.fields[35] == nil {
            let code = try bench.code(good.with([11: bench.next(), field: nil]))
            #expect(code == "30", "without field \(field)")
        }
        let before = bench.host.ledger
        #expect(try bench.code(good) == "00")
        let after = bench.host.ledger
        #expect(after.entries.count == before.entries.count + 1)
        #expect(try bench.code(good) == "94")
        #expect(bench.host.ledger == after)
    }

    /// A good request of this kind, after what must come before it.
    private func request(_ kind: Ledger.Kind, _ bench: HostBench) throws -> HostBench.Request {
        switch kind {
        case .sale, .balance, .verification, .preAuthorization, .offlineSale:
            return try bench.request(kind)
        case .offlineSettlement: return try bench.request(kind, way: .manual)
        case .void, .refund, .tip:
            let sale = try bench.request(.sale)
            return try bench.request(kind, of: sale, bench.reply(to: sale))
        case .adjustment:
            let offline = try bench.request(.offlineSettlement, way: .manual)
            return try bench.request(kind, of: offline, bench.reply(to: offline))
        case .cancel, .completion, .completionAdvice:
            let hold = try bench.request(.preAuthorization)
            return try bench.request(kind, of: hold, bench.reply(to: hold))
        case .completionVoid:
            let hold = try bench.request(.preAuthorization)
            let completion = try bench.request(.completion, of: hold, bench.reply(to: hold))
            return try bench.request(kind, of: completion, bench.reply(to: completion))
        }
    }
}
