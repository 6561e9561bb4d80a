import FoundationEssentials
import PaymentCryptography
import Payments

/// The journal's one connection and what it remembers of the end of the records. Used under `Journal`'s lock.
final class Store {
    let path: String
    let database: Database
    private let lock: any AnyObject & Sendable
    private let vault: Vault
    private let decoder = JSONDecoder()
    private(set) var tail: Tail
    /// Whether the log may hold, behind its end, records that could not be committed.
    private var isInDoubt = false

    /// What the next record follows. Replaced when a commit has succeeded, never before.
    struct Tail {
        var sequence = 0
        var hash = Row.origin
        var batch = BatchNumber.first
        var stan: STAN?
    }

    /// How far a request in `due` is.
    private enum Stage: Int {
        case accepted = 1
        case authorized = 2
        case reversal = 3
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
        try checkKey()
        tail = try readTail()
        try database.checkpointOnClose()
    }

    /// What a killed process left in the log can be read, and yet be lost with the next power cut. Nothing may be built
    /// on it before it is durable.
    private static func rescueLog(of path: String, on disk: any Disk) throws(JournalError) {
        let database = try Database(path: path, disk: disk)
        try database.lock()
        try checkIdentity(database)
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

    /// The log may hold a newer first page than the file.
    private static func checkIdentity(_ database: Database) throws(JournalError) {
        let application = try database.row("PRAGMA application_id") { $0.integer(0) }
        let version = try database.row("PRAGMA user_version") { $0.integer(0) }
        try JournalFile.checkIdentity(application: application ?? 0, version: version ?? 0, path: database.path)
    }

    private func checkKey() throws(JournalError) {
        guard let sealed = try database.row("SELECT sealed FROM key_check", [], { $0.bytes(0) }) else {
            throw JournalError(.damaged, path: path, "its key check is missing")
        }
        try vault.check(sealed)
    }

    private func readTail() throws(JournalError) -> Tail {
        let last = "SELECT ifnull(max(sequence), 0) FROM record"
        var tail = Tail(sequence: try database.row(last) { $0.integer(0) } ?? 0)
        let counted = try database.row("SELECT sequence FROM due WHERE request = ''") { $0.integer(0) } ?? 0
        guard counted == tail.sequence else {
            throw JournalError(.damaged, path: path, "\(counted) records were written, the last is \(tail.sequence)")
        }
        let start = max(0, tail.sequence - Self.checkedOnOpen)
        if start > 0 {
            guard
                let hash = try database.row(
                    "SELECT hash FROM record WHERE sequence = ?", [.integer(start)], { $0.bytes(0) })
            else { throw JournalError(.damaged, path: path, "record \(start) is missing") }
            tail.hash = hash
        }
        let rows = try rows("sequence > ? ORDER BY sequence", [.integer(start)])
        guard rows.count == tail.sequence - start else {
            throw JournalError(.damaged, path: path, "records are missing after record \(start)")
        }
        for row in rows {
            guard try follows(row, tail.hash) else {
                throw JournalError(.damaged, path: path, "record \(row.sequence) is not as it was written")
            }
            tail.hash = row.hash
        }
        let batch = "SELECT batch FROM record WHERE kind = 'signedIn' ORDER BY sequence DESC LIMIT 1"
        if let value = try database.row(batch, [], { $0.integer(0) }) {
            tail.batch = try valid(BatchNumber(value), "batch number \(value)")
        }
        // By sequence from the end: an index would have to be sorted first.
        let stan = "SELECT stan FROM record NOT INDEXED WHERE stan IS NOT NULL ORDER BY sequence DESC LIMIT 1"
        if let value = try database.row(stan, [], { $0.integer(0) }) {
            tail.stan = try valid(STAN(value), "STAN \(value)")
        }
        return tail
    }

    private func valid<T>(_ value: T?, _ what: String) throws(JournalError) -> T {
        guard let value else { throw JournalError(.damaged, path: path, what) }
        return value
    }

    // MARK: Writing

    func append(_ records: [Record], pan: PAN?, at time: LocalDateTime) throws(JournalError) -> [Entry] {
        let payloads = try records.map { (record) throws(JournalError) in try encode(record) }
        if isInDoubt { try settle() }
        var next = tail
        let entries = try commit { () throws(JournalError) in
            var entries: [Entry] = []
            for (record, payload) in zip(records, payloads) {
                entries.append(try insert(record, payload, pan: pan, at: time, &next))
            }
            try database.run("UPDATE due SET sequence = ? WHERE request = ''", [.integer(next.sequence)])
            return entries
        }
        tail = next
        return entries
    }

    /// A transaction whose failure leaves nothing behind, or else throws `inDoubt`.
    private func commit<Result>(_ body: () throws(JournalError) -> Result) throws(JournalError) -> Result {
        do throws(JournalError) {
            return try database.transaction(body)
        } catch {
            guard error.kind == .inDoubt else { throw error }
            isInDoubt = true
            try settle()
            throw JournalError(.inputOutput, path: path, error.detail)
        }
    }

    /// Writes over what a failed commit may have left in the log. What it changes means nothing, but it must change:
    /// SQLite writes no page that stays as it was.
    private func settle() throws(JournalError) {
        do throws(JournalError) {
            try database.transaction { () throws(JournalError) in
                _ = try database.run("UPDATE due SET stage = -1 - stage WHERE request = ''")
            }
        } catch {
            throw JournalError(.inDoubt, path: path, error.detail)
        }
        isInDoubt = false
    }

    private func insert(
        _ record: Record, _ payload: String, pan: PAN?, at time: LocalDateTime, _ tail: inout Tail
    ) throws(JournalError) -> Entry {
        let sequence = tail.sequence + 1
        try follow(record, sequence, &tail)
        var sealed: [UInt8]?
        if case .authorization = record, let pan { sealed = try vault.seal(pan, at: sequence) }
        let row: Row
        do throws(CryptographyError) {
            row = try Row(
                sequence: sequence, time: time.iso8601, kind: record.kind, payload: payload, pan: sealed,
                keys: record.keys(in: tail.batch), after: tail.hash)
        } catch {
            throw JournalError(.database, path: path, "hash: \(error)")
        }
        try database.run("INSERT INTO record (\(Row.columns)) VALUES (?,?,?,?,?,?,?,?,?,?)", row.values)
        tail.sequence = sequence
        tail.hash = row.hash
        return Entry(sequence: sequence, time: time, record: record, hash: row.hash)
    }

    /// Moves the counters and `due` with the record, and refuses one that cannot follow the records before it.
    private func follow(_ record: Record, _ sequence: Int, _ tail: inout Tail) throws(JournalError) {
        switch record {
        case .accepted(let request):
            guard
                try database.row("SELECT 1 FROM record WHERE request = ?", [.text(request.id.rawValue)], { _ in true })
                    == nil
            else { throw JournalError(.contradiction, path: path, "request \(request.id) was accepted before") }
            try database.run(
                "INSERT INTO due VALUES (?, ?, ?)",
                [.text(request.id.rawValue), .integer(Stage.accepted.rawValue), .integer(sequence)])
        case .authorization(let sent):
            guard sent.batch == tail.batch else {
                throw JournalError(.contradiction, path: path, "batch \(sent.batch) where \(tail.batch) runs")
            }
            try move(sent.request.id, from: [.accepted], to: .authorized, sequence)
            tail.stan = sent.stan
        case .finished(let id, _, .some): try move(id, from: [.authorized], to: .reversal)
        case .finished(let id, _, nil): try move(id, from: [.accepted, .authorized], to: nil)
        case .reversalAnswered(let id, _, let settled): try move(id, from: [.reversal], to: settled ? nil : .reversal)
        case .signedIn(let batch): tail.batch = batch
        case .numberUsed(let stan): tail.stan = stan
        case .started: break
        }
    }

    private func move(
        _ id: RequestID, from stages: [Stage], to stage: Stage?, _ sequence: Int? = nil
    ) throws(JournalError) {
        let request = Value.text(id.rawValue)
        let now = try database.row("SELECT stage FROM due WHERE request = ?", [request]) { $0.integer(0) }
        guard let now = now.flatMap(Stage.init(rawValue:)), stages.contains(now) else {
            throw JournalError(.contradiction, path: path, "request \(id) is not \(stages.map { "\($0)" })")
        }
        if let stage, stage != now {
            try database.run(
                "UPDATE due SET stage = ?, sequence = ifnull(?, sequence) WHERE request = ?",
                [.integer(stage.rawValue), Value(sequence), request])
        } else if stage == nil {
            try database.run("DELETE FROM due WHERE request = ?", [request])
        }
    }

    private func encode(_ record: Record) throws(JournalError) -> String {
        do {
            return try JSONWriter.text(of: record)
        } catch {
            throw JournalError(.contradiction, path: path, "\(record.kind) cannot be encoded")
        }
    }

    // MARK: Reading

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
        guard let time = LocalDateTime(journal: row.time),
            let record = try? decoder.decode(Record.self, from: Data(row.payload.utf8)), record.kind == row.kind
        else { throw JournalError(.damaged, path: path, "record \(row.sequence) cannot be read") }
        return Entry(sequence: row.sequence, time: time, record: record, hash: row.hash)
    }

