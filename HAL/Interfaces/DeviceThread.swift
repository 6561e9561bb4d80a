import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A thread of its own for what blocks: as the executor of an actor that owns a device, or for one blocking call. The only
/// place where threads are made, so that no cooperative thread ever waits for a device.
///
/// An actor keeps it in a `nonisolated let` and answers `unownedExecutor` from it. The thread ends when the last owner is
/// gone and all jobs have run. What blocks in a job needs its own deadline and its own wake-up (`WakeUp`).
public final class DeviceThread: SerialExecutor {
    /// A job keeps the executor alive while it runs, even if it drops the last actor that used it.
    private typealias Entry = (job: UnownedJob, executor: DeviceThread)
    private let queue = JobQueue<Entry>()

    /// Starts the thread; `name` is what `ps -L` shows, its first 15 bytes.
    public init(name: String) {
        let queue = queue
        DeviceThread.detach(name: name) {
            while let entry = queue.next() {
                withExtendedLifetime(entry.executor) {
                    entry.job.runSynchronously(on: entry.executor.asUnownedSerialExecutor())
                }
            }
        }
    }

    deinit { queue.end() }

    /// Takes a job of the actor.
    public func enqueue(_ job: consuming ExecutorJob) { queue.add((UnownedJob(job), self)) }

    /// Runs `body` once on a new thread that ends with it: for a blocking call that knows no deadline, such as
    /// `getaddrinfo`, which is then left behind. Where the kernel gives no thread, the process cannot go on.
    public static func detach(name: String, _ body: @escaping @Sendable () -> Void) {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, stackBytes)
        var thread = pthread_t()
        let status = pthread_create(&thread, &attributes, { DeviceThread.run($0) }, start.toOpaque())
        precondition(status == 0, "no thread: the process is out of resources")
    }

    private static let stackBytes = 512 * 1024

    private static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
        nameCurrentThread(start.name)
        start.body()
        return nil
    }

    /// Through /proc, since pthread_setname_np is hidden without _GNU_SOURCE; a thread without its name works as well.
    private static func nameCurrentThread(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        let bytes = Array(name.utf8.prefix(15))
        _ = write(file, bytes, bytes.count)
        close(file)
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}

/// Jobs in order of arrival, and a semaphore that counts them and the end.
private final class JobQueue<Entry: Sendable>: Sendable {
    private struct Jobs {
        var waiting: [Entry] = []
        var isEnded = false
    }
    private nonisolated(unsafe) let count: UnsafeMutablePointer<sem_t>
    private let jobs = Mutex(Jobs())

    init() {
        count = .allocate(capacity: 1)
        sem_init(count, 0, 0)
    }

    deinit {
        sem_destroy(count)
        count.deallocate()
    }

    func add(_ entry: Entry) {
        jobs.withLock { $0.waiting.append(entry) }
        sem_post(count)
    }

    func end() {
        jobs.withLock { $0.isEnded = true }
        sem_post(count)
    }

    /// Waits for the next job; nil after the end.
    func next() -> Entry? {
        while sem_wait(count) != 0 {}
        return jobs.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
    }
}
