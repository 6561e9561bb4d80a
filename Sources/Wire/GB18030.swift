#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The character encoding of Chinese terminals, printers and acquirers (GB 18030, which contains GBK), by way of the C
/// library's `iconv`.
public enum GB18030 {
    /// `text` in GB 18030; nil where the C library lacks the encoding. ASCII stays as it is.
    public static func encode(_ text: String) -> [UInt8]? {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return Array(text.utf8) }
        return convert(Array(text.utf8), from: "UTF-8", to: "GB18030")
    }

    /// The text that `bytes` spell, or nil where they are not GB 18030 or the C library lacks the encoding.
    public static func decode(_ bytes: some Collection<UInt8>) -> String? {
        if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
        return convert(Array(bytes), from: "GB18030", to: "UTF-8").map { String(decoding: $0, as: UTF8.self) }
    }

    /// The text of `bytes` if it is clean GBK: printable, of one- and two-byte characters outside the private use area,
    /// so that encoding it again gives the same bytes. Nil otherwise.
    public static func decodeClean(_ bytes: ArraySlice<UInt8>) -> String? {
        if bytes.allSatisfy({ (0x20..<0x7F).contains($0) }) { return String(decoding: bytes, as: UTF8.self) }
        var isTrail = false
        for byte in bytes {
            if isTrail {
                guard byte >= 0x40 else { return nil }
                isTrail = false
            } else if byte >= 0x80 {
                isTrail = true
            } else {
                guard (0x20..<0x7F).contains(byte) else { return nil }
            }
        }
        guard !isTrail, let text = decode(bytes),
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .privateUse }),
            encode(text)?.elementsEqual(bytes) == true
        else { return nil }
        return text
    }

    /// The text of `bytes`, as above.
    public static func decodeClean(_ bytes: some Collection<UInt8>) -> String? { decodeClean(Array(bytes)[...]) }

    private static func convert(_ bytes: [UInt8], from source: String, to target: String) -> [UInt8]? {
        guard let descriptor = iconv_open(target, source), descriptor != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(descriptor) }
        // Either direction needs at most four bytes out for one in.
        var output = [UInt8](repeating: 0, count: bytes.count * 4)
        var input = bytes
        let unused: Int? = input.withUnsafeMutableBytes { from in
            output.withUnsafeMutableBytes { to in
                var next = from.baseAddress?.assumingMemoryBound(to: CChar.self)
                var left = from.count
                var free = to.baseAddress?.assumingMemoryBound(to: CChar.self)
                var room = to.count
                let replaced = iconv(descriptor, &next, &left, &free, &room)
                return replaced == 0 && left == 0 ? room : nil
            }
        }
        guard let unused else { return nil }
        output.removeLast(unused)
        return output
    }
}
