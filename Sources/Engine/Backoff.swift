/// How long to wait before the next try: longer after each failure, up to a minute, and never the same for two terminals
/// that lost the acquirer in the same moment.
public struct Backoff: Equatable, Sendable {
    private var milliseconds = Backoff.first

    static let first = 1_000
    static let longest = 60_000

    /// A first wait.
    public init() {}

    /// The next wait in milliseconds: between three quarters and five quarters of the nominal one, as `random` (any
    /// number) says.
    public mutating func next(random: UInt32) -> Int {
        let nominal = milliseconds
        milliseconds = min(nominal * 2, Backoff.longest)
        return nominal * 3 / 4 + Int(random % UInt32(nominal / 2 + 1))
    }

    /// Begins anew after a success.
    public mutating func reset() { milliseconds = Backoff.first }
}
