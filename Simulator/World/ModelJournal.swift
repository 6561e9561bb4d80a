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
            /// The sequence of its last authorization, or of its taking before it has one: its place in every queue.
            var place: Int
            var pan: PAN?
            var followUps: [RequestID] = []
        }

        var count = 0
        var batch = BatchNumber.first
        var stan: STAN?
        var payments: [RequestID: Payment] = [:]
        /// Who used a number; nil inside for a message that is no payment.
        var numbersUsed: [Number: RequestID?] = [:]
        /// In the order of their places.
        var unfinished: [RequestID] = []
        var owed: [Delivery: [RequestID]] = [:]
        /// Stored, and held back until its reversal is settled.
        var held: [RequestID] = []
        var refused: [RequestID] = []
        var batches: [BatchNumber: [RequestID]] = [:]
        /// The one that is not over.
        var settlement: SettlementState?
    }

    /// See `Journal.append`.
    @discardableResult
    public func append(_ records: [Record], pan: PAN?, at time: LocalDateTime) throws(JournalError) -> [Entry] {
        if records.count > 1 { try check(records, at: time) }
        var entries: [Entry] = []
        for record in records {
            let entry = Entry(sequence: contents.count + 1, time: time, record: record, hash: [])
            try take(entry, pan)
            contents.count += 1
            entries.append(entry)
        }
        return entries
    }

    /// All or nothing: what does not follow from each other is refused before the first is taken.
    private func check(_ records: [Record], at time: LocalDateTime) throws(JournalError) {
        var states: [RequestID: PaymentState] = [:]
        for record in records {
            guard let id = record.id, var state = states[id] ?? contents.payments[id]?.state else { continue }
            guard state.follow(Entry(sequence: 0, time: time, record: record, hash: [])) else {
                throw contradiction("\(record.kind) does not follow in \(id)")
            }
            states[id] = state
        }
    }

    private func take(_ entry: Entry, _ pan: PAN?) throws(JournalError) {
        switch entry.record {
        case .accepted(let request):
            guard contents.payments[request.id] == nil, let state = PaymentState(CollectionOfOne(entry)) else {
                throw contradiction("\(request.id) was accepted before")
            }
            guard contents.settlement == nil else { throw contradiction("batch \(contents.batch) is being settled") }
            contents.payments[request.id] = Contents.Payment(state: state, place: entry.sequence)
            contents.unfinished.append(request.id)
            if let original = request.original?.id {
                contents.payments[original]?.followUps.append(request.id)
            }
        case .authorization(let sent):
            guard sent.batch == contents.batch else {
                throw contradiction("batch \(sent.batch) where \(contents.batch) runs")
            }
            guard contents.settlement == nil else { throw contradiction("batch \(contents.batch) is being settled") }
            try checkFree(sent.stan)
            let former = contents.payments[sent.request.id]?.state.authorization?.batch
            try move(entry, sent.request.id, pan)
            use(sent.stan, sent.request.id)
            if let former { contents.batches[former]?.removeAll { $0 == sent.request.id } }
            contents.batches[sent.batch, default: []].append(sent.request.id)
        case .finished(let id, _, _, let scriptNumber):
            if let scriptNumber { try checkFree(scriptNumber) }
            try move(entry, id)
            if let scriptNumber { use(scriptNumber, id) }
        case .reversalAnswered(let id, _, _), .storedAnswered(let id, _, _), .storedLost(let id, _),
            .scriptAnswered(let id, _), .resolved(let id, _, _):
            try move(entry, id)
        case .signedIn(let named):
            guard named == contents.batch || contents.settlement == nil else {
                throw contradiction("batch \(contents.batch) is being settled")
            }
            contents.batch = named
        case .numberUsed(let stan):
            try checkFree(stan)
            use(stan, nil)
        case .settlementBegun(let settlement):
            guard contents.settlement == nil, settlement.batch == contents.batch, contents.unfinished.isEmpty else {
                throw contradiction("batch \(settlement.batch) cannot be settled while \(contents.batch) runs")
            }
            try checkFree(settlement.stan)
            contents.settlement = SettlementState(CollectionOfOne(entry))
            use(settlement.stan, nil)
        case .settlementCompared, .uploadRefused: try settle(entry)
        case .uploading(_, let stan):
            try checkFree(stan)
            try settle(entry)
            use(stan, nil)
        case .settled(let batch):
            guard !owes(batch) else { throw contradiction("batch \(batch) owes the acquirer something") }
            try settle(entry)
            contents.settlement = nil
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

    /// See `Journal.queue`.
    public func queue(card: PAN?, on day: LocalDateTime) throws(JournalError) -> QueueLoad {
        var load = QueueLoad()
        for id in (contents.owed[.stored] ?? []) + contents.held {
            guard let payment = contents.payments[id], let authorization = payment.state.authorization else { continue }
            let amount = payment.state.request.amount.minorUnits
            load.total.add(amount)
            if (authorization.time.month, authorization.time.day) == (day.month, day.day) { load.today.add(amount) }
            if card != nil, payment.pan == card { load.card.add(amount) }
            load.oldest = load.oldest.map { min($0, authorization.time) } ?? authorization.time
        }
        return load
    }

    /// See `Journal.pan(of:)`.
    public func pan(of id: RequestID) throws(JournalError) -> PAN? { contents.payments[id]?.pan }

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

    /// Whether a reversal or a stored payment of the batch is still to be delivered.
    private func owes(_ batch: BatchNumber) -> Bool {
        let open = (contents.owed[.reversal] ?? []) + (contents.owed[.stored] ?? []) + contents.held
        return open.contains { id in
            guard let state = contents.payments[id]?.state else { return false }
            return state.authorization?.batch == batch && !state.isReversalRefused
        }
    }

    /// Takes the next entry of a payment, and moves the payment among what is to be done.
    private func move(_ entry: Entry, _ id: RequestID, _ pan: PAN? = nil) throws(JournalError) {
        guard let index = contents.payments.index(forKey: id) else { throw contradiction("\(id) is not known") }
        let before = Lists(contents.payments.values[index].state)
        guard contents.payments.values[index].state.follow(entry) else {
            throw contradiction("\(entry.record.kind) does not follow in \(id)")
        }
        if let pan { contents.payments.values[index].pan = pan }
        let after = Lists(contents.payments.values[index].state)
        var isMoved = false
        if case .authorization = entry.record {
            contents.payments.values[index].place = entry.sequence
            isMoved = true
        }
        guard isMoved || before != after else { return }
        let payments = contents.payments
        /// Brings the payment into the list, or out of it.
        func place(in list: inout [RequestID], _ was: Bool, _ now: Bool) {
            if was, !now || isMoved { list.removeAll { $0 == id } }
            guard now, !was || isMoved, let place = payments[id]?.place else { return }
            list.insert(id, at: list.lastIndex { payments[$0]?.place ?? 0 < place }.map { $0 + 1 } ?? 0)
        }
        place(in: &contents.unfinished, before.isUnfinished, after.isUnfinished)
        place(in: &contents.held, before.isHeld, after.isHeld)
        place(in: &contents.refused, before.isRefused, after.isRefused)
        for delivery in Delivery.allCases {
            place(
                in: &contents.owed[delivery, default: []], before.owed.contains(delivery),
                after.owed.contains(delivery))
        }
    }

    private func contradiction(_ detail: String) -> JournalError {
        JournalError(.contradiction, path: "model", detail)
    }
}

/// Which lists of things to be done a payment stands in.
private struct Lists: Equatable {
    let isUnfinished: Bool
    let owed: [Delivery]
    let isHeld: Bool
    let isRefused: Bool

    init(_ state: PaymentState) {
        isUnfinished = state.outcome == nil
        owed = isUnfinished ? [] : state.pendingDeliveries
        switch state.stored {
        case .waiting, .waitingAnew:
            isHeld = !owed.contains(.stored)
            isRefused = false
        case .refused: (isHeld, isRefused) = (false, true)
        case .none, .accepted, .resolved: (isHeld, isRefused) = (false, false)
        }
    }
}