    func pan(of sequence: Int) throws(JournalError) -> PAN? {
        let sealed = try database.row("SELECT pan FROM record WHERE sequence = ?", [.integer(sequence)]) {
            $0.isNull(0) ? nil : $0.bytes(0)
        }
        guard let sealed = sealed ?? nil else { return nil }
        return try vault.open(sealed, at: sequence)
    }

    /// The first number after the last one that the batch has not used.
    func nextSTAN() throws(JournalError) -> STAN {
        for candidate in [tail.stan?.next ?? .first, .first] {
            if let free = try free(from: candidate) { return free }
        }
        throw JournalError(.numbersExhausted, path: path, "batch \(tail.batch) has used every number")
    }

    private func free(from candidate: STAN) throws(JournalError) -> STAN? {
        let values: [Value] = [.integer(tail.batch.value), .integer(candidate.value)]
        let used = "SELECT 1 FROM record WHERE batch = ? AND stan = ?"
        guard try database.row(used, values, { _ in true }) != nil else { return candidate }
        let gap = """
            SELECT stan + 1 FROM record AS used WHERE batch = ? AND stan >= ? AND NOT EXISTS
            (SELECT 1 FROM record WHERE batch = used.batch AND stan = used.stan + 1) ORDER BY stan LIMIT 1
            """
        return try database.row(gap, values) { $0.integer(0) }.flatMap { STAN($0) }
    }

