import Payments
import Testing

@testable import Journaling

struct BatchTests {
    let folder: Folder
    let journal: Journal

    init() throws {
        folder = try Folder()
        journal = try folder.open()
    }

    private func refuses(_ record: Record, _ journal: Journal? = nil) throws {
        let journal = journal ?? self.journal
        let error = #expect(throws: JournalError.self, "\(record.kind)") { try journal.append(record, at: Sample.time) }
        #expect(error?.kind == .contradiction)
    }

    @Test func listsWhatLeftOrWasStored() throws {
        try journal.write(try Sample.sale("Z", stan: 1))
        try journal.write(try Sample.stored("A", stan: 2, how: .deferred))
        try journal.write(try Sample.reversed("M", stan: 3))
        try journal.write([
            .accepted(try Sample.request("N")),
            .finished(try Sample.id("N"), .cancelled(by: .cashier), reversal: nil, scriptNumber: nil),
        ])
        try journal.write(try Sample.sale("B", stan: 4))
        func names(_ journal: Journal, _ number: Int) throws -> [String] {
            try journal.batch(Sample.batch(number)).map(\.request.id.rawValue)
        }
        #expect(try names(journal, 1) == ["Z", "A", "M", "B"])
        let lost = try Sample.id("A")
        try journal.write([.storedLost(lost, .noReply), .reversalAnswered(lost, code: "00", settled: true)])
        try journal.write([.authorization(try Sample.authorization("A", stan: 5, attempt: 2))])
        #expect(try names(journal, 1) == ["Z", "M", "B", "A"])
        try journal.write([.storedLost(lost, .noReply), .reversalAnswered(lost, code: "00", settled: true)])
        try journal.write([.signedIn(batch: try Sample.batch(7))])
        try journal.write([.authorization(try Sample.authorization("A", stan: 1, batch: 7, attempt: 3))])
        #expect(try names(journal, 1) == ["Z", "M", "B"])
        #expect(try names(journal, 7) == ["A"])
        #expect(try folder.afterPowerCut { try names($0, 1) } == ["Z", "M", "B"])
        #expect(try names(journal, 8).isEmpty)
    }

    /// Payments by side and class, and the count of the side that has most.
    static let counts: [(records: @Sendable () throws -> [Record], highest: Int)] = [
        ({ [] }, 0),
        ({ try Sample.sale("A", stan: 1) }, 1),
        ({ try Sample.sale("A", stan: 1) + (try Sample.sale("B", .void, stan: 2, original: "A")) }, 1),
        ({ try Sample.sale("A", stan: 1) + (try Sample.sale("B", stan: 2, foreign: true)) }, 1),
        ({ try Sample.sale("A", stan: 1) + (try Sample.stored("B", stan: 2)) }, 2),
        ({ try Sample.sale("A", .balance, stan: 1) + (try Sample.sale("B", .preauthorization, stan: 2)) }, 0),
        ({ try Sample.reversed("A", stan: 1) }, 0),
        ({ try Sample.sale("A", stan: 1) + [.signedIn(batch: try Sample.batch(2))] }, 0),
        ({ try Sample.sale("A", stan: 1) + [.signedIn(batch: try Sample.batch(1))] }, 1),
    ]

    @Test(arguments: counts.indices)
    func highestCountIsThatOfTheRunningBatch(index: Int) throws {
        let (records, highest) = Self.counts[index]
        #expect(try journal.highestCount() == 0)
        try journal.write(try records())
        #expect(try journal.highestCount() == highest)
        #expect(try folder.afterPowerCut { try $0.highestCount() } == highest)
    }

    @Test func refusedRecordsDoNotCount() throws {
        let sale = try Sample.sale("A", stan: 1)
        #expect(try journal.highestCount() == 0)
        #expect(throws: JournalError.self) { try journal.append(sale + [sale[2]], at: Sample.time) }
        #expect(try journal.highestCount() == 0)
    }

    @Test func aSettlementMovesTheBatchAndIsTold() throws {
        #expect(try journal.batchOpenedAt() == nil)
        try journal.write([.signedIn(batch: try Sample.batch(5)), .numberUsed(.first)])
        #expect(try journal.batchOpenedAt() == nil)
        try journal.append(try Sample.sale("A", stan: 2, batch: 5), at: Sample.time.advanced(seconds: 60))
        try journal.append(try Sample.sale("B", stan: 3, batch: 5), at: Sample.time.advanced(seconds: 90))
        #expect(try journal.batchOpenedAt() == Sample.time.advanced(seconds: 60))
        #expect(journal.settlement() == nil)
        #expect(try journal.lastSettlement() == nil)
        let records = try Sample.settlement(5, stan: 4)
        for (index, record) in records.enumerated() {
            try journal.append(record, at: Sample.time)
            func check(_ journal: Journal) throws {
                let running = journal.settlement()
                if index < 3 {
                    #expect(running?.begun.batch.value == 5)
                    #expect(running?.comparison == (index > 0 ? Sample.agreed : nil))
                    #expect(running?.sending?.index == (index > 1 ? 0 : nil))
                    #expect(try journal.lastSettlement() == nil)
                    #expect(try journal.numbers().batch.value == 5)
                } else {
                    #expect(running == nil)
                    #expect(try journal.lastSettlement()?.settledAt == Sample.time)
                    #expect(try journal.numbers() == (try Sample.stan(6), try Sample.batch(6)))
                    #expect(try journal.batchOpenedAt() == nil)
                    #expect(try journal.highestCount() == 0)
                }
                try journal.verify()
            }
            try check(journal)
            try folder.afterPowerCut(check)
        }
        try journal.write([.signedOff, .numberUsed(try Sample.stan(6)), .signedIn(batch: try Sample.batch(6))])
        #expect(try journal.numbers() == (try Sample.stan(7), try Sample.batch(6)))
        try journal.write(try Sample.settlement(6, stan: 7).prefix(1).map { $0 })
        #expect(try journal.lastSettlement()?.begun.batch.value == 5)
        #expect(try folder.afterPowerCut { try $0.lastSettlement() }?.begun.batch.value == 5)
        #expect(journal.settlement()?.begun.batch.value == 6)
        try journal.verify()
    }

