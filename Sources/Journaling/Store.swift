import FoundationEssentials
import PaymentCryptography
import Payments

/// The journal's one connection and what it remembers of the end of the records. Used under `Journal`'s lock.
final class Store {
    let path: String
    let database: Database
    let vault: Vault
    var tail: Tail
    /// Payments that were read or written lately, as the records have them: what follows is checked without reading them
    /// again.
    var lately: [RequestID: TrackedPayment] = [:]
    private let lock: any AnyObject & Sendable
    private let decoder = JSONDecoder()
    /// Whether the log may hold, behind its end, records that could not be committed.
    var isInDoubt = false

    /// What the next record follows. Replaced when a commit has succeeded, never before.
    struct Tail {
        var sequence = 0
        var hash = Row.origin
        /// The running batch, and the record that opened it.
        var batch = BatchNumber.first
        var opened = 0
        /// The number that was used last.
        var stan: STAN?
        /// The settlement that is not over.
        var settlement: SettlementState?
        /// The records up to here are pruned.
        var pruned = 0
        /// How many payments the running batch counts; nil until somebody asks.
        var counted: Totals?
    }

    /// How many of the last records opening checks; all are checked by `Verification`.
    private static let checkedOnOpen = 64

    init(path: String, key: SecretBytes, disk: any Disk) throws(JournalError) {
        let vault = try Vault(key: key, path: path)
        lock = try disk.lock(path)
        let hasLog = try disk.exists("\(path)-wal")
        if try disk.exists(path) {
            try JournalFile.inspect(path, hasLog: hasLog, on: disk)
            if hasLog { try Self.rescueLog(of: path, on: disk) }
        } else {
            try JournalFile.create(path, on: disk) { (draft) throws(JournalError) in
                try Self.fill(draft, on: disk, vault)
            }
        }
        database = try Database(path: path, disk: disk)
        self.path = path
        self.vault = vault
        tail = Tail()
        // Without a log, closing after a refusal has nothing to write and takes away the empty log that opening made.
        if !hasLog { try database.checkpointOnClose() }
        guard !database.isReadOnly else { throw JournalError(.readOnly, path: path, "the file cannot be written") }
        try database.configure()
        let version = try Self.checkIdentity(database)
        try checkKey()
        if version < Schema.version { try migrate() }
        tail = try readTail()
        try database.checkpointOnClose()
    }

    /// What a killed process left in the log can be read, and yet be lost with the next power cut. Nothing may be built
    /// on it before it is durable.
    private static func rescueLog(of path: String, on disk: any Disk) throws(JournalError) {
        let database = try Database(path: path, disk: disk)
        // Of a file without the right to write, and, once it was read, of one whose header names a later format.
        func refuseReadOnly() throws(JournalError) {
            guard database.isReadOnly else { return }
            throw JournalError(.readOnly, path: path, "the file cannot be written")
        }
        try refuseReadOnly()
        try database.lock()
        try checkIdentity(database)
        try refuseReadOnly()
        try disk.rewrite("\(path)-wal")
    }

    /// Moves all of the log into the file and empties the log.
    func fold() throws(JournalError) { try database.run("PRAGMA wal_checkpoint(TRUNCATE)") }

    private static func fill(_ draft: String, on disk: any Disk, _ vault: Vault) throws(JournalError) {
        let database = try Database(path: draft, disk: disk)
        try database.configure()
        try database.transaction { () throws(JournalError) in
            for sql in Schema.statements { try database.run(sql) }
            try database.run("INSERT INTO key_check VALUES (?)", [.blob(try vault.keyCheck())])
        }
        // Closing tells of no error.
        try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
        try database.checkpointOnClose()
    }

    /// The version of the tables. The log may hold a newer first page than the file.
    @discardableResult
    private static func checkIdentity(_ database: Database) throws(JournalError) -> Int {
        let application = try database.row("PRAGMA application_id") { $0.integer(0) } ?? 0
        let version = try database.row("PRAGMA user_version") { $0.integer(0) } ?? 0
        try JournalFile.checkIdentity(application: application, version: version, path: database.path)
        return version
    }

    private func checkKey() throws(JournalError) {
        guard let sealed = try database.row("SELECT sealed FROM key_check", [], { $0.bytes(0) }) else {
            throw JournalError(.damaged, path: path, "its key check is missing")
        }
        try vault.check(sealed)
    }

    /// Brings the tables of an earlier release to the present form; the records stay as they are.
    private func migrate() throws(JournalError) {
        // What ended without a reversal, or whose reversal was settled, left nothing open in version 1.
        let open = """
            SELECT request FROM record AS taken WHERE kind = 'accepted' AND NOT EXISTS (
                SELECT 1 FROM record WHERE request = taken.request AND (
                    kind = 'finished' AND json_extract(payload, '$.reversal') IS NULL
                    OR kind = 'reversalAnswered' AND json_extract(payload, '$.settled')))
            """
        try database.transaction { () throws(JournalError) in
            for sql in Schema.migration { try database.run(sql) }
            for request in try database.rows(open, [], { $0.text(0) }) {
                let payment = try valid(try read(request), "request \(request) has no records")
                try enter(payment, instead: nil)
            }
        }
    }