    func payment(_ request: String) throws(JournalError) -> PaymentState? {
        let entries = try entries("request = ? ORDER BY sequence", [.text(request)])
        guard !entries.isEmpty else { return nil }
        return try valid(PaymentState(entries), "the records of request \(request) do not follow from each other")
    }

    func unfinished() throws(JournalError) -> [PaymentState] {
        let stages = [Value.integer(Stage.accepted.rawValue), .integer(Stage.authorized.rawValue)]
        return try due("SELECT request FROM due WHERE stage IN (?, ?) ORDER BY sequence", stages)
    }

    func pendingReversals() throws(JournalError) -> [PendingReversal] {
        let sql = "SELECT request, sequence FROM due WHERE stage = ? ORDER BY sequence"
        let found = try database.rows(sql, [.integer(Stage.reversal.rawValue)]) { ($0.text(0), $0.integer(1)) }
        return try found.map { (request, sequence) throws(JournalError) in
            guard let payment = try payment(request), let authorization = payment.authorization,
                case .pending(let reason, let refusals) = payment.reversal
            else { throw JournalError(.damaged, path: path, "request \(request) has no reversal pending") }
            return PendingReversal(
                authorization: authorization, pan: try pan(of: sequence), reason: reason, refusals: refusals)
        }
    }

    func due(_ sql: String, _ values: [Value]) throws(JournalError) -> [PaymentState] {
        try database.rows(sql, values) { $0.text(0) }.map { (request) throws(JournalError) in
            try valid(try payment(request), "request \(request) has no records")
        }
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

extension LocalDateTime {
    /// Reads what `iso8601` wrote.
    fileprivate init?(journal text: String) {
        let parts = text.split { "-T:".contains($0) }.compactMap { Int($0) }
        guard parts.count == 6 else { return nil }
        self.init(
            year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4], second: parts[5])
    }
}
