import Payments

extension Store {
    // MARK: Payments

    /// The payment, if it is known.
    func tracked(_ id: RequestID) throws(JournalError) -> TrackedPayment? {
        if let known = lately[id] { return known }
        guard let payment = try read(id.rawValue) else { return nil }
        remember([id: payment])
        return payment
    }

    /// The payment as its records make it.
    func read(_ request: String) throws(JournalError) -> TrackedPayment? {
        let entries = try entries("request = ? ORDER BY sequence", [.text(request)])
        guard !entries.isEmpty else { return nil }
        return try valid(TrackedPayment(entries), "the records of request \(request) do not follow from each other")
    }

    /// Keeps payments as the records have them, as many as a queue is worked off at a time.
    func remember(_ payments: [RequestID: TrackedPayment]) {
        if lately.count + payments.count > 256 { lately.removeAll(keepingCapacity: true) }
        lately.merge(payments) { _, new in new }
    }

    /// The payments whose requests the statement selects, in its order.
    func payments(_ sql: String, _ values: [Value]) throws(JournalError) -> [PaymentState] {
        try database.rows(sql, values) { $0.text(0) }.map { (request) throws(JournalError) in
            try payment(request).state
        }
    }

    func payment(_ request: String) throws(JournalError) -> TrackedPayment {
        let id = try valid(RequestID(rawValue: request), "request \(request)")
        return try valid(try tracked(id), "request \(request) has no records")
    }

    func open(_ stage: Due.Stage) throws(JournalError) -> [PaymentState] {
        try payments("SELECT request FROM due WHERE stage = ? ORDER BY sequence", [.integer(stage.rawValue)])
    }

    func deliveries(_ delivery: Delivery, limit: Int) throws(JournalError) -> [PendingDelivery] {
        let found = try database.rows(
            Self.deliveries, [.integer(Due.Stage(delivery).rawValue), .integer(max(0, limit))]
        ) { ($0.text(0), $0.integer(1)) }
        return try found.map { (request, sequence) throws(JournalError) in
            let payment = try payment(request)
            guard payment.place == sequence, payment.state.pendingDeliveries.contains(delivery),
                let pending = PendingDelivery(delivery, of: payment.state, pan: try pan(of: sequence))
            else { throw JournalError(.damaged, path: path, "request \(request) has no \(delivery.rawValue) pending") }
            return pending
        }
    }

    static let deliveries = "SELECT request, sequence FROM due WHERE stage = ? ORDER BY sequence LIMIT ?"

    func queue(_ card: PAN?, on day: LocalDateTime) throws(JournalError) -> QueueLoad {
        let mark = try card.map { (card) throws(JournalError) in try vault.mark(card) }
        let date = day.iso8601.prefix { $0 != "T" }
        let sql = """
            SELECT count(*), ifnull(sum(amount), 0), min(time),
                count(*) FILTER (WHERE time BETWEEN ?3 AND ?4), ifnull(sum(amount) FILTER (WHERE time BETWEEN ?3 AND ?4), 0),
                count(*) FILTER (WHERE card = ?5), ifnull(sum(amount) FILTER (WHERE card = ?5), 0)
            FROM due WHERE stage IN (?1, ?2)
            """
        let stages = Due.Stage.queue.map { Value.integer($0.rawValue) }
        let load = try database.row(sql, stages + [.text("\(date)T"), .text("\(date)U"), Value(mark)]) { row in
            QueueLoad(
                total: Tally(count: row.integer(0), amount: Int64(row.integer(1))),
                today: Tally(count: row.integer(3), amount: Int64(row.integer(4))),
                card: Tally(count: row.integer(5), amount: Int64(row.integer(6))),
                oldest: LocalDateTime(iso8601: row.text(2)))
        }
        return load ?? QueueLoad()
    }

    // MARK: Batches

    func batch(_ number: BatchNumber) throws(JournalError) -> [PaymentState] {
        let sql = """
            SELECT request, max(sequence) AS place FROM record
            WHERE batch = ? AND stan IS NOT NULL AND kind = 'authorization' GROUP BY request ORDER BY place
            """
        // One that was made anew in a later batch is in that one only.
        return try payments(sql, [.integer(number.value)]).filter { $0.authorization?.batch == number }
    }

    func highestCount() throws(JournalError) -> Int {
        if let counted = tail.counted { return counted.highestCount }
        var counted: Totals? = Totals()
        for payment in try batch(tail.batch) { payment.count(in: &counted) }
        tail.counted = counted
        return counted?.highestCount ?? 0
    }

    func batchOpenedAt() throws(JournalError) -> LocalDateTime? {
        let sql = """
            SELECT time FROM record NOT INDEXED WHERE sequence > ? AND kind = 'authorization' ORDER BY sequence LIMIT 1
            """
        return try database.row(sql, [.integer(tail.opened)]) { $0.text(0) }.flatMap { LocalDateTime(iso8601: $0) }
    }

    /// The settlement that the last beginning up to the record `last` began, with what followed up to there.
    func settlement(through last: Int) throws(JournalError) -> SettlementState? {
        let begun = """
            SELECT sequence FROM record WHERE request IS NULL AND kind = 'settlementBegun' AND sequence <= ?
            ORDER BY sequence DESC LIMIT 1
            """
        guard let first = try database.row(begun, [.integer(last)], { $0.integer(0) }) else { return nil }
        let kinds = "('settlementBegun', 'settlementCompared', 'uploading', 'uploadRefused', 'settled')"
        let entries = try entries(
            "request IS NULL AND kind IN \(kinds) AND sequence BETWEEN ? AND ? ORDER BY sequence",
            [.integer(first), .integer(last)])
        return try valid(SettlementState(entries), "the records of a settlement do not follow from each other")
    }

    func lastSettlement() throws(JournalError) -> SettlementState? {
        guard let settled = try newest(.settled) else { return nil }
        return try settlement(through: settled)
    }

    // MARK: Numbers

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
}

extension PaymentState {
    /// Counts it, if somebody counts and it moves money.
    func count(in totals: inout Totals?) {
        guard let side = request.kind.side, let amount = movedAmount, let card = authorization?.card else { return }
        totals?.add(amount.minorUnits, side, card.origin)
    }
}
