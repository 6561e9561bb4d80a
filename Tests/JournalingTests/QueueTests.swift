import Payments
import Synchronization
import Testing

@testable import Journaling

struct QueueTests {
    let folder: Folder
    let journal: Journal

    init() throws {
        folder = try Folder()
        journal = try folder.open()
    }

    private func names(_ delivery: Delivery, limit: Int = 99) throws -> [String] {
        try journal.deliveries(delivery, limit: limit).map(\.id.rawValue)
    }

    @Test func reversalsComeInOrderWithAllTheyNeed() throws {
        for (index, name) in ["Z", "A", "M"].enumerated() {
            try journal.write(try Sample.reversed(name, stan: index + 1))
        }
        try journal.write([.reversalAnswered(try Sample.id("Z"), code: "96", settled: false)])
        try journal.write([.reversalAnswered(try Sample.id("A"), code: "12", settled: true)])
        let pending = try journal.deliveries(.reversal, limit: 99)
        #expect(pending.map(\.id.rawValue) == ["Z", "M"])
        #expect(
            pending.map(\.payment.reversal) == [
                .pending(.noReply, refusals: ["96"]), .pending(.noReply, refusals: []),
            ])
        #expect(pending.allSatisfy { $0.pan?.digits == Sample.digits })
        #expect(try journal.payment(Sample.id("A"))?.reversal == .settled(.noReply, code: "12"))
        try journal.verify()
    }

    /// What is made anew stands where its new authorization does.
    @Test func storedPaymentsComeInTheOrderOfTheirAuthorizations() throws {
        for (index, name) in ["Z", "A", "M", "B"].enumerated() {
            try journal.write(try Sample.stored(name, stan: index + 1, how: .deferred))
        }
        #expect(try names(.stored) == ["Z", "A", "M", "B"])
        #expect(try names(.stored, limit: 2) == ["Z", "A"])
        #expect(try names(.stored, limit: 0).isEmpty)
        #expect(try names(.stored, limit: -1).isEmpty)
        let lost = try Sample.id("A")
        try journal.write([.storedAnswered(try Sample.id("Z"), Sample.reply, accepted: true)])
        try journal.write([.storedLost(lost, .noReply)])
        #expect(try names(.stored) == ["M", "B"])
        #expect(try names(.reversal) == ["A"])
        try journal.write([.reversalAnswered(lost, code: "00", settled: true)])
        #expect(try names(.stored) == ["A", "M", "B"])
        try journal.write([.authorization(try Sample.authorization("A", stan: 5, attempt: 2))])
        #expect(try names(.stored) == ["M", "B", "A"])
        try journal.write([.storedAnswered(try Sample.id("M"), Sample.declined, accepted: false)])
        #expect(try names(.stored) == ["B", "A"])
        #expect(try journal.refused().map(\.request.id.rawValue) == ["M"])
        try journal.verify()
        let owed = try journal.deliveries(.stored, limit: 9)
        #expect(try folder.afterPowerCut { try $0.deliveries(.stored, limit: 9) } == owed)
    }

    @Test func loadCountsByDayAndCard() throws {
        let yesterday = Sample.time.advanced(seconds: -86_400)
        let other = PAN("4111111111111111")
        let stored: [(name: String, amount: Int64, time: LocalDateTime, pan: PAN?)] = [
            ("A", 100, Sample.time, PAN(Sample.digits)), ("B", 20, yesterday, PAN(Sample.digits)),
            ("C", 3, yesterday, other), ("D", 4000, Sample.time, nil),
        ]
        for (index, payment) in stored.enumerated() {
            let records = try Sample.stored(
                payment.name, stan: index + 1, amount: payment.amount, time: payment.time)
            for record in records { try journal.append(record, pan: payment.pan, at: payment.time) }
        }
        func check(_ journal: Journal) throws {
            let load = try journal.queue(card: PAN(Sample.digits), on: Sample.time)
            #expect(load.total == Tally(count: 4, amount: 4123))
            #expect(load.today == Tally(count: 2, amount: 4100))
            #expect(load.card == Tally(count: 2, amount: 120))
            #expect(load.oldest == yesterday)
            #expect(try journal.queue(card: other, on: yesterday).card == Tally(count: 1, amount: 3))
            #expect(try journal.queue(card: other, on: yesterday).today == Tally(count: 2, amount: 23))
            #expect(try journal.queue(on: Sample.time).card == Tally())
            #expect(try journal.queue(card: PAN("4222222222222"), on: Sample.time).card == Tally())
        }
        try check(journal)
        try folder.afterPowerCut(check)
        try journal.verify()
        #expect(Set(try journal.strings("SELECT hex(card) FROM due WHERE card IS NOT NULL")).count == 2)
        #expect(try journal.strings("SELECT length(card) FROM due WHERE card IS NOT NULL") == ["16", "16", "16"])
    }

    /// Another key gives another mark: without it nobody can try all account numbers against a file.
    @Test func cardsAreMarkedUnderTheKey() throws {
        let pan = try #require(PAN(Sample.digits))
        let vault = try Vault(key: Sample.key, path: "")
        let other = try Vault(key: SecretBytes([UInt8](repeating: 9, count: 32)), path: "")
        #expect(try vault.mark(pan) == vault.mark(pan))
        #expect(try vault.mark(pan) != other.mark(pan))
    }

    /// One of a queue is found by its place in the index and no other row is looked at, however long the queue is.
    @Test(arguments: [
        (Store.deliveries, "SEARCH due USING PRIMARY KEY (stage=?)"),
        (
            "SELECT request FROM record WHERE original = ? ORDER BY sequence",
            "SEARCH record USING INDEX record_by_original"
        ),
        (
            "SELECT request FROM record WHERE rrn = ? ORDER BY sequence DESC LIMIT 1",
            "SEARCH record USING INDEX record_by_rrn"
        ),
        (
            "SELECT request FROM record WHERE batch = ? AND stan = ? AND request IS NOT NULL",
            "SEARCH record USING INDEX record_by_number (batch=? AND stan=?)"
        ),
        ("SELECT * FROM record WHERE request = ? ORDER BY sequence", "SEARCH record USING INDEX record_by_request"),
    ])
    func isFoundByAnIndexAlone(sql: String, plan: String) throws {
        let steps = try journal.store.withLock { (store) throws(JournalError) in
            try store.database.rows("EXPLAIN QUERY PLAN \(sql)", [], { $0.text(3) })
        }
        #expect(steps.count == 1)
        #expect(steps.first?.hasPrefix(plan) == true, "\(steps)")
    }
}
