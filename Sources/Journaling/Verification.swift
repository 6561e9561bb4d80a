import Payments

/// A walk along all records that compares everything the file says twice. It goes in steps, so that others may write
/// between them.
struct Verification {
    /// The hash of the last record passed.
    private(set) var hash = Row.origin
    private var sequence = 0
    /// The batch that runs; nil where its opening is pruned and nothing has named it since.
    private var batch: BatchNumber? = .first
    private var settlement: SettlementState?
    /// The payments about which something is open, each with the mark of its card.
    private var open: [RequestID: (payment: TrackedPayment, card: [UInt8]?)] = [:]
    private var checkpoint = 0
    private var pagesChecked = false

    private static let step = 500

    /// Goes some records on; false at the end.
    mutating func advance(_ store: Store) throws(JournalError) -> Bool {
        if !pagesChecked {
            let answer = try store.database.row("PRAGMA integrity_check(1)", [], { $0.text(0) })
            // A page that the disk does not give is not said to be damaged.
            if let code = answer?.split(separator: "error code=").last.flatMap({ Int32($0) }) {
                try store.database.check(code, "pages")
            }
            guard answer == "ok" else { throw JournalError(.damaged, path: store.path, answer ?? "no answer") }
            pagesChecked = true
        }
        if sequence < store.tail.pruned { try begin(store) }
        let rows = try store.rows(
            "sequence > ? ORDER BY sequence LIMIT ?", [.integer(sequence), .integer(Self.step)])
        for row in rows { try pass(row, store) }
        if rows.count == Self.step { return true }
        guard sequence == store.tail.sequence, hash == store.tail.hash else {
            throw JournalError(.damaged, path: store.path, "records are missing after record \(sequence)")
        }
        guard checkpoint == store.tail.pruned else {
            throw JournalError(.damaged, path: store.path, "the records say that \(checkpoint) are pruned")
        }
        let kept = try store.database.rows("SELECT \(Due.columns) FROM due WHERE stage != 0") { Due($0) }
        let due = open.values.flatMap { $0.payment.due(card: $0.card) }
        guard kept.count == due.count, Set(kept) == Set(due) else {
            throw JournalError(.damaged, path: store.path, "the list of open payments does not follow from the records")
        }
        return false
    }

    /// Begins after what is pruned: everything there was closed.
    private mutating func begin(_ store: Store) throws(JournalError) {
        (sequence, hash) = try store.checkpoint()
        batch = nil
        settlement = nil
        open = [:]
    }

    private mutating func pass(_ row: Row, _ store: Store) throws(JournalError) {
        guard row.sequence == sequence + 1 else { throw damage("record \(sequence + 1) is missing", store) }
        guard try store.follows(row, hash) else {
            throw damage("record \(row.sequence) is not as it was written", store)
        }
        let entry = try store.entry(row)
        let running = batch ?? row.keys.batch.flatMap { BatchNumber($0) } ?? .first
        guard entry.record.keys(in: running) == row.keys else {
            throw damage("record \(row.sequence) is filed wrongly", store)
        }
        let pan = try store.pan(of: row.sequence)
        guard try follow(entry, pan, store) else {
            throw damage("record \(row.sequence) cannot follow the records before it", store)
        }
        sequence = row.sequence
        hash = row.hash
    }

    private mutating func follow(_ entry: Entry, _ pan: PAN?, _ store: Store) throws(JournalError) -> Bool {
        if let id = entry.record.id { return try follow(entry, id, pan, store) }
        switch entry.record {
        case .signedIn(let named):
            batch = named
        case .settlementBegun(let begun):
            guard settlement == nil, begun.batch == batch ?? begun.batch else { return false }
            batch = begun.batch
            settlement = SettlementState(CollectionOfOne(entry))
        case .settlementCompared, .uploading, .uploadRefused:
            return settlement?.follow(entry) == true
        case .settled(let settled):
            guard settlement?.follow(entry) == true else { return false }
            settlement = nil
            batch = settled.next
        case .pruned(let through, _):
            checkpoint = through
        default: break
        }
        return true
    }

    private mutating func follow(
        _ entry: Entry, _ id: RequestID, _ pan: PAN?, _ store: Store
    ) throws(JournalError) -> Bool {
        if case .accepted = entry.record {
            guard open[id] == nil, settlement == nil, let payment = TrackedPayment(CollectionOfOne(entry)) else {
                return false
            }
            open[id] = (payment, nil)
            return true
        }
        if case .authorization(let sent) = entry.record {
            guard sent.batch == batch ?? sent.batch, settlement == nil else { return false }
            batch = sent.batch
            open[id]?.card = try pan.map { (pan) throws(JournalError) in try store.vault.mark(pan) }
        }
        guard open[id]?.payment.follow(entry) == true else { return false }
        if open[id]?.payment.stages.isEmpty == true { open[id] = nil }
        return true
    }

    private func damage(_ detail: String, _ store: Store) -> JournalError {
        JournalError(.damaged, path: store.path, detail)
    }
}
