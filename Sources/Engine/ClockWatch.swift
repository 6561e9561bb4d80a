public import Payments

/// Finds out that somebody has set the shop's clock. Nothing depends on the answer, because order is kept by sequence;
/// but who reads the journal should know why its times jump.
public struct ClockWatch: Equatable, Sendable {
    /// A difference up to this is none, in seconds: clocks are read one after the other, and disciplined in small steps.
    public static let toleratedSeconds = 5

    private var lastTime: LocalDateTime?
    /// Nil for a time from before the start: the machine may have been off for any while since.
    private var lastUptimeSeconds: Int?

    /// A watch that begins with the time of the journal's last record, nil for an empty journal.
    public init(lastRecord: LocalDateTime?) { lastTime = lastRecord }

    /// Takes what both clocks say now; `uptimeSeconds` never goes back. Answers by how many seconds the shop's clock was
    /// set, forward or (negative) back, where it was.
    public mutating func look(_ now: LocalDateTime, uptimeSeconds: Int) -> Int? {
        defer {
            lastTime = now
            lastUptimeSeconds = uptimeSeconds
        }
        guard let lastTime else { return nil }
        let passed = now.seconds(since: lastTime)
        let moved = lastUptimeSeconds.map { passed &- (uptimeSeconds &- $0) } ?? min(0, passed)
        return moved.magnitude > Self.toleratedSeconds.magnitude ? moved : nil
    }
}
