import Payments
import Testing

@Suite struct SettlementStateTests {
    static let settlement = Settlement(batch: .first, stan: .first, totals: Totals(), supervisor: nil)
    static let comparison = Settlement.Comparison(domesticAgrees: true, foreignAgrees: false)
    static let records: [String: Record] = [
        "begun": .settlementBegun(settlement),
        "compared": .settlementCompared(comparison),
        "first": .uploading(index: 0, STAN.first.next),
        "second": .uploading(index: 1, STAN.first.next.next),
        "third": .uploading(index: 2, STAN.first.next.next.next),
        "first refused": .uploadRefused(index: 0, code: "30"),
        "second refused": .uploadRefused(index: 1, code: "30"),
        "settled": .settled(.first),
        "another settled": .settled(BatchNumber.first.next),
        "no settlement's": .signedOff,
    ]

    static let cases: [(history: [String], next: Set<String>)] = [
        (["begun"], ["compared"]),
        (["begun", "compared"], ["first", "settled"]),
        (["begun", "compared", "first"], ["first refused", "second", "settled"]),
        (["begun", "compared", "first", "first refused"], ["second", "settled"]),
        (["begun", "compared", "first", "second"], ["second refused", "third", "settled"]),
        (["begun", "compared", "first", "settled"], []),
    ]

    @Test(arguments: cases) func `a record follows or does not`(history: [String], next: Set<String>) throws {
        let entries = Sample.entries(history.compactMap { Self.records[$0] })
        let state = try #require(SettlementState(entries))
        for (name, record) in Self.records {
            var after = state
            let follows = after.follow(Entry(sequence: 9, time: Sample.time, record: record, hash: []))
            #expect(follows == next.contains(name), "\(name)")
            if !follows { #expect(after == state) }
        }
    }

    @Test func `it tells how far it is`() throws {
        let names = ["begun", "compared", "first", "first refused", "second"]
        let state = try #require(SettlementState(Sample.entries(names.compactMap { Self.records[$0] })))
        #expect(state.begun == Self.settlement && state.begunAt == Sample.time)
        #expect(state.comparison == Self.comparison)
        #expect(state.sending?.index == 1 && state.sending?.stan.value == 3)
        #expect(state.refused == [0: "30"])
        #expect(state.settledAt == nil)
    }

    @Test(arguments: [[], ["compared"], ["begun", "begun"], ["begun", "first"], ["begun", "settled"]] as [[String]])
    func `what does not hang together is no settlement`(history: [String]) {
        #expect(SettlementState(Sample.entries(history.compactMap { Self.records[$0] })) == nil)
    }
}
