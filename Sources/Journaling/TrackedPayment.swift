import Payments

/// A payment as its records so far make it, with its place in `due`.
struct TrackedPayment {
    private(set) var state: PaymentState
    /// The sequence of its last authorization, or of its taking before it has one.
    private(set) var place: Int

    /// The payment of these entries; nil if they do not follow from each other.
    init?(_ entries: some Sequence<Entry>) {
        var iterator = entries.makeIterator()
        guard let first = iterator.next(), let state = PaymentState(CollectionOfOne(first)) else { return nil }
        self.state = state
        place = first.sequence
        while let entry = iterator.next() {
            guard follow(entry) else { return nil }
        }
    }

    /// Takes the next entry; false, and nothing changes, if it does not follow.
    mutating func follow(_ entry: Entry) -> Bool {
        guard state.follow(entry) else { return false }
        if case .authorization = entry.record { place = entry.sequence }
        return true
    }

    /// What is open about it; nothing for a payment that is closed.
    var stages: [Due.Stage] {
        guard state.outcome != nil else { return [.unfinished] }
        var stages = state.pendingDeliveries.map { Due.Stage($0) }
        switch state.stored {
        case .waiting, .waitingAnew: if !stages.contains(.stored) { stages.append(.held) }
        case .refused: stages.append(.refused)
        case .none, .accepted, .resolved: break
        }
        return stages
    }

    /// Its rows; `card` marks its card.
    func due(card: [UInt8]?) -> [Due] {
        stages.map { stage in
            var load: Due.Load?
            if Due.Stage.queue.contains(stage), let authorization = state.authorization {
                load = Due.Load(
                    amount: Int(authorization.request.amount.minorUnits), time: authorization.time.iso8601, card: card)
            }
            return Due(stage: stage, sequence: place, request: state.request.id.rawValue, load: load)
        }
    }
}
