public import Payments

/// The time of day at which a batch is closed without being asked for.
public struct SettlementSchedule: Equatable, Sendable {
    /// Minutes since midnight.
    let minute: Int

    /// Reads `hh:mm`.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), (0...23).contains(hour), (0...59).contains(minute)
        else { return nil }
        self.minute = hour * 60 + minute
    }

    /// Whether a batch whose first payment was made at `opened` is to be closed by `now`: the time of day came between
    /// the two, also while the terminal was off. An empty batch, without `opened`, is left open.
    public func isDue(opened: LocalDateTime?, now: LocalDateTime) -> Bool {
        guard let opened, opened < now else { return false }
        let today = LocalDateTime(
            year: now.year, month: now.month, day: now.day, hour: minute / 60, minute: minute % 60, second: 0)
        let last = today <= now ? today : today.advanced(seconds: -86_400)
        return opened < last
    }
}
