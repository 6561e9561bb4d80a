public import Journaling
public import Payments

/// The real journal on a disk that fails when it is written, as a seed has it. What a world or its books read is read
/// without faults.
public final class DiskJournal: PaymentJournal {
    private static let path = "journal"
    private static let key = SecretBytes([UInt8](repeating: 7, count: 32))

    private let disk: FaultyDisk
    private var journal: Journal?

    /// An empty disk and what goes wrong with it in about as many operations as so many payments need.
    public init(seed: UInt64, payments: Int) {
        var random = Randomness(seed: seed)
        disk = FaultyDisk(seed: seed)
        for _ in 0..<random.below(2 + payments) {
            disk.plan(
                random.one(of: [.powerCut, .kill, .error, .error, .full]), at: random.number(1...200 + payments * 60),
                times: random.one(of: [1, 1, 3, 20]))
        }
    }

    /// Whether the journal is open and the terminal has the power and the process to use it.
    public var isRunning: Bool { journal != nil && disk.isInUse }

    /// See `PaymentJournal`.
    public func start() throws(JournalError) {
        journal = nil
        disk.start()
        journal = try Journal(path: Self.path, key: Self.key, disk: disk)
    }

    /// See `PaymentJournal`.
    public func losePower() {
        if disk.isInUse { disk.cutPower() }
        journal = nil
    }

    /// See `PaymentJournal`.
    public func heal() { disk.heal() }

    /// Checks everything, as `Journal.verify` does.
    public func verify() throws(JournalError) {
        _ = try read { (journal) throws(JournalError) in try journal.verify() }
    }

    /// See `Journal.append`. Where nobody knows whether the record is there, the terminal's process ends.
    @discardableResult
    public func append(_ records: [Record], pan: PAN?, at time: LocalDateTime) throws(JournalError) -> [Entry] {
        do throws(JournalError) {
            return try opened().append(records, pan: pan, at: time)
        } catch {
            if error.kind == .inDoubt { disk.kill() }
            throw error
        }
    }

    /// See `Journal.numbers`.
    public func numbers() throws(JournalError) -> (stan: STAN, batch: BatchNumber) {
        try read { (journal) throws(JournalError) in try journal.numbers() }
    }

    /// See `Journal.payment(_:)`.
    public func payment(_ id: RequestID) throws(JournalError) -> PaymentState? {
        try read { (journal) throws(JournalError) in try journal.payment(id) }
    }

    /// See `Journal.payment(stan:batch:)`.
    public func payment(stan: STAN, batch: BatchNumber?) throws(JournalError) -> PaymentState? {
        try read { (journal) throws(JournalError) in try journal.payment(stan: stan, batch: batch) }
    }

    /// See `Journal.unfinished`.
    public func unfinished() throws(JournalError) -> [PaymentState] {
        try read { (journal) throws(JournalError) in try journal.unfinished() }
    }

    /// See `Journal.followUps(of:)`.
    public func followUps(of id: RequestID) throws(JournalError) -> [PaymentState] {
        try read { (journal) throws(JournalError) in try journal.followUps(of: id) }
    }

    /// See `Journal.deliveries`.
    public func deliveries(_ delivery: Delivery, limit: Int) throws(JournalError) -> [PendingDelivery] {
        try read { (journal) throws(JournalError) in try journal.deliveries(delivery, limit: limit) }
    }

    /// See `Journal.queue`.
    public func queue(card: PAN?, on day: LocalDateTime) throws(JournalError) -> QueueLoad {
        try read { (journal) throws(JournalError) in try journal.queue(card: card, on: day) }
    }

    /// See `Journal.pan(of:)`.
    public func pan(of id: RequestID) throws(JournalError) -> PAN? {
        try read { (journal) throws(JournalError) in try journal.pan(of: id) }
    }

    /// See `Journal.refused`.
    public func refused() throws(JournalError) -> [PaymentState] {
        try read { (journal) throws(JournalError) in try journal.refused() }
    }

    /// See `Journal.batch`.
    public func batch(_ batch: BatchNumber) throws(JournalError) -> [PaymentState] {
        try read { (journal) throws(JournalError) in try journal.batch(batch) }
    }

    /// See `Journal.settlement`.
    public func settlement() throws(JournalError) -> SettlementState? {
        try read { (journal) throws(JournalError) in journal.settlement() }
    }

    private func opened() throws(JournalError) -> Journal {
        guard let journal else { throw JournalError(.notFound, path: Self.path, "not open") }
        return journal
    }

    private func read<Result>(
        _ body: (Journal) throws(JournalError) -> Result
    ) throws(JournalError) -> Result {
        let journal = try opened()
        disk.pauseFaults(true)
        defer { disk.pauseFaults(false) }
        return try body(journal)
    }
}
