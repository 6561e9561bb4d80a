import Wire

/// Texts as segments of the control API's paths and as values of its queries (RFC 3986, 2.1): an id may have a slash or a
/// question mark.
public enum PathSegment {
    /// `text`, with each byte but letters, digits and `-._~` as a percent sign and two hexadecimal digits.
    public static func encode(_ text: String) -> String {
        text.utf8.reduce(into: "") { segment, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                segment.unicodeScalars.append(Unicode.Scalar(byte))
            default: segment += "%" + Hex.encode([byte])
            }
        }
    }

    /// What `encode` was given; nil for a percent sign without its two digits, and for bytes that are no UTF-8.
    public static func decode(_ segment: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = segment.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Hex.nibble), let low = rest.popFirst().flatMap(Hex.nibble) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
