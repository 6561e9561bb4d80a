import Payments
import Testing

@testable import Journaling

struct FailureTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Cuts the power after each commit: all that was told durable is there, with its counters.
    @Test func whatWasCommittedSurvivesAPowerCut() throws {
        let journal = try folder.open()
        for (index, record) in try (1...10).flatMap({ try Sample.sale("R\($0)", stan: $0) }).enumerated() {
            try journal.append(record, pan: PAN(Sample.digits), at: Sample.time)
            try folder.afterPowerCut { survivor in
                #expect(survivor.count == index + 1)
                #expect(try survivor.entries(limit: 99) == journal.entries(limit: 99))
                #expect(try survivor.numbers() == journal.numbers())
                #expect(try survivor.unfinished() == journal.unfinished())
                try survivor.verify()
            }
        }
    }

    /// Cuts the log at many lengths, as a power cut in the middle of a write does: whole records or none.
    @Test func aTornLogGivesTheRecordsBeforeTheTear() throws {
        let journal = try folder.open()
        var committed: [Int] = []
        for record in try Sample.sale("R1", stan: 1) + Sample.sale("R2", stan: 2) {
            try journal.append(record, pan: PAN(Sample.digits), at: Sample.time)
            committed.append(try folder.read("journal-wal").count)
        }
        let copy = try folder.copy()
        let log = try copy.read("journal-wal")
        let cuts = Array(stride(from: 0, to: log.count, by: 997)) + committed.flatMap { [$0 - 1, $0, $0 + 1] }
        for cut in cuts where cut <= log.count {
            let torn = try copy.copy()
            try torn.write(log.prefix(cut), to: "journal-wal")
            try torn.afterPowerCut { survivor in
                #expect(survivor.count == committed.count { $0 <= cut }, "cut at \(cut)")
                try survivor.verify()
                try survivor.append(.started(version: "0.1"), at: Sample.time)
                try survivor.verify()
            }
        }
    }

    @Test func aFullDiskRefusesWholeRecordsAndCountersStay() throws {
        let journal = try folder.open()
        try journal.write(try Sample.sale("R1", stan: 1))
        let pages = try journal.pragma("page_count")
        try journal.run("PRAGMA max_page_count = \(pages)")
        var refused: JournalError?
        for index in 2...50 where refused == nil {
            let sale = try Sample.sale("R\(index)", stan: index)
            let before = (count: journal.count, next: try journal.numbers(), open: try journal.unfinished())
            do throws(JournalError) {
                try journal.append(sale, at: Sample.time)
            } catch {
                refused = error
                #expect(journal.count == before.count)
                #expect(try journal.numbers() == before.next)
                #expect(try journal.unfinished() == before.open)
            }
        }
        #expect(refused?.kind == .full)
        try journal.verify()
        try journal.run("PRAGMA max_page_count = 100000")
        try journal.write(try Sample.sale("R99", stan: 99))
        #expect(try journal.payment(Sample.id("R99"))?.outcome != nil)
        try journal.verify()
        #expect(try folder.afterPowerCut { $0.count } == journal.count)
    }
}
