import Payments

/// A walk along all records that compares everything the file says twice. It goes in steps, so that others may write
/// between them.
struct Verification {
    /// The hash of the last record passed.
    private(set) var hash = Row.origin
    private var sequence = 0
    private var batch = BatchNumber.first
    private var due: [String: Due] = [:]
    private var pagesChecked = false

    private struct Due: Equatable {
        let stage: Int
        let sequence: Int
    }

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
        let rows = try store.rows(
            "sequence > ? ORDER BY sequence LIMIT ?", [.integer(sequence), .integer(Self.step)])
        for row in rows { try pass(row, store) }
        if rows.count == Self.step { return true }
        guard sequence == store.tail.sequence, hash == store.tail.hash else {
            throw JournalError(.damaged, path: store.path, "records are missing after record \(sequence)")
        }
        let kept = try store.database.rows("SELECT request, stage, sequence FROM due WHERE request != ''") {
            ($0.text(0), Due(stage: $0.integer(1), sequence: $0.integer(2)))
        }
        guard Dictionary(kept, uniquingKeysWith: { first, _ in first }) == due else {
            throw JournalError(.damaged, path: store.path, "the list of open payments does not follow from the records")
        }
        return false
    }

    private mutating func pass(_ row: Row, _ store: Store) throws(JournalError) {
        guard row.sequence == sequence + 1 else {
            throw JournalError(.damaged, path: store.path, "record \(sequence + 1) is missing")
        }
        guard try store.follows(row, hash) else {
            throw JournalError(.damaged, path: store.path, "record \(row.sequence) is not as it was written")
        }
        let record = try store.entry(row).record
        guard record.keys(in: batch) == row.keys else {
            throw JournalError(.damaged, path: store.path, "record \(row.sequence) is filed wrongly")
        }
        _ = try store.pan(of: row.sequence)
        note(record, row.sequence)
        sequence = row.sequence
        hash = row.hash
    }

    private mutating func note(_ record: Record, _ sequence: Int) {
        switch record {
        case .accepted(let request): due[request.id.rawValue] = Due(stage: 1, sequence: sequence)
        case .authorization(let sent): due[sent.request.id.rawValue] = Due(stage: 2, sequence: sequence)
        case .finished(let id, _, .some):
            due[id.rawValue] = due[id.rawValue].map { Due(stage: 3, sequence: $0.sequence) }
        case .finished(let id, _, nil), .reversalAnswered(let id, _, true): due[id.rawValue] = nil
        case .signedIn(let batch): self.batch = batch
        case .reversalAnswered, .numberUsed, .started: break
        }
    }
}
