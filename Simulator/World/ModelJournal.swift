public import Journaling
public import Payments

/// The journal of a world: what is appended survives every power cut, and what cannot follow is refused for the same
/// reasons as by `Journal`.
public final class ModelJournal: PaymentJournal {
    private let permitsReusedNumbers: Bool
    private var contents = Contents()

    /// An empty journal. One that permits reused numbers is for canaries.
    public init(permitsReusedNumbers: Bool = false) { self.permitsReusedNumbers = permitsReusedNumbers }

    /// All that the records come to.
    private struct Contents {
        struct Number: Hashable {
            let batch: BatchNumber
            let stan: STAN
        }

        /// A payment, with the account number beside its authorization and what has followed it up.
        struct Payment {
            var state: PaymentState
            var pan: PAN?
            var followUps: [RequestID] = []
        }

        var count = 0
        var batch = BatchNumber.first
        var stan: STAN?
        var payments: [RequestID: Payment] = [:]
        /// Who used a number; nil inside for a message that is no payment.
        var numbersUsed: [Number: RequestID?] = [:]
        /// In the order of their last step that matters.
        var unfinished: [RequestID] = []
        var owed: [Delivery: [RequestID]] = [:]
        var refused: [RequestID] = []
        /// The payments of a batch in the order of their authorizations.
        var batches: [BatchNumber: [RequestID]] = [:]
        var settlement: SettlementState?
    }

    /// See `Journal.append`.
    @discardableResult
    public func append(_ records: [Record], pan: PAN?, at time: LocalDateTime) throws(JournalError) -> [Entry] {
        // All or nothing: what one record alone cannot do has changed nothing.
        let before = records.count > 1 ? contents : nil
        var entries: [Entry] = []
        for record in records {
            let entry = Entry(sequence: contents.count + 1, time: time, record: record, hash: [])
            do {
                try take(entry, pan)
            } catch {
                if let before { contents = before }
                throw error
            }
            contents.count += 1
            entries.append(entry)
        }
        return entries
    }

    private func take(_ entry: Entry, _ pan: PAN?) throws(JournalError) {
        switch entry.record {
        case .accepted(let request):
            guard contents.payments[request.id] == nil, let state = PaymentState([entry]) else {
                throw contradiction("\(request.id) was accepted before")
            }
            contents.payments[request.id] = Contents.Payment(state: state)
            contents.unfinished.append(request.id)
            if let original = request.original?.id {
                contents.payments[original]?.followUps.append(request.id)
            }
        case .authorization(let sent):
            guard sent.batch == contents.batch else {
                throw contradiction("batch \(sent.batch) where \(contents.batch) runs")
            }
            try checkFree(sent.stan)
            let former = contents.payments[sent.request.id]?.state.authorization?.batch
            try move(entry, sent.request.id, pan)
            use(sent.stan, sent.request.id)
            if let former { contents.batches[former]?.removeAll { $0 == sent.request.id } }
            contents.batches[sent.batch, default: []].append(sent.request.id)
        case .finished(let id, _, _, let scriptNumber):
            if let scriptNumber { try checkFree(scriptNumber) }
            try move(entry, id)
            if let scriptNumber { use(scriptNumber, nil) }
        case .reversalAnswered(let id, _, _), .storedAnswered(let id, _, _), .storedLost(let id, _),
            .scriptAnswered(let id, _), .resolved(let id, _, _):
            try move(entry, id)
        case .signedIn(let named): contents.batch = named
        case .numberUsed(let stan):
            try checkFree(stan)
            use(stan, nil)
        case .settlementBegun(let settlement):
            guard contents.settlement?.settledAt != nil || contents.settlement == nil,
                settlement.batch == contents.batch
            else { throw contradiction("a settlement of batch \(settlement.batch) where \(contents.batch) runs") }
            try checkFree(settlement.stan)
            contents.settlement = SettlementState([entry])
            use(settlement.stan, nil)
        case .settlementCompared, .uploadRefused: try settle(entry)
        case .uploading(_, let stan):
            try checkFree(stan)
            try settle(entry)
            use(stan, nil)
        case .settled(let batch):
            try settle(entry)
            contents.batch = batch.next
        case .signedOff, .downloaded, .acquirerTime, .started, .operatorActed, .clockMoved, .pruned: break
        }
    }

    // MARK: Views

    /// See `Journal.numbers`.
    public func numbers() throws(JournalError) -> (stan: STAN, batch: BatchNumber) {
        var next = contents.stan?.next ?? .first
        // More numbers than a world has messages.
        for _ in 0..<100_000 {
            if isFree(next, strictly: true) { return (next, contents.batch) }
            next = next.next
        }
        throw JournalError(.numbersExhausted, path: "model", "batch \(contents.batch)")
    }

