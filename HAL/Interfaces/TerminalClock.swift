public import Payments

/// Time, as a device: the wall clock for receipts, a steady one for deadlines. A model of it makes a day pass at once.
public protocol TerminalClock: Sendable {
    /// The shop's date and time.
    func localTime() -> LocalDateTime
    /// Time since the machine started; never goes back.
    var uptime: Uptime { get }
    /// Waits until `deadline`; ends early with `CancellationError` when the task is cancelled.
    func wait(until deadline: Uptime) async throws
}

/// A point on the steady clock, in nanoseconds since the machine started (CLOCK_MONOTONIC).
public struct Uptime: Comparable, Hashable, Sendable {
    /// Nanoseconds since the machine started.
    public let nanoseconds: UInt64

    /// The point `nanoseconds` after the machine's start.
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// Earlier is less.
    public static func < (left: Uptime, right: Uptime) -> Bool { left.nanoseconds < right.nanoseconds }
    /// The point `milliseconds` later (0 or more).
    public func advanced(milliseconds: Int) -> Uptime {
        Uptime(nanoseconds: nanoseconds &+ UInt64(max(0, milliseconds)) &* 1_000_000)
    }
    /// Milliseconds from `earlier` to here; negative if this is the earlier one.
    public func milliseconds(since earlier: Uptime) -> Double {
        (Double(nanoseconds) - Double(earlier.nanoseconds)) / 1_000_000
    }
}
