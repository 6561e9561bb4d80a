import Payments
import Wire

/// A day as the card writes it: years 00–49 are 2000 to 2049, the others 1950 to 1999.
struct CardDate: Equatable, Comparable, Sendable {
    let year: Int
    let month: Int
    let day: Int

    init?(_ bytes: [UInt8]) {
        guard bytes.count == 3, let digits = try? BCD.decode(bytes), let number = Int(digits) else { return nil }
        let (year, month, day) = (number / 10000, number / 100 % 100, number % 100)
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        self.year = year < 50 ? 2000 + year : 1900 + year
        self.month = month
        self.day = day
    }

    init(_ time: LocalDateTime) {
        year = time.year
        month = time.month
        day = time.day
    }

    static func < (left: CardDate, right: CardDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}
