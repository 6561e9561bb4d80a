/// Names from the card, as a screen may show them (EMV 4.4 Book 4, 11.3).
enum PrintableText {
    /// The characters of ISO/IEC 8859-1, the first code table; control characters are dropped.
    static func decode(_ bytes: some Sequence<UInt8>) -> String {
        let visible = bytes.filter { (0x20...0x7E).contains($0) || $0 >= 0xA0 }
        return trimmed(String(String.UnicodeScalarView(visible.map { Unicode.Scalar($0) })))
    }

    /// The name in the issuer's code table `table` (9F11); nil unless that is the one the
    /// terminal has (Book 1, 12.4).
    static func decode(_ bytes: [UInt8], table: UInt8?) -> String? {
        guard table == 1 else { return nil }
        let text = decode(bytes)
        return text.isEmpty ? nil : text
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
