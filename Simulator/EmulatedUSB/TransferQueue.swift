/// The transfers that wait at a device, in the order of their coming; each endpoint serves one at a time.
struct TransferQueue: Equatable, Sendable {
    /// The end of a transfer: 0 or a negated errno, how many bytes went, and those that came.
    struct Completion: Equatable, Sendable {
        let id: UInt32
        let status: Int32
        let count: Int
        let data: [UInt8]
    }

    private struct Waiting: Equatable, Sendable {
        let submission: BusMessage.Submission
        var taken = 0
    }
    private var waiting: [Waiting] = []

    static let stalled: Int32 = -32
    static let unlinked: Int32 = -2

    mutating func add(_ submission: BusMessage.Submission) { waiting.append(Waiting(submission: submission)) }

    /// The transfer ends with what has gone until now; nil if it has ended already.
    mutating func discard(_ id: UInt32) -> Completion? {
        guard let index = waiting.firstIndex(where: { $0.submission.id == id }) else { return nil }
        let taken = waiting.remove(at: index).taken
        return Completion(id: id, status: Self.unlinked, count: taken, data: [])
    }

    /// Serves all that can be served: data that a device takes may have it give some.
    mutating func serve(_ device: inout some EmulatedDevice) -> [Completion] {
        var completions: [Completion] = []
        var isMoving = true
        while isMoving {
            isMoving = false
            var asked: Set<UInt8> = []
            for index in waiting.indices where asked.insert(waiting[index].submission.endpoint).inserted {
                let taken = waiting[index].taken
                if let completion = Self.serve(&waiting[index], &device) {
                    completions.append(completion)
                    waiting.remove(at: index)
                    isMoving = true
                    break
                }
                // A part is news too: the device may have something to say to it.
                if waiting[index].taken > taken { isMoving = true }
            }
        }
        return completions
    }

    private static func serve(_ waiting: inout Waiting, _ device: inout some EmulatedDevice) -> Completion? {
        let submission = waiting.submission
        func end(_ status: Int32, _ count: Int, _ data: [UInt8] = []) -> Completion {
            Completion(id: submission.id, status: status, count: count, data: data)
        }
        if submission.kind == .control {
            guard let request = ControlRequest(submission.data) else { return end(stalled, 0) }
            switch device.identity.answer(request) ?? device.answer(request) {
            case .nak: return nil
            case .stall: return end(stalled, 0)
            case .ack(let data) where request.isInput:
                let sent = Array(data.prefix(Int(request.length)))
                return end(0, sent.count, sent)
            case .ack: return end(0, request.data.count)
            }
        }
        if submission.endpoint & 0x80 != 0 {
            return switch device.give(endpoint: submission.endpoint, atMost: submission.length) {
            case .nak: nil
            case .stall: end(stalled, 0)
            case .ack(let data): end(0, data.count, data)
            }
        }
        switch device.take(submission.data[min(waiting.taken, submission.data.count)...], endpoint: submission.endpoint)
        {
        case .nak: return nil
        case .stall: return end(stalled, waiting.taken)
        case .ack(let count): waiting.taken += max(0, count)
        }
        return waiting.taken >= submission.data.count ? end(0, submission.data.count) : nil
    }
}
