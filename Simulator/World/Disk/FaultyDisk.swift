import CSQLite
public import Journaling
import Synchronization

/// A disk in memory that fails as it is told, for the real journal in worlds and tests. Operations are counted from 1
/// over its whole life; the same journal calls give the same operations. Of what was not synchronized a seed decides.
public final class FaultyDisk: Disk {
    /// What an operation can meet.
    public enum Fault: Sendable {
        /// The power goes during it, and stays away until it is restored.
        case powerCut
        /// The process is killed behind it; the disk keeps what it had, synchronized or not.
        case kill
        /// An input/output error. A write has written a part; after a failed synchronization nothing that was waiting
        /// for it ever reaches the disk by itself, as on Linux.
        case error
        /// No room left: writes fail and have written a part; what needs no room goes well.
        case full
    }

    let state: Mutex<State>
    private let sqlite: Mutex<Layer>

    struct State {
        var medium = Medium()
        var random: Randomness
        var operations = 0
        /// Counts the times the process ended: files opened before are gone.
        var life = 0
        var hasPower = true
        var isKilled = false
        var faults: [(operations: Range<Int>, fault: Fault)] = []
        /// Operations that nobody counts, and that meet nothing.
        var isPaused = false
        var opened = 0
        var lock: WeakLock?
    }

    struct WeakLock {
        weak var lock: Lock?
    }

    final class Lock: Sendable {}

    /// An empty disk.
    public init(seed: UInt64) {
        state = Mutex(State(random: Randomness(seed: seed)))
        let layer = Layer()
        self.layer = layer.name
        sqlite = Mutex(layer)
        sqlite.withLock { $0.register(self) }
    }

    deinit { sqlite.withLock { $0.unregister() } }

    /// How many operations there have been.
    public var operations: Int { state.withLock { $0.operations } }

    /// Whether it has power and a process that uses it: neither comes back by itself.
    public var isInUse: Bool { state.withLock { $0.isInUse } }

    /// Lets the operation of this number meet a fault, and those after it up to so many.
    public func plan(_ fault: Fault, at operation: Int, times: Int = 1) {
        let (end, isTooLarge) = operation.addingReportingOverflow(times)
        state.withLock { $0.faults.append((operation..<(isTooLarge ? .max : max(end, operation)), fault)) }
    }

    /// From now on nothing fails, but for the power if it is away.
    public func heal() { state.withLock { $0.faults = [] } }

    /// Lets what follows meet no fault and be not counted, or ends that.
    func pauseFaults(_ isPaused: Bool) { state.withLock { $0.isPaused = isPaused } }

    /// The power goes now, between two operations.
    public func cutPower() { state.withLock { $0.losePower() } }

    /// The process is killed now, between two operations.
    public func kill() { state.withLock { $0.endProcess() } }

    /// There is power, and a process that has opened nothing yet.
    public func start() {
        state.withLock { state in
            state.hasPower = true
            state.isKilled = false
        }
    }

    // MARK: Disk

    /// See `Disk`.
    public let layer: String?

    /// See `Disk`.
    public func exists(_ path: String) throws(JournalError) -> Bool {
        try perform(path) { $0.medium.file(named: path) != nil }
    }

    /// See `Disk`.
    public func look(at path: String) throws(JournalError) -> FileLook {
        let look: FileLook? = try perform(path) { state in
            guard let file = state.medium.file(named: path) else { return nil }
            let head = [UInt8](unsafeUninitializedCapacity: 100) { buffer, count in
                count = state.medium.read(file, at: 0, into: UnsafeMutableRawBufferPointer(buffer))
            }
            return FileLook(size: state.medium.size(file), head: head)
        }
        guard let look else { throw JournalError(.notFound, path: path, "open") }
        return look
    }

    /// See `Disk`.
    public func create(_ path: String) throws(JournalError) {
        let isNew = try perform(path, needsRoom: true) { state in
            guard state.medium.file(named: path) == nil else { return false }
            _ = state.medium.make(path)
            return true
        }
        guard isNew else { throw JournalError(.inputOutput, path: path, "create: file exists") }
    }

    /// See `Disk`.
    public func rename(_ draft: String, to path: String) throws(JournalError) {
        try perform(path) { state in
            if let file = state.medium.file(named: draft) { state.medium.synchronize(file) }
        }
        try perform(path) { $0.medium.rename(draft, to: path) }
        try perform(path) { $0.medium.synchronizeNames() }
    }

    /// See `Disk`.
    public func rewrite(_ path: String) throws(JournalError) {
        let draft = "\(path).new"
        remove(draft)
        try create(draft)
        do throws(JournalError) {
            try perform(path, needsRoom: true) { state in
                guard let source = state.medium.file(named: path), let copy = state.medium.file(named: draft)
                else { return }
                state.medium.write(state.medium.bytes(source), to: copy, at: 0)
            }
            try rename(draft, to: path)
        } catch {
            remove(draft)
            throw error
        }
    }

    /// See `Disk`.
    public func remove(_ path: String) {
        try? perform(path) { state in
            if state.medium.file(named: path) != nil { state.medium.remove(path) }
        }
    }

    /// See `Disk`.
    public func lock(_ path: String) throws(JournalError) -> any AnyObject & Sendable {
        let lock = Lock()
        let isFree = try perform(path) { state in
            guard state.lock?.lock == nil else { return false }
            state.lock = WeakLock(lock: lock)
            return true
        }
        guard isFree else { throw JournalError(.inUse, path: path, "lock") }
        return lock
    }

    private func perform<Result>(
        _ path: String, needsRoom: Bool = false, _ body: (inout State) -> Result
    ) throws(JournalError) -> Result {
        let (result, fault) = state.withLock { state -> (Result?, Fault?) in
            guard state.isInUse else { return (nil, .error) }
            switch state.begin(needsRoom: needsRoom) {
            case nil: return (body(&state), nil)
            case .powerCut:
                // It may have been done, and may be lost.
                _ = body(&state)
                state.losePower()
                return (nil, .powerCut)
            case .kill:
                _ = body(&state)
                state.endProcess()
                return (nil, .kill)
            case let fault?: return (nil, fault)
            }
        }
        guard let result else {
            throw JournalError(fault == .full ? .full : .inputOutput, path: path, "the disk fails")
        }
        return result
    }
}

extension FaultyDisk.State {
    /// Counts an operation, and answers what it meets.
    mutating func begin(needsRoom: Bool) -> FaultyDisk.Fault? {
        guard !isPaused else { return nil }
        operations += 1
        return faults.first { $0.operations.contains(operations) && ($0.fault != .full || needsRoom) }?.fault
    }

    var isInUse: Bool { hasPower && !isKilled }

    mutating func losePower() {
        endProcess()
        guard hasPower else { return }
        medium.losePower(&random)
        hasPower = false
    }

    mutating func endProcess() {
        medium.close()
        life += 1
        lock = nil
        isKilled = true
    }
}
