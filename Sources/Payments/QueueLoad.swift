/// What the queue of stored payments holds, as its limits are measured.
public struct QueueLoad: Hashable, Sendable {
    /// All that wait.
    public var total: Tally
    /// What was stored today and waits.
    public var today: Tally
    /// What one card has in the queue.
    public var card: Tally
    /// When the oldest was stored; nil for an empty queue.
    public var oldest: LocalDateTime?

    /// A load of these parts.
    public init(
        total: Tally = Tally(), today: Tally = Tally(), card: Tally = Tally(), oldest: LocalDateTime? = nil
    ) {
        self.total = total
        self.today = today
        self.card = card
        self.oldest = oldest
    }
}
