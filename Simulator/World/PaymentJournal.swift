public import Journaling
public import Payments

/// What a terminal needs of the journal. `Journal` is the real one; `ModelJournal` does as it does, without a disk.
public protocol PaymentJournal: AnyObject {
    /// See `Journal.append`.
    @discardableResult
    func append(_ records: [Record], pan: PAN?, at time: LocalDateTime) throws(JournalError) -> [Entry]
    /// See `Journal.numbers`.
    func numbers() throws(JournalError) -> (stan: STAN, batch: BatchNumber)
    /// See `Journal.payment(_:)`.
    func payment(_ id: RequestID) throws(JournalError) -> PaymentState?
    /// See `Journal.payment(stan:batch:)`.
    func payment(stan: STAN, batch: BatchNumber?) throws(JournalError) -> PaymentState?
    /// See `Journal.followUps(of:)`.
    func followUps(of id: RequestID) throws(JournalError) -> [PaymentState]
    /// See `Journal.unfinished`.
    func unfinished() throws(JournalError) -> [PaymentState]
    /// See `Journal.deliveries`.
    func deliveries(_ delivery: Delivery, limit: Int) throws(JournalError) -> [PendingDelivery]
    /// See `Journal.queue`.
    func queue(card: PAN?, on day: LocalDateTime) throws(JournalError) -> QueueLoad
    /// See `Journal.pan(of:)`.
    func pan(of id: RequestID) throws(JournalError) -> PAN?
    /// See `Journal.refused`.
    func refused() throws(JournalError) -> [PaymentState]
    /// See `Journal.batch`.
    func batch(_ batch: BatchNumber) throws(JournalError) -> [PaymentState]
    /// See `Journal.settlement`.
    func settlement() throws(JournalError) -> SettlementState?

    /// Whether the terminal has not lost its power or its process while it wrote.
    var isRunning: Bool { get }
    /// The terminal's process starts, for the first time or again.
    func start() throws(JournalError)
    /// The terminal has lost its power.
    func losePower()
    /// From now on the disk does not fail.
    func heal()
}

/// A journal that no power cut reaches.
extension PaymentJournal {
    /// Always.
    public var isRunning: Bool { true }
    /// Nothing to do.
    public func start() throws(JournalError) {}
    /// Nothing is lost.
    public func losePower() {}
    /// Nothing fails.
    public func heal() {}
}

extension Journal: PaymentJournal {}
