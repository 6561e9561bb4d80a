/// The journal's tables.
enum Schema {
    /// `TNDR` in the file's header: tells a journal from other SQLite files.
    static let application = 0x544E_4452
    /// Version of the tables.
    static let version = 1

    /// `record` is the truth and only grows. Its columns after `hash` are taken from the payload, for look-ups.
    /// `due` is an index too: the requests that are not closed, each with the sequence of its last step that matters,
    /// so that nobody walks the records to find them. `Verification` compares both with the payloads.
    /// The row of `due` without a name has the last record's sequence, so a missing end is noticed; it stands there
    /// because that page is written with every payment's record anyway.
    static let statements = [
        "PRAGMA application_id = \(application)",
        "PRAGMA user_version = \(version)",
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
}
