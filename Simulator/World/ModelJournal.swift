public import Journaling
public import Payments

/// The journal of a world: what is appended survives every power cut, and what cannot follow is refused for the same
/// reasons as by `Journal`.
public final class ModelJournal: PaymentJournal {
    private struct Number: Hashable {
        let batch: BatchNumber
        let stan: STAN
    }

    private enum Stage { case accepted, authorized, reversal }

    /// A request that is not closed, and the account number beside its authorization.
    private struct Due {
        let id: RequestID
        var stage: Stage
        var pan: PAN?
    }

    private let permitsReusedNumbers: Bool
    private var count = 0
    private var batch = BatchNumber.first
    private var stan: STAN?
    private var entries: [RequestID: [Entry]] = [:]
    /// What the entries come to, as long as none follows.
    private var states: [RequestID: PaymentState] = [:]
    private var numbersUsed: [Number: RequestID?] = [:]
    /// In the order of their records.
    private var due: [Due] = []

    /// An empty journal. One that permits reused numbers is for canaries.
    public init(permitsReusedNumbers: Bool = false) { self.permitsReusedNumbers = permitsReusedNumbers }

    /// See `Journal.append`.
    @discardableResult
    public func append(_ record: Record, pan: PAN?, at time: LocalDateTime) throws(JournalError) -> Entry {
        let entry = Entry(sequence: count + 1, time: time, record: record, hash: [])
        switch record {
        case .accepted(let request):
            guard entries[request.id] == nil else { throw contradiction("\(request.id) was accepted before") }
            try enter([entry], of: request.id)
            due.append(Due(id: request.id, stage: .accepted))
        case .authorization(let sent):
            guard sent.batch == batch else { throw contradiction("batch \(sent.batch) where \(batch) runs") }
            let number = Number(batch: sent.batch, stan: sent.stan)
            guard isFree(number) else { throw contradiction("STAN \(sent.stan) was used before") }
            try move(entry, sent.request.id, from: [.accepted], to: .authorized, pan)
            numbersUsed[number] = .some(sent.request.id)
            stan = sent.stan
        case .finished(let id, _, .some): try move(entry, id, from: [.authorized], to: .reversal)
        case .finished(let id, _, nil): try move(entry, id, from: [.accepted, .authorized], to: nil)
        case .reversalAnswered(let id, _, let settled):
            try move(entry, id, from: [.reversal], to: settled ? nil : .reversal)
        case .signedIn(let named): batch = named
        case .numberUsed(let used):
            let number = Number(batch: batch, stan: used)
            guard isFree(number) else { throw contradiction("STAN \(used) was used before") }
            numbersUsed[number] = .some(nil)
            stan = used
        case .started: break
        }
        count += 1
        return entry
    }

    /// See `Journal.numbers`.
    public func numbers() throws(JournalError) -> (stan: STAN, batch: BatchNumber) {
        var next = stan?.next ?? .first
        // More numbers than a world has messages.
        for _ in 0..<100_000 {
            if numbersUsed[Number(batch: batch, stan: next)] == nil { return (next, batch) }
            next = next.next
        }
        throw JournalError(.numbersExhausted, path: "model", "batch \(batch)")
    }

    /// See `Journal.payment(_:)`.
    public func payment(_ id: RequestID) throws(JournalError) -> PaymentState? {
        states[id]
    }

    /// See `Journal.payment(stan:batch:)`.
    public func payment(stan: STAN, batch: BatchNumber?) throws(JournalError) -> PaymentState? {
        guard let id = numbersUsed[Number(batch: batch ?? self.batch, stan: stan)] ?? nil else { return nil }
        return try payment(id)
    }

    /// See `Journal.unfinished`.
    public func unfinished() throws(JournalError) -> [PaymentState] {
        var states: [PaymentState] = []
        for open in due where open.stage != .reversal {
            if let state = try payment(open.id) { states.append(state) }
        }
        return states
    }

    /// See `Journal.pendingReversals`.
    public func pendingReversals() throws(JournalError) -> [PendingReversal] {
        var reversals: [PendingReversal] = []
        for open in due where open.stage == .reversal {
            guard let state = try payment(open.id), let authorization = state.authorization,
                case .pending(let reason, let refusals) = state.reversal
            else { throw JournalError(.damaged, path: "model", "request \(open.id) has no reversal pending") }
            reversals.append(
                PendingReversal(authorization: authorization, pan: open.pan, reason: reason, refusals: refusals))
        }
        return reversals
    }

    private func enter(_ records: [Entry], of id: RequestID) throws(JournalError) {
        guard let state = PaymentState(records) else {
            throw contradiction("the records of request \(id) do not follow from each other")
        }
        entries[id] = records
        states[id] = state
    }

    private func isFree(_ number: Number) -> Bool { permitsReusedNumbers || numbersUsed[number] == nil }

    private func move(
        _ entry: Entry, _ id: RequestID, from stages: [Stage], to stage: Stage?, _ pan: PAN? = nil
    ) throws(JournalError) {
        guard let index = due.firstIndex(where: { $0.id == id }), stages.contains(due[index].stage) else {
            throw contradiction("request \(id) is not \(stages)")
        }
        try enter((entries[id] ?? []) + [entry], of: id)
        if stage == .authorized {
            // It stands from now on where its authorization does.
            due.remove(at: index)
            due.append(Due(id: id, stage: .authorized, pan: pan))
        } else if let stage {
            due[index].stage = stage
        } else {
            due.remove(at: index)
        }
    }

    private func contradiction(_ detail: String) -> JournalError {
        JournalError(.contradiction, path: "model", detail)
    }
}
