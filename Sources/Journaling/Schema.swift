/// The journal's tables.
enum Schema {
    /// `TNDR` in the file's header: tells a journal from other SQLite files.
    static let application = 0x544E_4452
    /// Version of the tables.
    static let version = 2

    /// `record` is the truth and only grows, but for records that are pruned. Its columns after `hash` are taken from the
    /// payload, for look-ups. `due` is an index too: see `Due`. `Verification` compares both with the payloads.
    static let statements =
        [
            "PRAGMA application_id = \(application)",
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
                rrn TEXT,
                original TEXT
            )
            """,
            "CREATE INDEX record_by_request ON record (request) WHERE request IS NOT NULL",
            "CREATE UNIQUE INDEX record_by_number ON record (batch, stan) WHERE stan IS NOT NULL",
            "CREATE INDEX record_by_rrn ON record (rrn) WHERE rrn IS NOT NULL",
            """
            CREATE TRIGGER record_follows BEFORE INSERT ON record
            WHEN NEW.sequence IS NOT (SELECT ifnull(max(sequence), 0) + 1 FROM record)
            BEGIN SELECT raise(ABORT, 'the journal only grows'); END
            """,
            "CREATE TABLE key_check (sealed BLOB NOT NULL)",
        ] + sinceVersion2

    /// From the tables of version 1 to the present ones; then `due` is to be filled anew.
    static let migration =
        [
            "ALTER TABLE record ADD COLUMN original TEXT",
            "DROP INDEX record_signed_in",
            "DROP TRIGGER record_stands",
            "DROP TRIGGER record_stays",
            "DROP TABLE due",
            // Version 1 did not look for the number of what the card declined after the acquirer had approved it.
            """
            UPDATE record SET rrn = json_extract(payload, '$.outcome.reply.rrn')
            WHERE kind = 'finished' AND json_extract(payload, '$.outcome.kind') = 'declinedByCard'
            """,
        ] + sinceVersion2

    /// Pruning takes it away for the length of its commit.
    static let recordStays = """
        CREATE TRIGGER record_stays BEFORE DELETE ON record
        BEGIN SELECT raise(ABORT, 'the journal only grows'); END
        """

    private static let sinceVersion2 = [
        "PRAGMA user_version = \(version)",
        """
        CREATE TRIGGER record_stands BEFORE UPDATE ON record
        BEGIN SELECT raise(ABORT, 'the journal only grows'); END
        """,
        "CREATE INDEX record_by_original ON record (original) WHERE original IS NOT NULL",
        "CREATE INDEX record_by_kind ON record (kind) WHERE request IS NULL",
        recordStays,
        """
        CREATE TABLE due (
            stage INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            request TEXT NOT NULL,
            amount INTEGER,
            time TEXT,
            card BLOB,
            PRIMARY KEY (stage, sequence)
        ) WITHOUT ROWID
        """,
        "INSERT INTO due (stage, sequence, request) SELECT 0, ifnull(max(sequence), 0), '' FROM record",
    ]
}
