import PaymentCryptography
import Payments

extension Store {
    /// What a commit has come to so far.
    private struct Step {
        var tail: Tail
        var payments: [RequestID: TrackedPayment] = [:]
    }

    func append(_ records: [Record], pan: PAN?, at time: LocalDateTime) throws(JournalError) -> [Entry] {
        for case .pruned in records { throw contradiction("only pruning says what was pruned") }
        return try commit(records, pan: pan, at: time)
    }

    /// Writes `records` and then does `body`, all in one commit.
    func commit(
        _ records: [Record], pan: PAN? = nil, at time: LocalDateTime, _ body: () throws(JournalError) -> Void = {}
    ) throws(JournalError) -> [Entry] {
        let payloads = try records.map { (record) throws(JournalError) in try encode(record) }
        if isInDoubt { try settle() }
        var step = Step(tail: tail)
        let entries = try certain { () throws(JournalError) in
            var entries: [Entry] = []
            for (record, payload) in zip(records, payloads) {
                entries.append(try insert(record, payload, pan: pan, at: time, &step))
            }
            try database.run("UPDATE due SET sequence = ? WHERE stage = 0", [.integer(step.tail.sequence)])
            try body()
            return entries
        }
        tail = step.tail
        remember(step.payments)
        return entries
    }

    /// A transaction whose failure leaves nothing behind, or else throws `inDoubt`.
    private func certain<Result>(_ body: () throws(JournalError) -> Result) throws(JournalError) -> Result {
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
                _ = try database.run("UPDATE due SET amount = 1 - ifnull(amount, 0) WHERE stage = 0")
            }
        } catch {
            throw JournalError(.inDoubt, path: path, error.detail)
        }
        isInDoubt = false
    }

    private func insert(
        _ record: Record, _ payload: String, pan: PAN?, at time: LocalDateTime, _ step: inout Step
    ) throws(JournalError) -> Entry {
        let sequence = step.tail.sequence + 1
        var sealed: [UInt8]?
        if case .authorization = record, let pan { sealed = try vault.seal(pan, at: sequence) }
        let row: Row
        do throws(CryptographyError) {
            row = try Row(
                sequence: sequence, time: time.iso8601, kind: record.kind.rawValue, payload: payload, pan: sealed,
                keys: record.keys(in: step.tail.batch), after: step.tail.hash)
        } catch {
            throw JournalError(.database, path: path, "hash: \(error)")
        }
        let entry = Entry(sequence: sequence, time: time, record: record, hash: row.hash)
        if let id = record.id {
            let before = if let known = step.payments[id] { known } else { try tracked(id) }
            let after = try follow(before, entry, step.tail)
            try write(row)
            try enter(after, instead: before)
            step.payments[id] = after
            count(after, entry, &step.tail)
        } else {
            try follow(entry, &step.tail)
            try write(row)
        }
        step.tail.sequence = sequence
        step.tail.hash = row.hash
        if let stan = row.keys.stan { step.tail.stan = STAN(stan) }
        return entry
    }

    private func write(_ row: Row) throws(JournalError) {
        try database.run("INSERT INTO record (\(Row.columns)) VALUES (?,?,?,?,?,?,?,?,?,?,?)", row.values)
    }

    // MARK: What may follow

    /// The payment after `entry`; refuses one that cannot follow the records before it.
    private func follow(_ before: TrackedPayment?, _ entry: Entry, _ tail: Tail) throws(JournalError) -> TrackedPayment
    {
        switch entry.record {
        case .accepted(let request):
            guard before == nil else { throw contradiction("request \(request.id) was accepted before") }
            guard tail.settlement == nil else { throw contradiction("batch \(tail.batch) is being settled") }
            if let first = TrackedPayment(CollectionOfOne(entry)) { return first }
        case .authorization(let sent):
            guard sent.batch == tail.batch else {
                throw contradiction("batch \(sent.batch) where \(tail.batch) runs")
            }
            guard tail.settlement == nil else { throw contradiction("batch \(tail.batch) is being settled") }
            fallthrough
        default:
            if var after = before, after.follow(entry) { return after }
        }
        throw contradiction(
            "\(entry.record.kind.rawValue) cannot follow for the request \(entry.record.id?.rawValue ?? "")")
    }

    /// Moves the session and the settlement with the record, and refuses one that cannot follow the records before it.
    private func follow(_ entry: Entry, _ tail: inout Tail) throws(JournalError) {
        switch entry.record {
        case .signedIn(let batch):
            guard batch != tail.batch else { return }
            guard tail.settlement == nil else { throw contradiction("batch \(tail.batch) is being settled") }
            open(batch, with: entry, &tail)
        case .settlementBegun(let begun):
            guard tail.settlement == nil, begun.batch == tail.batch else {
                throw contradiction("batch \(tail.batch) is being settled, or it is not batch \(begun.batch)")
            }
            let unfinished = "SELECT 1 FROM due WHERE stage = \(Due.Stage.unfinished.rawValue) LIMIT 1"
            guard try database.row(unfinished, [], { _ in true }) == nil else {
                throw contradiction("a payment of batch \(begun.batch) has no outcome")
            }
            tail.settlement = SettlementState(CollectionOfOne(entry))
        case .settlementCompared, .uploading, .uploadRefused:
            try settle(entry, &tail)
        case .settled(let batch):
            try settle(entry, &tail)
            guard try !owes(batch) else { throw contradiction("batch \(batch) owes the acquirer something") }
            tail.settlement = nil
            open(batch.next, with: entry, &tail)
        default: break
        }
    }

    private func settle(_ entry: Entry, _ tail: inout Tail) throws(JournalError) {
        guard tail.settlement?.follow(entry) == true else {
            throw contradiction("\(entry.record.kind.rawValue) cannot follow in the settlement of batch \(tail.batch)")
        }
    }

    private func open(_ batch: BatchNumber, with entry: Entry, _ tail: inout Tail) {
        tail.batch = batch
        tail.opened = entry.sequence
        tail.counted = nil
    }

    /// Whether a reversal or a stored payment of the batch is still to be delivered. What the acquirer has refused to take
    /// back, and what waits behind that, is on the list of what a supervisor settles: it holds no batch open.
    private func owes(_ batch: BatchNumber) throws(JournalError) -> Bool {
        let sql = """
            SELECT due.request FROM due CROSS JOIN record USING (sequence)
            WHERE due.stage IN (?, ?, ?) AND record.batch = ?
            """
        let stages = Due.Stage.beforeSettlement.map { Value.integer($0.rawValue) }
        let requests = try database.rows(sql, stages + [.integer(batch.value)]) { $0.text(0) }
        for request in requests where try !payment(request).state.isReversalRefused { return true }
        return false
    }

    /// Counts what has come to count; what ceases to count stays counted.
    private func count(_ payment: TrackedPayment, _ entry: Entry, _ tail: inout Tail) {
        switch entry.record.kind {
        case .authorization, .finished:
            if payment.state.authorization?.batch == tail.batch { payment.state.count(in: &tail.counted) }
        default: break
        }
    }

    // MARK: What is open

    /// Brings the payment's rows of `due` from what they were `before` to what they are.
    func enter(_ payment: TrackedPayment, instead before: TrackedPayment?) throws(JournalError) {
        let stages = payment.stages
        let stays = before?.place == payment.place ? before?.stages.filter { stages.contains($0) } ?? [] : []
        if let before {
            for stage in before.stages where !stays.contains(stage) {
                try database.run(
                    "DELETE FROM due WHERE stage = ? AND sequence = ?",
                    [.integer(stage.rawValue), .integer(before.place)])
            }
        }
        let new = stages.filter { !stays.contains($0) }
        guard !new.isEmpty else { return }
        for row in payment.due(card: try card(of: payment)) where new.contains(row.stage) {
            try database.run("INSERT INTO due (\(Due.columns)) VALUES (?,?,?,?,?,?)", row.values)
        }
    }

    /// What tells the card of a payment in the queue from others; nil for a payment that is not there.
    func card(of payment: TrackedPayment) throws(JournalError) -> [UInt8]? {
        guard payment.stages.contains(where: { Due.Stage.queue.contains($0) }), let pan = try pan(of: payment.place)
        else { return nil }
        return try vault.mark(pan)
    }

    private func encode(_ record: Record) throws(JournalError) -> String {
        do {
            return try JSONWriter.text(of: record)
        } catch {
            throw contradiction("\(record.kind.rawValue) cannot be encoded")
        }
    }

    private func contradiction(_ detail: String) -> JournalError {
        JournalError(.contradiction, path: path, detail)
    }
}