    /// See `Journal.payment(_:)`.
    public func payment(_ id: RequestID) throws(JournalError) -> PaymentState? { contents.payments[id]?.state }

    /// See `Journal.payment(stan:batch:)`.
    public func payment(stan: STAN, batch: BatchNumber?) throws(JournalError) -> PaymentState? {
        let number = Contents.Number(batch: batch ?? contents.batch, stan: stan)
        return (contents.numbersUsed[number] ?? nil).flatMap { contents.payments[$0]?.state }
    }

    /// See `Journal.followUps(of:)`.
    public func followUps(of id: RequestID) throws(JournalError) -> [PaymentState] {
        states(contents.payments[id]?.followUps ?? [])
    }

    /// See `Journal.unfinished`.
    public func unfinished() throws(JournalError) -> [PaymentState] { states(contents.unfinished) }

    /// See `Journal.deliveries`.
    public func deliveries(_ delivery: Delivery, limit: Int) throws(JournalError) -> [PendingDelivery] {
        (contents.owed[delivery] ?? []).prefix(limit).compactMap { id in
            contents.payments[id].flatMap { PendingDelivery(delivery, of: $0.state, pan: $0.pan) }
        }
    }

    /// See `Journal.refused`.
    public func refused() throws(JournalError) -> [PaymentState] { states(contents.refused) }

    /// See `Journal.batch`.
    public func batch(_ batch: BatchNumber) throws(JournalError) -> [PaymentState] {
        states(contents.batches[batch] ?? [])
    }

    /// See `Journal.settlement`.
    public func settlement() throws(JournalError) -> SettlementState? { contents.settlement }

    private func states(_ ids: [RequestID]) -> [PaymentState] { ids.compactMap { contents.payments[$0]?.state } }

    // MARK: What may follow

    private func isFree(_ stan: STAN, strictly: Bool = false) -> Bool {
        permitsReusedNumbers && !strictly
            || contents.numbersUsed[Contents.Number(batch: contents.batch, stan: stan)] == nil
    }

    private func checkFree(_ stan: STAN) throws(JournalError) {
        guard isFree(stan) else { throw contradiction("STAN \(stan) was used before") }
    }

    private func use(_ stan: STAN, _ id: RequestID?) {
        contents.numbersUsed[Contents.Number(batch: contents.batch, stan: stan)] = .some(id)
        contents.stan = stan
    }

    private func settle(_ entry: Entry) throws(JournalError) {
        guard contents.settlement?.follow(entry) == true else {
            throw contradiction("\(entry.record.kind) does not follow in the settlement")
        }
    }

    /// Takes the next entry of a payment, and moves the payment among what is to be done.
    private func move(_ entry: Entry, _ id: RequestID, _ pan: PAN? = nil) throws(JournalError) {
        guard let index = contents.payments.index(forKey: id) else { throw contradiction("\(id) is not known") }
        let before = contents.payments.values[index].state
        guard contents.payments.values[index].state.follow(entry) else {
            throw contradiction("\(entry.record.kind) does not follow in \(id)")
        }
        if let pan { contents.payments.values[index].pan = pan }
        let state = contents.payments.values[index].state
        let isNew: Bool
        if case .authorization = entry.record { isNew = true } else { isNew = false }
        place(id, in: &contents.unfinished, was: before.outcome == nil, is: state.outcome == nil, isNew)
        let (owed, owes) = (before.pendingDeliveries, state.pendingDeliveries)
        if owed != owes || isNew {
            for delivery in Delivery.allCases {
                place(
                    id, in: &contents.owed[delivery, default: []], was: owed.contains(delivery),
                    is: owes.contains(delivery), isNew)
            }
        }
        place(id, in: &contents.refused, was: before.isRefused, is: state.isRefused)
    }

    /// It stands where it first belonged, but a new authorization moves it to the end.
    private func place(_ id: RequestID, in list: inout [RequestID], was: Bool, is now: Bool, _ isNew: Bool = false) {
        if was, !now || isNew { list.removeAll { $0 == id } }
        if now, !was || isNew { list.append(id) }
    }

    private func contradiction(_ detail: String) -> JournalError {
        JournalError(.contradiction, path: "model", detail)
    }
}

extension PaymentState {
    /// Whether a supervisor has to settle what the acquirer refused of its queue.
    fileprivate var isRefused: Bool {
        guard case .refused = stored else { return false }
        return true
    }
}
