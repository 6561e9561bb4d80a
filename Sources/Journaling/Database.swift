import CSQLite

/// One connection to a SQLite file, used by one thread at a time.
final class Database {
    let path: String
    private let handle: OpaquePointer
    /// Lives as long as the files on it are open.
    private let disk: any Disk
    private var statements: [String: Statement] = [:]

    /// Opens the file at `path`, which must exist. Nothing is read or written yet.
    init(path: String, disk: any Disk = SystemDisk()) throws(JournalError) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &opened, flags, disk.layer)
        guard let handle = opened else { throw JournalError(.database, path: path, "out of memory") }
        self.path = path
        self.handle = handle
        self.disk = disk
        try check(code, "open")
        sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, 1 << 20)
        try check(tender_sqlite3_defensive(handle), "defensive")
        try check(tender_sqlite3_checkpoint_on_close(handle, 0), "no checkpoint on close")
    }

    deinit {
        statements.removeAll()
        sqlite3_close(handle)
    }

    /// Whether the file can be read only.
    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") != 0 }

    /// Lets closing write the log's pages into the database: only for a file that was found sound.
    func checkpointOnClose() throws(JournalError) {
        try check(tender_sqlite3_checkpoint_on_close(handle, 1), "checkpoint on close")
    }

    /// Runs a statement that gives no rows; says how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ values: [Value] = []) throws(JournalError) -> Int {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() {}
        return Int(sqlite3_changes64(handle))
    }

    /// What `read` makes of each row.
    func rows<Element>(
        _ sql: String, _ values: [Value] = [], _ read: (Statement) throws(JournalError) -> Element
    ) throws(JournalError) -> [Element] {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        var elements: [Element] = []
        while try statement.step() { elements.append(try read(statement)) }
        return elements
    }

    /// What `read` makes of the first row, if there is one.
    func row<Element>(
        _ sql: String, _ values: [Value] = [], _ read: (Statement) throws(JournalError) -> Element
    ) throws(JournalError) -> Element? {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        return try statement.step() ? try read(statement) : nil
    }

    /// All of `body` durable, or nothing of it. Throws `inDoubt` when the disk failed in the end: nothing of it is to be
    /// seen, but the log may hold all of it for the next opening, until another commit is written over it there.
    func transaction<Result>(_ body: () throws(JournalError) -> Result) throws(JournalError) -> Result {
        try run("BEGIN IMMEDIATE")
        // SQLite has rolled back itself after some errors; this one's own error would hide the first.
        defer { if sqlite3_get_autocommit(handle) == 0 { _ = try? run("ROLLBACK") } }
        let result = try body()
        do throws(JournalError) {
            try run("COMMIT")
        } catch {
            throw error.kind == .inputOutput ? JournalError(.inDoubt, path: path, error.detail) : error
        }
        return result
    }

    private func statement(_ sql: String) throws(JournalError) -> Statement {
        if let known = statements[sql] { return known }
        var prepared: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil), "prepare")
        guard let prepared else { throw JournalError(.database, path: path, "prepare: empty statement") }
        let statement = Statement(owning: prepared, of: self)
        statements[sql] = statement
        return statement
    }

    /// The one place that knows SQLite's result codes.
    func check(_ code: Int32, _ operation: String) throws(JournalError) {
        guard code != SQLITE_OK else { return }
        let kind: JournalError.Kind =
            switch code & 0xFF {
            case SQLITE_NOTADB: .foreign
            case SQLITE_CORRUPT: .damaged
            case SQLITE_BUSY, SQLITE_LOCKED: .inUse
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: .readOnly
            case SQLITE_CANTOPEN: .notFound
            case SQLITE_FULL: .full
            case SQLITE_IOERR: .inputOutput
            case SQLITE_TOOBIG: .tooLarge
            case SQLITE_CONSTRAINT: .contradiction
            // The statements are constant: one that does not fit finds other tables than were made.
            case SQLITE_ERROR where operation == "prepare": .damaged
            default: .database
            }
        throw JournalError(kind, path: path, "\(operation): \(String(cString: sqlite3_errmsg(handle))) (\(code))")
    }
}
