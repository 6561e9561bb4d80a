import Payments
import Wire

extension Store {
    /// The record up to which all are pruned, and its hash; 0 and the origin where none is.
    func checkpoint() throws(JournalError) -> (sequence: Int, hash: [UInt8]) {
        guard let sequence = try newest(.pruned) else { return (0, Row.origin) }
        let entry = try entries("sequence = ?", [.integer(sequence)]).first
        guard case .pruned(let through, let text) = entry?.record, let hash = try? Hex.decode(text), hash.count == 32
        else { throw JournalError(.damaged, path: path, "record \(sequence) is no checkpoint") }
        return (through, hash)
    }

    /// Removes some of the oldest records; says how many.
    func prune(before time: LocalDateTime, at now: LocalDateTime, chunk: Int) throws(JournalError) -> Int {
        let through = try prunable(before: time, chunk: chunk)
        let count = through - tail.pruned
        guard count > 0 else { return 0 }
        let checkpoint = Record.pruned(through: through, hash: Hex.encode(try hash(of: through)))
        _ = try commit([checkpoint], at: now) { () throws(JournalError) in
            try database.run("DROP TRIGGER record_stays")
            try database.run("DELETE FROM record WHERE sequence <= ?", [.integer(through)])
            try database.run(Schema.recordStays)
        }
        tail.pruned = through
        lately.removeAll()
        return count
    }

    /// How far the records may go: no payment and no settlement is cut in two, nothing is open, all are older than `time`.
    /// The last settlement stays, and what opened the running batch.
    private func prunable(before time: LocalDateTime, chunk: Int) throws(JournalError) -> Int {
        let time = time.iso8601
        let settled = """
            SELECT sequence FROM record WHERE request IS NULL AND kind = 'settled' AND time < ?
            ORDER BY sequence DESC LIMIT 1
            """
        guard let old = try database.row(settled, [.text(time)], { $0.integer(0) }),
            let begun = try newest(.settlementBegun)
        else { return tail.pruned }
        let end = min(old, begun - 1, tail.opened - 1)
        let open = Set(try database.rows("SELECT request FROM due WHERE stage > 0", [], { $0.text(0) }))
        var (cut, passed, isSettling) = (tail.pruned, tail.pruned, false)
        /// The last record of the payments that began so far.
        var reach = tail.pruned
        let last = "SELECT max(sequence) FROM record WHERE request = ?"
        while passed < end {
            let next = try rows(
                "sequence BETWEEN ? AND ? ORDER BY sequence", [.integer(passed + 1), .integer(min(end, passed + 500))])
            for row in next {
                guard row.time < time, !open.contains(row.keys.request ?? "") else { return cut }
                if row.kind == Record.Kind.accepted.rawValue {
                    reach = max(reach, try database.row(last, [Value(row.keys.request)]) { $0.integer(0) } ?? .max)
                }
                if row.kind == Record.Kind.settlementBegun.rawValue { isSettling = true }
                if row.kind == Record.Kind.settled.rawValue { isSettling = false }
                if !isSettling, reach <= row.sequence { cut = row.sequence }
                if cut - tail.pruned >= chunk { return cut }
            }
            guard let furthest = next.last?.sequence else { return cut }
            passed = furthest
        }
        return cut
    }

    func lines(after sequence: Int, limit: Int) throws(JournalError) -> [(sequence: Int, json: String)] {
        let start = max(sequence, tail.pruned)
        let rows = try rows("sequence > ? ORDER BY sequence LIMIT ?", [.integer(start), .integer(limit)])
        guard !rows.isEmpty else { return [] }
        var hash = start == tail.pruned ? try checkpoint().hash : try hash(of: start)
        return try rows.map { (row) throws(JournalError) in
            guard try follows(row, hash) else {
                throw JournalError(.damaged, path: path, "record \(row.sequence) is not as it was written")
            }
            hash = row.hash
            let place = #""sequence":\#(row.sequence),"time":"\#(row.time)","hash":"\#(Hex.encode(row.hash))""#
            return (row.sequence, "{\(place),\"record\":\(row.payload)}")
        }
    }

    func size() throws(JournalError) -> (file: Int, free: Int) {
        let page = try database.row("PRAGMA page_size") { $0.integer(0) } ?? 0
        let pages = try database.row("PRAGMA page_count") { $0.integer(0) } ?? 0
        let free = try database.row("PRAGMA freelist_count") { $0.integer(0) } ?? 0
        return (page * pages, page * free)
    }
}
