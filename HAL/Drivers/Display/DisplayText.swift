import Payments

/// What a display shows, made harmless: no character of it is a command to the display.
enum DisplayText {
    /// More than any display shows, in Unicode scalars.
    private static let limit = 256

    /// The first 256 scalars of `text`, with every control character and every invisible mark that turns the
    /// writing direction replaced.
    static func clean(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                clean.append("?")
            default: clean.append(scalar)
            }
        }
        return String(clean)
    }

    /// `CNY 88.80`.
    static func amount(_ amount: Money) -> String { "\(amount.currency.code) \(amount)" }
}
