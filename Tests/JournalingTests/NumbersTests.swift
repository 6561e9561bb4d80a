import Payments
import Testing

@testable import Journaling

struct NumbersTests {
    let folder: Folder
    let journal: Journal

    init() throws {
        folder = try Folder()
        journal = try folder.open()
    }

    /// What was used, in order (a negative number signs in to that batch), and what comes next.
    static let walks: [(used: [Int], batch: Int, next: Int)] = [
        ([], 1, 1),
        ([1], 1, 2),
        ([5], 1, 6),
        ([999_999], 1, 1),
        ([1, 2, 999_999], 1, 3),
        ([2, 999_998, 999_999], 1, 1),
        ([1, 2, 3, 5, 999_999], 1, 4),
        ([8, 9, 7], 1, 10),
        ([1, -726, 2], 726, 3),
        ([1, 2, -726], 726, 3),
        ([1, 2, 3, -726, 999_999], 726, 1),
        ([1, 2, -726, 999_999, -1], 1, 3),
        ([-999_999, 4, -1], 1, 5),
    ]

    @Test(arguments: walks)
    func areTheNextThatTheBatchHasNotUsed(used: [Int], batch: Int, next: Int) throws {
        for number in used {
            try journal.append(
                number < 0 ? .signedIn(batch: try Sample.batch(-number)) : .numberUsed(try Sample.stan(number)),
                at: Sample.time)
        }
        #expect(try journal.numbers() == (try Sample.stan(next), try Sample.batch(batch)))
        #expect(try folder.afterPowerCut { try $0.numbers() } == (try Sample.stan(next), try Sample.batch(batch)))
        try journal.verify()
    }

    @Test func areNotUsedTwiceInABatch() throws {
        try journal.append(.numberUsed(try Sample.stan(1)), at: Sample.time)
        try journal.append(.accepted(try Sample.request("R1")), at: Sample.time)
        let again: [Record] = [
            .numberUsed(try Sample.stan(1)), .authorization(try Sample.authorization("R1", stan: 1)),
            .authorization(try Sample.authorization("R1", stan: 2, batch: 2)),
        ]
        for record in again {
            let error = #expect(throws: JournalError.self) { try journal.append(record, at: Sample.time) }
            #expect(error?.kind == .contradiction)
            #expect(journal.count == 2)
        }
        try journal.append(.signedIn(batch: try Sample.batch(2)), at: Sample.time)
        try journal.append(.authorization(try Sample.authorization("R1", stan: 1, batch: 2)), at: Sample.time)
        #expect(try journal.numbers() == (try Sample.stan(2), try Sample.batch(2)))
    }

    @Test func runOutWithABatch() throws {
        try journal.append(.numberUsed(try Sample.stan(1)), at: Sample.time)
        try journal.run("DROP TRIGGER record_follows")
        try journal.run(
            """
            INSERT INTO record (sequence, time, kind, payload, hash, batch, stan)
            WITH RECURSIVE number(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM number WHERE n < 999999)
            SELECT n, '', '', '', '', 1, n FROM number
            """)
        let error = #expect(throws: JournalError.self) { try journal.numbers() }
        #expect(error?.kind == .numbersExhausted)
    }
}
