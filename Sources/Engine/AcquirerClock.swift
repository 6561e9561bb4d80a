public import Payments

/// What the acquirer's clock says beside the shop's: an offset for messages and receipts, and when the two are so far
/// apart that the technician should know. The system's clock is never set.
public struct AcquirerClock: Equatable, Sendable {
    /// A skew beyond this is worth a report, in seconds.
    public static let toleratedSeconds = 60
    /// A reported skew is worth another report when it has changed by more than this, in seconds.
    public static let repeatSeconds = 30

    /// The acquirer's time less the shop's, in seconds; 0 before the acquirer has told its time.
    public private(set) var offsetSeconds: Int
    /// The skew last reported; 0 for none.
    private var reportedSeconds = 0

    /// A clock with an offset known from before, in seconds.
    public init(offsetSeconds: Int = 0) { self.offsetSeconds = offsetSeconds }

    /// Takes fields 13 and 12 of a reply that came at `shop`. The year, which they do not have, is the nearest. Answers
    /// the skew in seconds where it is worth a report; nil too for a time that does not exist, which changes nothing.
    public mutating func hear(_ acquirer: AcquirerTime, at shop: LocalDateTime) -> Int? {
        guard let offset = Self.offset(of: acquirer, from: shop) else { return nil }
        offsetSeconds = offset
        guard Self.isBeyond(offset, Self.toleratedSeconds) else {
            reportedSeconds = 0
            return nil
        }
        guard Self.isBeyond(offset - reportedSeconds, Self.repeatSeconds) else { return nil }
        reportedSeconds = offset
        return offset
    }

    /// The time for messages and receipts when the shop's clock says `shop`.
    public func time(at shop: LocalDateTime) -> LocalDateTime { shop.advanced(seconds: offsetSeconds) }

    private static func isBeyond(_ seconds: Int, _ limit: Int) -> Bool { seconds.magnitude > limit.magnitude }

    /// Seconds from the shop's time to the acquirer's. Nil for digits that are no time, and for 29 February where the
    /// nearest one is not near.
    private static func offset(of acquirer: AcquirerTime, from shop: LocalDateTime) -> Int? {
        guard let date = pairs(acquirer.date, count: 2), let time = pairs(acquirer.time, count: 3) else { return nil }
        let offsets = [-1, 0, 1].compactMap { shift -> Int? in
            LocalDateTime(
                validYear: shop.year &+ shift, month: date[0], day: date[1], hour: time[0], minute: time[1],
                second: time[2]
            )?.seconds(since: shop)
        }
        guard let nearest = offsets.min(by: { $0.magnitude < $1.magnitude }) else { return nil }
        let halfAYear = 183 * 86_400
        return isBeyond(nearest, halfAYear) ? nil : nearest
    }

    /// `count` numbers of two digits.
    private static func pairs(_ text: String, count: Int) -> [Int]? {
        let digits = text.utf8.map { Int($0) - 0x30 }
        guard digits.count == 2 * count, digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        return (0..<count).map { digits[2 * $0] * 10 + digits[2 * $0 + 1] }
    }
}
