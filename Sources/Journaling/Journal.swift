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
    /// other record. Throws `contradiction` for what cannot follow (`PaymentState`, `SettlementState`): a request
    /// accepted twice or during a settlement, an authorization of another batch or with a number that the batch has used
    /// (M7), an outcome for a payment that has one, the end of a batch that owes the acquirer something.
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

    /// The last record's sequence: how many were ever written.
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
        try store.withLock { (store) throws(JournalError) in try store.tracked(id)?.state }
    }

    /// The payment that used this number, in the running batch if none is named: for any of its attempts, or for the
    /// result of its scripts.
    public func payment(stan: STAN, batch: BatchNumber? = nil) throws(JournalError) -> PaymentState? {
        try store.withLock { (store) throws(JournalError) in
            let batch = batch ?? store.tail.batch
            return try store.payments(
                "SELECT request FROM record WHERE batch = ? AND stan = ? AND request IS NOT NULL",
                [.integer(batch.value), .integer(stan.value)]
            ).first
        }
    }

    /// The newest payment with this retrieval reference number.
    public func payment(rrn: String) throws(JournalError) -> PaymentState? {
        try store.withLock { (store) throws(JournalError) in
            try store.payments("SELECT request FROM record WHERE rrn = ? ORDER BY sequence DESC LIMIT 1", [.text(rrn)])
                .first
        }
    }

    /// The newest payments, newest first, up to `limit`.
    public func newestPayments(limit: Int) throws(JournalError) -> [PaymentState] {
        try store.withLock { (store) throws(JournalError) in
            try store.payments(
                "SELECT request FROM record NOT INDEXED WHERE kind = 'accepted' ORDER BY sequence DESC LIMIT ?",
                [.integer(max(0, limit))])
        }
    }

    /// The payments that follow up this one, in order.
    public func followUps(of id: RequestID) throws(JournalError) -> [PaymentState] {
        try store.withLock { (store) throws(JournalError) in
            try store.payments("SELECT request FROM record WHERE original = ? ORDER BY sequence", [.text(id.rawValue)])
        }
    }

    /// What a crash left: payments taken and without an outcome, in order.
    public func unfinished() throws(JournalError) -> [PaymentState] {
        try store.withLock { (store) throws(JournalError) in try store.open(.unfinished) }
    }

    // MARK: The queue

    /// What is owed to the acquirer of one kind, up to `limit`, in the order of the authorizations (M4, M5). Takes as
    /// long for one of a long queue as of a short one.
    public func deliveries(_ delivery: Delivery, limit: Int) throws(JournalError) -> [PendingDelivery] {
        try store.withLock { (store) throws(JournalError) in try store.deliveries(delivery, limit: limit) }
    }

    /// The dead list: stored payments that the acquirer refused and that nobody has resolved, in order.
    public func refused() throws(JournalError) -> [PaymentState] {
        try store.withLock { (store) throws(JournalError) in try store.open(.refused) }
    }

    /// What the queue of stored payments holds: all of it, what was stored on the date of `day`, and what `card` has in
    /// it. Takes longer for a longer queue, 0.1 ms for 1,000.
    public func queue(card: PAN? = nil, on day: LocalDateTime) throws(JournalError) -> QueueLoad {
        try store.withLock { (store) throws(JournalError) in try store.queue(card, on: day) }
    }

    // MARK: Batches

    /// The payments of one batch that left or were stored, in the order of their last authorizations.
    public func batch(_ number: BatchNumber) throws(JournalError) -> [PaymentState] {
        try store.withLock { (store) throws(JournalError) in try store.batch(number) }
    }

    /// At least as many as the payments of the running batch on the side of the card class that has most: not more than
    /// `Totals.greatestCount` can be settled. The first call of a batch reads it, the others cost nothing.
    public func highestCount() throws(JournalError) -> Int {
        try store.withLock { (store) throws(JournalError) in try store.highestCount() }
    }

    /// When the first payment of the running batch was authorized; nil as long as it is empty.
    public func batchOpenedAt() throws(JournalError) -> LocalDateTime? {
        try store.withLock { (store) throws(JournalError) in try store.batchOpenedAt() }
    }

    /// The settlement that was begun and is not over.
    public func settlement() -> SettlementState? { store.withLock { $0.tail.settlement } }

    /// The last settlement that is over.
    public func lastSettlement() throws(JournalError) -> SettlementState? {
        try store.withLock { (store) throws(JournalError) in try store.lastSettlement() }
    }

    // MARK: Keeping

    /// Removes the oldest records that are older than `time`, with everything before them settled and closed, up to about
    /// `chunk` of them; returns how many, 0 when there are none left to remove. A `pruned` record takes their place in
    /// the same commit, so that the chain can still be checked. `time` is to be 48 hours ago at least (M9). Their pages
    /// are used again; the file does not get smaller.
    public func prune(before time: LocalDateTime, at now: LocalDateTime, chunk: Int = 1000) throws(JournalError) -> Int
    {
        try store.withLock { (store) throws(JournalError) in
            try store.prune(before: min(time, now.advanced(seconds: -48 * 3600)), at: now, chunk: max(1, chunk))
        }
    }

    /// The account number sealed beside the record `sequence`, if there is one. Throws `damaged` if its seal is broken.
    public func pan(of sequence: Int) throws(JournalError) -> PAN? {
        try store.withLock { (store) throws(JournalError) in try store.pan(of: sequence) }
    }

    /// The account number sealed beside the last authorization of this payment, if there is one.
    public func pan(of id: RequestID) throws(JournalError) -> PAN? {
        try store.withLock { (store) throws(JournalError) in
            let row = try store.rows(
                "request = ? AND kind = 'authorization' ORDER BY sequence DESC LIMIT 1", [.text(id.rawValue)]
            ).first
            guard let row else { return nil }
            return try store.pan(of: row.sequence)
        }
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

    /// Checks the journal at `path` as `verify()` does, without changing a byte there: see `withCopy`.
    @discardableResult
    public static func verify(fileAt path: String, key: SecretBytes, scratch: String) throws(JournalError) -> [UInt8] {
        try withCopy(of: path, key: key, scratch: scratch) { (journal) throws(JournalError) in try journal.verify() }
    }

    /// Copies the journal at `path` into a new folder within `scratch`, hands the copy to `body` and removes it; no byte at
    /// `path` is changed. Throws `inUse` while somebody has it open.
    public static func withCopy<Value>(
        of path: String, key: SecretBytes, scratch: String, _ body: (Journal) throws(JournalError) -> Value
    ) throws(JournalError) -> Value {
        let copy = try JournalCopy(of: path, in: scratch)
        do throws(JournalError) {
            return try withExtendedLifetime(copy) { () throws(JournalError) in
                try body(try Journal(path: copy.path, key: key))
            }
        } catch {
            throw JournalError(error.kind, path: path, error.detail)
        }
    }

    /// Up to `limit` records after the record `sequence`, each as one line of JSON, for people and other programs: the
    /// records as they are kept, which is without account numbers, PINs and tracks (M8). Throws `damaged` where the chain
    /// is broken.
    public func lines(after sequence: Int = 0, limit: Int) throws(JournalError) -> [(sequence: Int, json: String)] {
        try store.withLock { (store) throws(JournalError) in try store.lines(after: sequence, limit: max(0, limit)) }
    }

    /// Bytes of the file, and how many of them wait to be used again.
    public func size() throws(JournalError) -> (file: Int, free: Int) {
        try store.withLock { (store) throws(JournalError) in try store.size() }
    }
}
