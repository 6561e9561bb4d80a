import Foundation
import Payments
import Synchronization
import Testing

@testable import Journaling

struct RetentionTests {
    let folder: Folder
    let journal: Journal
    static let year = 365 * 86_400
    /// Long after all that is written.
    static let now = Sample.time.advanced(seconds: 3 * year)

    init() throws {
        folder = try Folder()
        journal = try folder.open()
    }

    /// A settled day of some sales, 3 records each and 4 of the settlement.
    private func day(_ batch: Int, sales: Int = 3, at time: LocalDateTime = Sample.time) throws {
        for index in 1...sales {
            try journal.append(
                try Sample.sale("D\(batch)-\(index)", stan: index, batch: batch), pan: PAN(Sample.digits), at: time)
        }
        try journal.append(try Sample.settlement(batch, stan: sales + 1), at: time)
    }

    private func prune(_ journal: Journal, before time: LocalDateTime = now, chunk: Int = 1000) throws -> Int {
        try journal.prune(before: time, at: Self.now, chunk: chunk)
    }

    @Test func removesWhatIsSettledAndOldAndTheChainHolds() throws {
        try day(1)
        try day(2)
        try journal.write(try Sample.sale("R", stan: 1, batch: 3))
        let before = try journal.entries(limit: 100)
        #expect(try prune(journal) == 22)
        func check(_ journal: Journal) throws {
            #expect(try journal.entries(limit: 100).prefix(before.count - 22) == before.dropFirst(22)[...])
            #expect(journal.count == before.count + 1)
            #expect(try journal.entry(22) == nil)
            #expect(try journal.payment(Sample.id("D1-1")) == nil)
            #expect(try journal.payment(Sample.id("R")) != nil)
            #expect(try journal.lastSettlement()?.begun.batch.value == 2)
            #expect(try journal.numbers() == (try Sample.stan(2), try Sample.batch(3)))
            #expect(try journal.highestCount() == 1)
            #expect(try prune(journal) == 0)
            try journal.verify()
            try journal.write([.started(version: "1")])
            try journal.verify()
        }
        try folder.afterPowerCut(check)
        try check(journal)
        guard case .pruned(let through, let hash) = try journal.entry(before.count + 1)?.record else {
            Issue.record("no checkpoint")
            return
        }
        #expect(through == 22)
        #expect(hash == before[21].hash.map { String(format: "%02X", $0) }.joined())
    }

    @Test func goesInChunksThatCutNothingInTwo() throws {
        for batch in 1...6 { try day(batch) }
        var removed: [Int] = []
        while let count = try Optional(prune(journal, chunk: 4)), count > 0 {
            removed.append(count)
            try journal.verify()
            try folder.afterPowerCut { _ = try $0.verify() }
            #expect(journal.settlement() == nil)
        }
        // Two sales, a sale and the settlement, two sales, …; the last settlement stays.
        #expect(removed == [6, 7, 6, 7, 6, 7, 6, 7, 6, 7, 6, 3])
        #expect(try journal.entries(limit: 1).first?.record.kind == .settlementBegun)
    }

    @Test func leavesWhatIsTooYoung() throws {
        try day(1)
        try day(2, at: Sample.time.advanced(seconds: Self.year))
        try day(3, at: Sample.time.advanced(seconds: 2 * Self.year))
        #expect(try prune(journal, before: Sample.time) == 0)
        #expect(try prune(journal, before: Sample.time.advanced(seconds: 1)) == 13)
        #expect(try prune(journal, before: Sample.time.advanced(seconds: Self.year)) == 0)
        #expect(try prune(journal, before: .latest) == 22)
    }

    /// A register's request is known for 48 hours whatever the configuration says (M9).
    @Test func knowsEveryRequestForTwoDays() throws {
        try day(1)
        try day(2)
        func prune(hours: Int) throws -> Int {
            try journal.prune(before: .latest, at: Sample.time.advanced(seconds: hours * 3600), chunk: 1000)
        }
        #expect(try prune(hours: 0) == 0)
        #expect(try prune(hours: 48) == 0)
        #expect(try prune(hours: 49) == 22)
    }

    /// Records that keep all after them: nothing from the first of their payment on is removed.
    static let open: [@Sendable () throws -> [Record]] = [
        { [.accepted(try Sample.request("X"))] },
        { try Sample.sale("X", stan: 90).dropLast() },
        { try Sample.reversed("X", stan: 90) },
        { try Sample.stored("X", stan: 90) },
        { try Sample.stored("X", stan: 90) + [.storedAnswered(try Sample.id("X"), Sample.declined, accepted: false)] },
    ]

