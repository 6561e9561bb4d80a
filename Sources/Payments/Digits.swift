/// Decimal digits of fixed width.
public enum Digits {
    /// `value` with leading zeros to `width` digits; more digits stay.
    public static func padded(_ value: some BinaryInteger, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