    private func readTail() throws(JournalError) -> Tail {
        var tail = Tail(
            sequence: try database.row("SELECT ifnull(max(sequence), 0) FROM record") { $0.integer(0) } ?? 0)
        let counted = try database.row("SELECT sequence FROM due WHERE stage = 0") { $0.integer(0) } ?? 0
        guard counted == tail.sequence else {
            throw JournalError(.damaged, path: path, "\(counted) records were written, the last is \(tail.sequence)")
        }
        let checkpoint = try checkpoint()
        tail.pruned = checkpoint.sequence
        let first = try database.row("SELECT ifnull(min(sequence), 1) FROM record") { $0.integer(0) } ?? 0
        guard first == tail.pruned + 1 else {
            throw JournalError(.damaged, path: path, "record \(tail.pruned + 1) is missing")
        }
        tail.hash = try checkEnd(tail, checkpoint.hash)
        (tail.batch, tail.opened) = try readBatch()
        // By sequence from the end: an index would have to be sorted first.
        let stan = "SELECT stan FROM record NOT INDEXED WHERE stan IS NOT NULL ORDER BY sequence DESC LIMIT 1"
        if let value = try database.row(stan, [], { $0.integer(0) }) {
            tail.stan = try valid(STAN(value), "STAN \(value)")
        }
        let settled = try newest(.settled) ?? 0
        if let begun = try newest(.settlementBegun), begun > settled {
            tail.settlement = try settlement(through: tail.sequence)
        }
        return tail
    }

    /// The hash of the last record, after the last ones were checked.
    private func checkEnd(_ tail: Tail, _ origin: [UInt8]) throws(JournalError) -> [UInt8] {
        let start = max(tail.pruned, tail.sequence - Self.checkedOnOpen)
        var hash = start == tail.pruned ? origin : try self.hash(of: start)
        let rows = try rows("sequence > ? ORDER BY sequence", [.integer(start)])
        guard rows.count == tail.sequence - start else {
            throw JournalError(.damaged, path: path, "records are missing after record \(start)")
        }
        for row in rows {
            guard try follows(row, hash) else {
                throw JournalError(.damaged, path: path, "record \(row.sequence) is not as it was written")
            }
            hash = row.hash
        }
        return hash
    }

    /// The running batch, and the record that opened it: a settlement, or a sign-in after it that named another one.
    private func readBatch() throws(JournalError) -> (BatchNumber, Int) {
        var opened = try newest(.settled) ?? 0
        let moves = """
            SELECT sequence, batch FROM record WHERE request IS NULL AND kind = ? AND sequence >= ? ORDER BY sequence
            """
        var batch = 1
        for kind in [Record.Kind.settled, .signedIn] {
            for move in try database.rows(
                moves, [.text(kind.rawValue), .integer(opened)], { ($0.integer(0), $0.integer(1)) })
            where move.1 != batch || kind == .settled { (opened, batch) = move }
        }
        return (try valid(BatchNumber(batch), "batch number \(batch)"), opened)
    }

    func valid<T>(_ value: T?, _ what: String) throws(JournalError) -> T {
        guard let value else { throw JournalError(.damaged, path: path, what) }
        return value
    }

    // MARK: Records

    /// Whether `row` follows the row with the hash `previous` and is as it was written.
    func follows(_ row: Row, _ previous: [UInt8]) throws(JournalError) -> Bool {
        do throws(CryptographyError) {
            return try row.follows(previous)
        } catch {
            throw JournalError(.database, path: path, "hash: \(error)")
        }
    }

    func rows(_ condition: String, _ values: [Value]) throws(JournalError) -> [Row] {
        try database.rows("SELECT \(Row.columns) FROM record WHERE \(condition)", values) { Row($0) }
    }

    func entries(_ condition: String, _ values: [Value]) throws(JournalError) -> [Entry] {
        try rows(condition, values).map { (row) throws(JournalError) in try entry(row) }
    }

    func entry(_ row: Row) throws(JournalError) -> Entry {
        guard let time = LocalDateTime(iso8601: row.time),
            let record = try? decoder.decode(Record.self, from: Data(row.payload.utf8)),
            record.kind.rawValue == row.kind
        else { throw JournalError(.damaged, path: path, "record \(row.sequence) cannot be read") }
        return Entry(sequence: row.sequence, time: time, record: record, hash: row.hash)
    }

    func hash(of sequence: Int) throws(JournalError) -> [UInt8] {
        let hash = try database.row("SELECT hash FROM record WHERE sequence = ?", [.integer(sequence)]) { $0.bytes(0) }
        return try valid(hash, "record \(sequence) is missing")
    }

    /// The newest record of a kind that belongs to no payment.
    func newest(_ kind: Record.Kind) throws(JournalError) -> Int? {
        let sql = "SELECT sequence FROM record WHERE request IS NULL AND kind = ? ORDER BY sequence DESC LIMIT 1"
        return try database.row(sql, [.text(kind.rawValue)]) { $0.integer(0) }
    }

    /// The account number sealed beside the record `sequence`, if there is one.
    func pan(of sequence: Int) throws(JournalError) -> PAN? {
        let sealed = try database.row("SELECT pan FROM record WHERE sequence = ?", [.integer(sequence)]) {
            $0.isNull(0) ? nil : $0.bytes(0)
        }
        guard let sealed = sealed ?? nil else { return nil }
        return try vault.open(sealed, at: sequence)
    }
}

extension Database {
    /// Takes the file alone, without shared memory, when it is first read.
    func lock() throws(JournalError) { try run("PRAGMA locking_mode = EXCLUSIVE") }

    /// Durable commits, one writer; set before the file is first read.
    func configure() throws(JournalError) {
        try lock()
        for pragma in [
            "journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 1000",
            "trusted_schema = OFF", "cell_size_check = ON", "temp_store = MEMORY", "recursive_triggers = ON",
        ] { try run("PRAGMA \(pragma)") }
    }
}
