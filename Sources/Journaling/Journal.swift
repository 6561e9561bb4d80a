public import Payments
import Synchronization

/// The durable, ordered, tamper-evident record of everything the terminal did (M1, M11). One file, one process, one
/// writer. Queues and totals are views of its records, not second truths.
///
/// Calls block: an `append` for as long as the disk needs to make it durable (about a millisecond), the others less.
/// They may come from any thread, one after another. A call that throws has changed nothing, but for `inDoubt`.
public final class Journal: Sendable {
    /// Where it stands.
    public let path: String
    let store: Mutex<Store>

    /// Opens the journal at `path`, or makes one where nothing is, readable to its owner only; a lock file
    /// (`path.lock`) stays beside it. `key`, 32 bytes, seals the account numbers; `disk` has the files.
    ///
    /// Refuses, and leaves untouched, a file that is foreign, damaged, newer, readable to others, made with another
    /// key, or open elsewhere (`JournalError.Kind`). Checks the end of the chain only: see `verify()`.
    public init(path: String, key: SecretBytes, disk: any Disk = SystemDisk()) throws(JournalError) {
        self.path = path
        store = Mutex(try Store(path: path, key: key, disk: disk))
    }

    /// Writes `record`; returns when it is durable (M1). `pan` is sealed beside an authorization and dropped with any
    /// other record. Throws `contradiction` for what cannot follow: a request accepted twice, an authorization of
    /// another batch or with a number that the batch has used (M7), an outcome for a payment that has one.
    @discardableResult
    public func append(_ record: Record, pan: PAN? = nil, at time: LocalDateTime) throws(JournalError) -> Entry {
        let entries = try append([record], pan: pan, at: time)
        return entries[0]
    }

    /// Writes `records` in one commit: all are durable, or none is there.
    @discardableResult
    public func append(_ records: [Record], pan: PAN? = nil, at time: LocalDateTime) throws(JournalError) -> [Entry] {
        try store.withLock { (store) throws(JournalError) in try store.append(records, pan: pan, at: time) }
    }

    /// Folds the write-ahead log into the file: for a stop, after which nobody looks at the log for a while. What is in
    /// the file is covered by its pages and the chain; of a damaged log SQLite keeps what comes before the damage.
    public func fold() throws(JournalError) {
        try store.withLock { (store) throws(JournalError) in try store.fold() }
    }

    /// The next STAN that the running batch has not used, and that batch: the one the acquirer named last, or 1. They
    /// move with the records that use them, in the same commit.
    public func numbers() throws(JournalError) -> (stan: STAN, batch: BatchNumber) {
        try store.withLock { (store) throws(JournalError) in (try store.nextSTAN(), store.tail.batch) }
    }

    /// Number of records, which is the last one's sequence.
    public var count: Int { store.withLock { $0.tail.sequence } }

    /// Up to `limit` entries after the record `sequence`, in order.
    public func entries(after sequence: Int = 0, limit: Int) throws(JournalError) -> [Entry] {
        try store.withLock { (store) throws(JournalError) in
            try store.entries("sequence > ? ORDER BY sequence LIMIT ?", [.integer(sequence), .integer(max(0, limit))])
        }
    }

    /// The entry `sequence`, if there is one.
    public func entry(_ sequence: Int) throws(JournalError) -> Entry? {
        try store.withLock { (store) throws(JournalError) in
            try store.entries("sequence = ?", [.integer(sequence)]).first
        }
    }

    /// The entries of one request, in order.
    public func entries(of id: RequestID) throws(JournalError) -> [Entry] {
        try store.withLock { (store) throws(JournalError) in
            try store.entries("request = ? ORDER BY sequence", [.text(id.rawValue)])
        }
    }

    /// What happened to this request (M9); nil if it was never accepted.
    public func payment(_ id: RequestID) throws(JournalError) -> PaymentState? {
        try store.withLock { (store) throws(JournalError) in try store.payment(id.rawValue) }
    }

    /// The payment that used this number, in the running batch if none is named.
    public func payment(stan: STAN, batch: BatchNumber? = nil) throws(JournalError) -> PaymentState? {
        try store.withLock { (store) throws(JournalError) in
            let batch = batch ?? store.tail.batch
            return try store.due(
                "SELECT request FROM record WHERE batch = ? AND stan = ? AND request IS NOT NULL",
                [.integer(batch.value), .integer(stan.value)]
            ).first
        }
    }

    /// The newest payment with this retrieval reference number.
    public func payment(rrn: String) throws(JournalError) -> PaymentState? {
        try store.withLock { (store) throws(JournalError) in
            try store.due("SELECT request FROM record WHERE rrn = ? ORDER BY sequence DESC LIMIT 1", [.text(rrn)]).first
        }
    }

    /// The newest payments, newest first, up to `limit`.
    public func newestPayments(limit: Int) throws(JournalError) -> [PaymentState] {
        try store.withLock { (store) throws(JournalError) in
            try store.due(
                "SELECT request FROM record NOT INDEXED WHERE kind = 'accepted' ORDER BY sequence DESC LIMIT ?",
                [.integer(max(0, limit))])
        }
    }

    /// What a crash left: payments taken and without an outcome, in order.
    public func unfinished() throws(JournalError) -> [PaymentState] {
        try store.withLock { (store) throws(JournalError) in try store.unfinished() }
    }

    /// The reversals that the acquirer has not settled, in the order of their authorizations (M4).
    public func pendingReversals() throws(JournalError) -> [PendingReversal] {
        try store.withLock { (store) throws(JournalError) in try store.pendingReversals() }
    }

    /// The account number sealed beside the record `sequence`, if there is one. Throws `damaged` if its seal is broken.
    public func pan(of sequence: Int) throws(JournalError) -> PAN? {
        try store.withLock { (store) throws(JournalError) in try store.pan(of: sequence) }
    }

    /// Checks everything: pages and indexes, every record's place and hash, every look-up column, every seal (M11).
    /// Returns the hash of the last record; throws `damaged` and names the first record that is wrong. Takes about
    /// 0.1 ms a record; others wait while the pages are checked, then for 500 records at most.
    @discardableResult
    public func verify() throws(JournalError) -> [UInt8] {
        var verification = Verification()
        while try store.withLock({ (store) throws(JournalError) in try verification.advance(store) }) {}
        return verification.hash
    }
}