    @Test func aSettlementGoesInOrder() throws {
        try journal.write(try Sample.sale("A", stan: 1))
        let steps =
            try Sample.settlement(1, stan: 2) + [
                .uploading(index: 1, try Sample.stan(9)), .uploadRefused(index: 0, code: "96"), .settled(.first.next),
                .settlementBegun(
                    Settlement(batch: .first.next, stan: try Sample.stan(9), totals: Totals(), supervisor: nil)),
            ]
        try refuses(steps[1])
        try refuses(steps[7])
        try journal.write([steps[0]])
        for index in [0, 2, 3, 5, 6, 7] { try refuses(steps[index]) }
        try journal.write([steps[1]])
        for index in [0, 1, 4, 5, 6, 7] { try refuses(steps[index]) }
        try journal.write([steps[2]])
        for index in [0, 1, 2, 6, 7] { try refuses(steps[index]) }
        try journal.write([steps[5]])
        try refuses(steps[5])
        #expect(journal.settlement()?.refused == [0: "96"])
        try journal.write([steps[3]])
        for index in [0, 1, 2, 3, 4, 5, 6] { try refuses(steps[index]) }
        try journal.verify()
    }

    @Test func nothingElseHappensDuringASettlement() throws {
        try journal.write([.accepted(try Sample.request("A"))])
        let begun = try Sample.settlement(1, stan: 2)[0]
        try refuses(begun)
        try journal.write([
            .finished(try Sample.id("A"), .cancelled(by: .cashier), reversal: nil, scriptNumber: nil)
        ])
        try journal.write([begun])
        try refuses(.accepted(try Sample.request("B")))
        try refuses(.signedIn(batch: try Sample.batch(2)))
        try journal.write([.signedIn(batch: .first), .numberUsed(try Sample.stan(3)), .started(version: "1")])
        try journal.verify()
    }

    /// What a batch owes keeps it open (M4, M5); what another batch owes, or what nobody will deliver, does not.
    @Test func aBatchThatOwesIsNotSettled() throws {
        let debts: [(records: [Record], payment: [Record], held: Bool)] = [
            (
                try Sample.stored("A", stan: 1), [.storedAnswered(try Sample.id("A"), Sample.reply, accepted: true)],
                true
            ),
            (
                try Sample.stored("A", stan: 1),
                [.storedAnswered(try Sample.id("A"), Sample.declined, accepted: false)], true
            ),
            (
                try Sample.reversed("A", stan: 1), [.reversalAnswered(try Sample.id("A"), code: "00", settled: true)],
                true
            ),
            (
                try Sample.stored("A", stan: 1, how: .deferred) + [.storedLost(try Sample.id("A"), .noReply)],
                [
                    .reversalAnswered(try Sample.id("A"), code: "96", settled: false),
                    .resolved(try Sample.id("A"), .reversal, supervisor: "00"),
                ], true
            ),
            (try Sample.stored("A", stan: 1) + [.signedIn(batch: try Sample.batch(2))], [], false),
        ]
        for debt in debts {
            let folder = try Folder()
            let journal = try folder.open()
            try journal.write(debt.records)
            let settlement = try Sample.settlement(journal.numbers().batch.value, stan: 10)
            try journal.write(Array(settlement.dropLast()))
            if debt.held { try refuses(settlement[3], journal) }
            try journal.write(debt.payment + [settlement[3]])
            #expect(try journal.lastSettlement() != nil)
            try journal.verify()
        }
    }

    @Test func numbersOfASettlementAreUsedUp() throws {
        try journal.write(try Sample.settlement(1, stan: 1).prefix(2).map { $0 })
        try refuses(.uploading(index: 0, .first))
        try refuses(.numberUsed(.first))
        #expect(try journal.numbers().stan == Sample.stan(2))
    }

    @Test func aScriptNumberIsUsedUp() throws {
        try journal.write(try Sample.sale("A", stan: 1).prefix(2).map { $0 })
        let id = try Sample.id("A")
        try refuses(.finished(id, .approved(Sample.reply, nil), reversal: nil, scriptNumber: .first))
        try journal.write([.finished(id, .approved(Sample.reply, nil), reversal: nil, scriptNumber: STAN(2))])
        try refuses(.numberUsed(try Sample.stan(2)))
        #expect(try journal.numbers().stan == Sample.stan(3))
        try journal.verify()
    }

    /// The batch after 999999 is 1.
    @Test func batchesWrap() throws {
        try journal.write([.signedIn(batch: try Sample.batch(999_999))] + (try Sample.settlement(999_999, stan: 1)))
        #expect(try journal.numbers().batch == .first)
        #expect(try folder.afterPowerCut { try $0.numbers().batch } == .first)
        try journal.verify()
    }
}
