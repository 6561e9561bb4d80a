import HAL
import Synchronization

/// Those who follow a device's status, and the last they were told.
final class StatusWatchers: Sendable {
    private struct Watchers {
        var last: DeviceStatus?
        var next = 0
        var streams: [Int: AsyncStream<DeviceStatus>.Continuation] = [:]
    }
    private let watchers = Mutex(Watchers())

    deinit { watchers.withLock { for stream in $0.streams.values { stream.finish() } } }

    /// The status told last.
    var last: DeviceStatus? { watchers.withLock { $0.last } }

    /// Whether anybody follows.
    var isFollowed: Bool { watchers.withLock { !$0.streams.isEmpty } }

    /// What is told from now on.
    func follow() -> AsyncStream<DeviceStatus> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: DeviceStatus.self, bufferingPolicy: .bufferingNewest(16))
        let number = watchers.withLock { watchers in
            watchers.next += 1
            watchers.streams[watchers.next] = continuation
            return watchers.next
        }
        continuation.onTermination = { [weak self] _ in self?.watchers.withLock { $0.streams[number] = nil } }
        return stream
    }

    /// Tells a status unless it is the one told last.
    func tell(_ status: DeviceStatus) {
        watchers.withLock { watchers in
            guard watchers.last != status else { return }
            watchers.last = status
            for stream in watchers.streams.values { stream.yield(status) }
        }
    }
}
