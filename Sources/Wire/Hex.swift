/// Hexadecimal text, upper case when written, either case when read.
public enum Hex {
    /// The bytes as upper-case hexadecimal digits, two for each byte.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        // Arrays and their slices, the usual case, are read where they lie.
        bytes.withContiguousStorageIfAvailable { encode($0) } ?? Array(bytes).withUnsafeBufferPointer { encode($0) }
    }

    private static func encode(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
            var index = 0
            for byte in bytes {
                buffer[index] = digit(byte >> 4)
                buffer[index + 1] = digit(byte & 0x0F)
                index += 2
            }
            return index
        }
    }

    private static func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }

    /// The bytes that `text` spells. White space between digits is passed over.
    public static func decode(_ text: some StringProtocol) throws(WireError) -> [UInt8] {
        try decode(Array(String(text).utf8)[...])
    }

    /// The bytes that ASCII text spells. White space between digits is passed over; offsets in errors count from its start.
    public static func decode(_ text: ArraySlice<UInt8>) throws(WireError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var high: UInt8?
        for index in text.indices {
            let character = text[index]
            if character == 0x20 || (0x09...0x0D).contains(character) { continue }
            guard let nibble = nibble(character) else { throw WireError(.invalidDigit, at: index - text.startIndex) }
            if let first = high {
                bytes.append(first << 4 | nibble)
                high = nil
            } else {
                high = nibble
            }
        }
        guard high == nil else { throw WireError(.truncated, at: text.count) }
        return bytes
    }

    /// The value of one hexadecimal digit given as ASCII, or nil.
    public static func nibble(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x41...0x46: character - 0x37
        case 0x61...0x66: character - 0x57
        default: nil
        }
    }
}
