public import HAL
import Synchronization

/// A device on the bus, from plug to unplug.
public final class EmulatedPort<Device: EmulatedDevice>: Sendable {
    /// The port as the kernel writes it, `1-2`.
    public let name: String

    let number: UInt8
    private let send: @Sendable ([UInt8]) -> Void
    private let state: Mutex<State>

    private struct State {
        var device: Device
        var queue = TransferQueue()
        var events: [EmulatedPortEvent] = []
        var waits: [Int: Wait] = [:]
        var lastWait = 0
    }
    private struct Wait {
        let condition: @Sendable (Device, [EmulatedPortEvent]) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    init(_ device: Device, name: String, number: UInt8, send: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.number = number
        self.send = send
        state = Mutex(State(device: device))
    }

    /// The device as it is now.
    public var device: Device { state.withLock(\.device) }

    /// What programs did with it since it was plugged in, beside transfers.
    public var events: [EmulatedPortEvent] { state.withLock(\.events) }

    /// Changes the device, as somebody before it does: scans a code, opens the cover. What waits for it is served then.
    @discardableResult
    public func change<Value: Sendable>(_ body: (inout Device) -> Value) -> Value {
        state.withLock { state in
            let value = body(&state.device)
            serve(&state)
            return value
        }
    }

    /// Waits until `condition` holds of the device and the events; false when the deadline comes first or the task is
    /// cancelled.
    public func wait(
        until deadline: Uptime, clock: any TerminalClock,
        for condition: @escaping @Sendable (Device, [EmulatedPortEvent]) -> Bool
    ) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.hold(condition) }
            group.addTask {
                try? await clock.wait(until: deadline)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    private func hold(_ condition: @escaping @Sendable (Device, [EmulatedPortEvent]) -> Bool) async -> Bool {
        let number = state.withLock { state in
            state.lastWait += 1
            return state.lastWait
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    let holds = condition(state.device, state.events)
                    if holds || Task.isCancelled { return holds as Bool? }
                    state.waits[number] = Wait(condition: condition, continuation: continuation)
                    return nil
                }
                if let isDone { continuation.resume(returning: isDone) }
            }
        } onCancel: {
            state.withLock { $0.waits.removeValue(forKey: number) }?.continuation.resume(returning: false)
        }
    }

    private func serve(_ state: inout State) {
        for completion in state.queue.serve(&state.device) { send(BusMessage.complete(completion)) }
        for (number, wait) in state.waits where wait.condition(state.device, state.events) {
            state.waits.removeValue(forKey: number)
            wait.continuation.resume(returning: true)
        }
    }
}

extension EmulatedPort: BusListener {
    func hear(_ message: BusMessage) {
        state.withLock { state in
            switch message {
            case .submitted(_, let submission): state.queue.add(submission)
            case .discarded(_, let transfer):
                if let completion = state.queue.discard(transfer) { send(BusMessage.complete(completion)) }
            case .event(_, let event):
                state.events.append(event)
                switch event {
                case .haltCleared(let endpoint): state.device.clearHalt(endpoint: endpoint)
                case .reset: state.device.reset()
                default: break
                }
            case .unplugged: state.queue = TransferQueue()
            case .ready, .plugged: break
            }
            serve(&state)
        }
    }
}

/// What the bus tells of one device goes to its port.
protocol BusListener: Sendable {
    func hear(_ message: BusMessage)
}
