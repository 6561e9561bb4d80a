import Payments
import Testing

@testable import Journaling

/// A journal of the first release is opened by this one.
struct MigrationTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// The tables of version 1, word for word.
    static let tables = [
        "PRAGMA application_id = 1414415442",
        "PRAGMA user_version = 1",
        """
        CREATE TABLE record (
            sequence INTEGER PRIMARY KEY,
            time TEXT NOT NULL,
            kind TEXT NOT NULL,
            payload TEXT NOT NULL,
            pan BLOB,
            hash BLOB NOT NULL,
            request TEXT,
            batch INTEGER,
            stan INTEGER,
            rrn TEXT
        )
        """,
        "CREATE INDEX record_by_request ON record (request) WHERE request IS NOT NULL",
        "CREATE UNIQUE INDEX record_by_number ON record (batch, stan) WHERE stan IS NOT NULL",
        "CREATE INDEX record_by_rrn ON record (rrn) WHERE rrn IS NOT NULL",
        "CREATE INDEX record_signed_in ON record (sequence) WHERE kind = 'signedIn'",
        """
        CREATE TRIGGER record_stays BEFORE DELETE ON record
        BEGIN SELECT raise(ABORT, 'the journal only grows'); END
        """,
        """
        CREATE TRIGGER record_stands BEFORE UPDATE ON record
        BEGIN SELECT raise(ABORT, 'the journal only grows'); END
        """,
        """
        CREATE TRIGGER record_follows BEFORE INSERT ON record
        WHEN NEW.sequence IS NOT (SELECT ifnull(max(sequence), 0) + 1 FROM record)
        BEGIN SELECT raise(ABORT, 'the journal only grows'); END
        """,
        """
        CREATE TABLE due (
            request TEXT PRIMARY KEY,
            stage INTEGER NOT NULL,
            sequence INTEGER NOT NULL
        ) WITHOUT ROWID
        """,
        "INSERT INTO due VALUES ('', 0, 0)",
        "CREATE TABLE key_check (sealed BLOB NOT NULL)",
    ]

    private static func amount(_ id: String) -> String {
        #"{"id":"\#(id)","amount":{"minorUnits":8880,"currency":"CNY"},"cashier":"01"}"#
    }

    private static func authorization(_ id: String, _ stan: Int, _ batch: Int) -> String {
        #"{"kind":"authorization","authorization":{"request":\#(amount(id)),"stan":\#(stan),"batch":\#(batch),"#
            + #""time":"2026-05-20T13:14:15","card":{"maskedPAN":"622848*********0018","entryMode":"contactChip","#
            + #""pinEntry":"online"},"chipData":"9F26"}}"#
    }

    private static let reply =
        #"{"verdict":"approved","code":"00","text":{"chinese":"交易成功","english":"Approved"},"rrn":"123456789012","chipData":""}"#

    /// Kind, payload and look-up columns of records as the first release wrote them: a sign-in, a sale, one that the card
    /// declined after the acquirer had approved it, one whose reversal is settled, one that was cut off.
    static let records: [(kind: String, payload: String, keys: Row.Keys)] = [
        ("started", #"{"kind":"started","version":"0.1"}"#, Row.Keys()),
        ("numberUsed", #"{"kind":"numberUsed","stan":1}"#, Row.Keys(batch: 1, stan: 1)),
        ("signedIn", #"{"kind":"signedIn","batch":9}"#, Row.Keys(batch: 9)),
        ("accepted", #"{"kind":"accepted","request":\#(amount("A"))}"#, Row.Keys(request: "A")),
        ("authorization", authorization("A", 1, 9), Row.Keys(request: "A", batch: 9, stan: 1)),
        (
            "finished", #"{"kind":"finished","id":"A","outcome":{"kind":"approved","reply":\#(reply)}}"#,
            Row.Keys(request: "A", rrn: "123456789012")
        ),
        ("accepted", #"{"kind":"accepted","request":\#(amount("B"))}"#, Row.Keys(request: "B")),
        ("authorization", authorization("B", 2, 9), Row.Keys(request: "B", batch: 9, stan: 2)),
        (
            "finished",
            #"{"kind":"finished","id":"B","outcome":{"kind":"declinedByCard","reply":\#(reply)},"reversal":"notCompleted"}"#,
            Row.Keys(request: "B")
        ),
        ("accepted", #"{"kind":"accepted","request":\#(amount("C"))}"#, Row.Keys(request: "C")),
        ("authorization", authorization("C", 3, 9), Row.Keys(request: "C", batch: 9, stan: 3)),
        (
            "finished",
            #"{"kind":"finished","id":"C","outcome":{"kind":"failed","failure":{"reason":"noReply","detail":""}},"reversal":"noReply"}"#,
            Row.Keys(request: "C")
        ),
        (
            "reversalAnswered", #"{"kind":"reversalAnswered","id":"C","code":"96","settled":false}"#,
            Row.Keys(request: "C")
        ),
        (
            "reversalAnswered", #"{"kind":"reversalAnswered","id":"C","code":"00","settled":true}"#,
            Row.Keys(request: "C")
        ),
        ("accepted", #"{"kind":"accepted","request":\#(amount("D"))}"#, Row.Keys(request: "D")),
        ("authorization", authorization("D", 4, 9), Row.Keys(request: "D", batch: 9, stan: 4)),
    ]

    /// Leaves a journal of version 1, with its log.
    private func leaveJournal() throws {
        let source = try Folder()
        try source.write([])
        let vault = try Vault(key: Sample.key, path: source.journal)
        do {
            let draft = try Database(path: source.journal)
            try draft.configure()
            for sql in Self.tables { try draft.run(sql) }
            try draft.run("INSERT INTO key_check VALUES (?)", [.blob(try vault.keyCheck())])
            try draft.checkpointOnClose()
        }
        let database = try Database(path: source.journal)
        try database.configure()
        var hash = Row.origin
        for (index, record) in Self.records.enumerated() {
            let pan =
                record.kind == "authorization" ? try vault.seal(try #require(PAN(Sample.digits)), at: index + 1) : nil
            let row = try Row(
                sequence: index + 1, time: Sample.time.iso8601, kind: record.kind, payload: record.payload, pan: pan,
                keys: record.keys, after: hash)
            try database.run("INSERT INTO record VALUES (?,?,?,?,?,?,?,?,?,?)", Array(row.values.dropLast()))
            hash = row.hash
        }
        try database.run("UPDATE due SET sequence = \(Self.records.count) WHERE request = ''")
        try database.run("INSERT INTO due VALUES ('B', 3, 8), ('D', 2, 16)")
        for (name, bytes) in try source.contents() { try folder.write(bytes, to: name) }
    }

    @Test func keepsEveryRecordAndDerivesWhatIsOpen() throws {
        try leaveJournal()
        for _ in 1...2 {
            let journal = try folder.open()
            #expect(try journal.pragma("user_version") == "2")
            #expect(journal.count == Self.records.count)
            #expect(try journal.strings("SELECT payload FROM record ORDER BY sequence") == Self.records.map(\.payload))
            #expect(try journal.unfinished().map(\.request.id.rawValue) == ["D"])
            let owed = try journal.deliveries(.reversal, limit: 9)
            #expect(owed.map(\.id.rawValue) == ["B"])
            #expect(owed.first?.pan?.digits == Sample.digits)
            #expect(try journal.numbers() == (try Sample.stan(5), try Sample.batch(9)))
            #expect(try journal.payment(rrn: "123456789012")?.request.id.rawValue == "B")
            try journal.verify()
        }
        let journal = try folder.open()
        try journal.write([
            .reversalAnswered(try Sample.id("B"), code: "00", settled: true),
            .finished(try Sample.id("D"), Sample.interrupted, reversal: .noReply, scriptNumber: nil),
        ])
        try journal.write([.reversalAnswered(try Sample.id("D"), code: "00", settled: true)])
        try journal.write(try Sample.settlement(9, stan: 5))
        try journal.verify()
        #expect(throws: JournalError.self) { try journal.run("DELETE FROM record WHERE sequence = 1") }
        #expect(throws: JournalError.self) { try journal.run("UPDATE record SET rrn = NULL") }
    }

    /// The tables are those that a new journal has.
    @Test func endsAtTheTablesOfANewJournal() throws {
        try leaveJournal()
        let tables = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name != 'record' ORDER BY name"
        let columns = "SELECT name || ' ' || type || ' ' || \"notnull\" FROM pragma_table_info('record')"
        let new = try Folder()
        for sql in [tables, columns] { #expect(try folder.open().strings(sql) == new.open().strings(sql)) }
    }

    @Test func anotherKeyDoesNotMigrate() throws {
        try leaveJournal()
        let before = try folder.contents()
        let error = #expect(throws: JournalError.self) {
            try folder.open(SecretBytes([UInt8](repeating: 1, count: 32)))
        }
        #expect(error?.kind == .wrongKey)
        #expect(try folder.contents() == before)
    }

    /// A migration that fails leaves the file as it was, for the release that wrote it.
    @Test func isWholeOrNotAtAll() throws {
        try leaveJournal()
        try folder.tamper(
            "UPDATE record SET payload = replace(payload, '\"stan\":4', '\"stan\":\"x\"') WHERE sequence = 16")
        let error = #expect(throws: JournalError.self) { try folder.open() }
        #expect(error?.kind == .damaged)
        let database = try Database(path: folder.journal)
        #expect(try database.row("PRAGMA user_version", [], { $0.integer(0) }) == 1)
        #expect(try database.row("SELECT count(*) FROM due", [], { $0.integer(0) }) == 3)
    }
}
