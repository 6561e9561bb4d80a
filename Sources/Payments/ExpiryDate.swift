/// The month in which a card ends, as two digits of year and two of month.
public struct ExpiryDate: Hashable, Codable, Sendable, CustomStringConvertible {
    /// Year of the century, 0–99.
    public let year: Int
    /// Month, 1–12.
    public let month: Int

    /// Reads `YYMM`.
    public init?(yearMonth text: some StringProtocol) {
        guard text.utf8.count == 4, let year = Int(text.prefix(2)), let month = Int(text.suffix(2)),
            (0...99).contains(year), (1...12).contains(month)
        else { return nil }
        self.year = year
        self.month = month
    }

    /// `YYMM`, as field 14 carries it.
    public var description: String { Digits.padded(year, 2) + Digits.padded(month, 2) }
}
