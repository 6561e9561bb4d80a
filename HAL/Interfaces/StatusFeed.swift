import Synchronization

/// The status of a device, and whoever wants to hear of its changes.
public final class StatusFeed: Sendable {
    private struct State {
        var status: DeviceStatus
        var listeners: [Int: AsyncStream<DeviceStatus>.Continuation] = [:]
        var nextListener = 0
        var isFinished = false
    }
    private let state: Mutex<State>

    /// Begins with `status`.
    public init(_ status: DeviceStatus) { state = Mutex(State(status: status)) }

    deinit { finish() }

    /// The status now. Told to all listeners when it changes.
    public var status: DeviceStatus { state.withLock { $0.status } }

    /// Whether anybody listens.
    public var isFollowed: Bool { state.withLock { !$0.listeners.isEmpty } }

    /// Tells a status; one that is the same as before is no news.
    public func tell(_ status: DeviceStatus) {
        state.withLock { state in
            guard state.status != status else { return }
            state.status = status
            for listener in state.listeners.values { listener.yield(status) }
        }
    }

    /// Ends all listeners' streams: the device will never change again.
    public func finish() {
        let listeners = state.withLock { state in
            state.isFinished = true
            return state.listeners.values
        }
        for listener in listeners { listener.finish() }
    }

    /// Every change from now on. A listener that is slow misses the older ones.
    public func changes() -> AsyncStream<DeviceStatus> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: DeviceStatus.self, bufferingPolicy: .bufferingNewest(16))
        let id = state.withLock { state -> Int? in
            guard !state.isFinished else { return nil }
            state.nextListener += 1
            state.listeners[state.nextListener] = continuation
            return state.nextListener
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            // Let go of outside the lock: the last reference may be the one that finishes the stream.
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: id) }
        }
        return stream
    }
}
