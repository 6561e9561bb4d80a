import Engine
import ISO8583
import Payments
import Testing

@testable import Acquiring

struct SettlementReplyTests {
    private static func settlement(_ change: (inout Totals) -> Void) -> Settlement {
        var totals = Totals()
        change(&totals)
        return Settlement(batch: .first, stan: .first, totals: totals, supervisor: nil)
    }

    private static let mixed = settlement { totals in
        totals.add(100, .debit, .domestic)
        totals.add(200, .credit, .foreign)
    }
    private static let domestic = settlement { $0.add(100, .debit, .domestic) }

    private func compare(
        _ settlement: Settlement, _ domestic: Int, _ foreign: Int, code: String? = nil
    ) throws -> Settlement.Comparison {
        var reply = Message(0x0510)
        let half = String(repeating: "0", count: 30)
        try reply.set(48, "\(half)\(domestic)\(half)\(foreign)")
        if let code { try reply.set(39, code) }
        return try Sample.dialect().comparison(.reply(reply), of: settlement)
    }

    @Test(arguments: [
        (1, 1, true, true), (2, 1, false, true), (1, 2, true, false), (1, 3, true, false), (0, 1, false, true),
        (2, 2, false, false), (9, 1, false, true),
    ])
    func `each class by its flag`(domestic: Int, foreign: Int, first: Bool, second: Bool) throws {
        #expect(
            try compare(Self.mixed, domestic, foreign)
                == Settlement.Comparison(domesticAgrees: first, foreignAgrees: second))
    }

    @Test func `a class of nothing agrees unless the acquirer has something`() throws {
        #expect(try compare(Self.domestic, 1, 0).agrees)
        #expect(try !compare(Self.domestic, 1, 2).foreignAgrees)
    }

    @Test func `field 39 counts only where nothing was compared`() throws {
        #expect(try compare(Self.domestic, 1, 0, code: "95").agrees)
        let error = #expect(throws: AcquiringError.self) { try compare(Self.domestic, 0, 0, code: "77") }
        #expect(error?.reason == .declined && error?.demandsSignIn == true)
        #expect(try !compare(Self.domestic, 0, 0, code: "00").agrees)
    }

    @Test func `without totals there is no comparison`() throws {
        let error = #expect(throws: AcquiringError.self) {
            try Sample.dialect().comparison(.reply(Message(0x0510)), of: Self.domestic)
        }
        #expect(error?.reason == .badReply)
    }

    @Test(arguments: [(1000, 1), (1, 1_000_000_000_000), (1, -1)] as [(Int, Int64)])
    func `totals that no field holds are an error`(count: Int, amount: Int64) throws {
        let settlement = Self.settlement { $0.domestic.debit = Tally(count: count, amount: amount) }
        #expect(throws: MessageError(.invalidValue, at: 0, in: "F48")) { try Sample.dialect().settlement(settlement) }
    }

    @Test(arguments: [-1, 10_000]) func `an end of more records than four digits say`(records: Int) throws {
        #expect(throws: MessageError.self) {
            try Sample.dialect().upload(.end(agreed: true, records: records), stan: .first, batch: .first) { _ in nil }
        }
    }

    @Test func `no detail without its account number`() throws {
        let id = try #require(RequestID(rawValue: "x"))
        #expect(throws: MessageError(.invalidValue, at: 0, in: "F2")) {
            try Sample.dialect().upload(.chipRecord(id, agreed: true), stan: .first, batch: .first) { _ in nil }
        }
    }
}