    @Test(arguments: open.indices)
    func leavesWhatIsOpen(index: Int) throws {
        try journal.write(try Sample.sale("A", stan: 80))
        try journal.write(try Self.open[index]())
        // What was accepted would keep the batch from being settled: it is settled with another's number.
        try journal.write([.signedIn(batch: try Sample.batch(2))])
        if try journal.unfinished().isEmpty {
            try day(2)
            try day(3)
            #expect(try prune(journal) == 3)
            try journal.verify()
        } else {
            #expect(try prune(journal) == 0)
        }
    }

    /// A payment that ended long after the next ones began goes with them.
    @Test func keepsAPaymentsRecordsTogether() throws {
        try journal.write(try Sample.stored("A", stan: 1) + (try Sample.sale("B", stan: 2)))
        try journal.write([.storedAnswered(try Sample.id("A"), Sample.reply, accepted: true)])
        try journal.write(try Sample.settlement(1, stan: 3))
        try day(2)
        #expect(try prune(journal, chunk: 1) == 7)
        #expect(try prune(journal, chunk: 1) == 4)
        try journal.verify()
    }

    @Test func removesNothingWithoutASettlement() throws {
        #expect(try prune(journal) == 0)
        try journal.write(try Sample.sale("A", stan: 1) + [.signedIn(batch: try Sample.batch(2))])
        #expect(try prune(journal) == 0)
        try day(2)
        try journal.write(try Sample.settlement(3, stan: 1).dropLast())
        #expect(try prune(journal) == 13)
        #expect(journal.settlement()?.begun.batch.value == 3)
        try journal.verify()
    }

    @Test func onlyPruningSaysWhatWasPruned() throws {
        try day(1)
        let error = #expect(throws: JournalError.self) {
            try journal.append(.pruned(through: 3, hash: ""), at: Sample.time)
        }
        #expect(error?.kind == .contradiction)
    }

    @Test func everythingElseStaysUndeletable() throws {
        try day(1)
        try day(2)
        try day(3)
        #expect(try prune(journal, chunk: 10) == 13)
        for sql in [
            "DELETE FROM record WHERE sequence = 14", "DELETE FROM record",
            "DELETE FROM record WHERE kind = 'pruned'", "UPDATE record SET payload = '' WHERE kind = 'pruned'",
        ] {
            #expect(throws: JournalError.self, "\(sql)") { try journal.run(sql) }
        }
        try journal.verify()
    }

    /// The checkpoint is in the chain like every record.
    @Test(arguments: [
        ("DELETE FROM record WHERE sequence = 14", "record 14 is missing"),
        (
            "UPDATE record SET payload = replace(payload, '\"through\":13', '\"through\":14') WHERE kind = 'pruned'",
            "record 15 is missing"
        ),
        ("UPDATE record SET payload = replace(payload, 'hash\":\"', 'hash\":\"0') WHERE kind = 'pruned'", "checkpoint"),
        (
            "UPDATE record SET payload = substr(payload, 1, length(payload) - 4) || '00\"}' WHERE kind = 'pruned'",
            "is not as it was written"
        ),
        ("UPDATE record SET kind = 'started' WHERE kind = 'pruned'", "record 1 is missing"),
    ])
    func aChangedCheckpointIsFound(sql: String, detail: String) throws {
        do {
            try day(1)
            try day(2)
            try day(3)
            #expect(try prune(journal, chunk: 10) == 13)
            // Beyond what opening checks.
            for batch in 4...12 { try day(batch) }
        }
        let copy = try folder.copy()
        try copy.tamper(sql)
        let error = #expect(throws: JournalError.self) { try copy.open().verify() }
        #expect(error?.kind == .damaged)
        #expect(error?.detail.contains(detail) == true, "\(String(describing: error))")
    }

    /// A file in which as much is removed as is written does not grow.
    @Test func pagesAreUsedAgain() throws {
        for batch in 1...20 { try day(batch, sales: 10) }
        try journal.fold()
        let full = try journal.size()
        #expect(full.free == 0)
        #expect(try prune(journal) > 600)
        let pruned = try journal.size()
        #expect(pruned.free > full.file / 2)
        for batch in 21...35 { try day(batch, sales: 10) }
        #expect(try journal.size().file <= full.file + 16 * 4096)
        try journal.verify()
    }

    /// A verification that is overtaken by pruning goes on after it.
    @Test func pruningMayOvertakeAVerification() throws {
        for batch in 1...20 { try day(batch, sales: 10) }
        var verification = Verification()
        func advance() throws -> Bool {
            try journal.store.withLock { (store) throws(JournalError) in try verification.advance(store) }
        }
        #expect(try advance())
        #expect(try prune(journal) > 500)
        while try advance() {}
        #expect(verification.hash == (try journal.entry(journal.count)?.hash))
    }
}
