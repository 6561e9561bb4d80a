public import HAL
public import Payments

/// Several displays that show the same. None holds up another, or whoever shows something: each shows the latest message as
/// soon as it can (M10).
public final class DisplayGroup: CustomerDisplay {
    private typealias Message = (text: BilingualText, amount: Money?)

    private let displays: [any CustomerDisplay]
    private let queues: [AsyncStream<Message>.Continuation]
    private let tasks: [Task<Void, Never>]

    /// Of these displays; one that takes longer than `showMilliseconds` over a message is cancelled.
    public init(_ displays: [any CustomerDisplay], clock: any TerminalClock, showMilliseconds: Int = 2000) {
        self.displays = displays
        var queues: [AsyncStream<Message>.Continuation] = []
        var tasks: [Task<Void, Never>] = []
        for display in displays {
            let (messages, queue) = AsyncStream.makeStream(of: Message.self, bufferingPolicy: .bufferingNewest(1))
            queues.append(queue)
            tasks.append(
                Task {
                    for await message in messages {
                        let showing = Task { await display.show(message.text, amount: message.amount) }
                        let limit = Task {
                            try await clock.wait(until: clock.uptime.advanced(milliseconds: showMilliseconds))
                            showing.cancel()
                        }
                        await showing.value
                        limit.cancel()
                    }
                })
        }
        self.queues = queues
        self.tasks = tasks
    }

    deinit {
        for queue in queues { queue.finish() }
        for task in tasks { task.cancel() }
    }

    /// Tells all of them; never waits.
    public func show(_ text: BilingualText, amount: Money?) async {
        for queue in queues { queue.yield((text, amount)) }
    }

    /// Ready if all of them are; notes what is wrong with which.
    public func status() async -> DeviceStatus {
        await Self.status(of: displays)
    }

    /// Each time that one of them changes.
    public func changes() -> AsyncStream<DeviceStatus> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: DeviceStatus.self, bufferingPolicy: .bufferingNewest(16))
        let displays = displays
        // Listening begins before this returns: no change is missed.
        let news = displays.map { $0.changes() }
        let task = Task {
            await withTaskGroup(of: Void.self) { group in
                for changes in news {
                    group.addTask {
                        for await _ in changes { continuation.yield(await Self.status(of: displays)) }
                    }
                }
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    private static func status(of displays: [any CustomerDisplay]) async -> DeviceStatus {
        var all: [DeviceStatus] = []
        for display in displays { all.append(await display.status()) }
        let notes = all.filter { !$0.note.isEmpty }.map { "\($0.name): \($0.note)" }
        return DeviceStatus(
            name: all.map(\.name).joined(separator: ", "), isReady: all.allSatisfy(\.isReady),
            note: notes.joined(separator: "; "))
    }
}
