/// One BER-TLV data object (ISO/IEC 8825-1 as EMV 4.4 Book 3, Annex B uses it).
public struct TLV: Equatable, Sendable {
    /// The tag with all its bytes, `0x9F26` for `9F26`.
    public let tag: Tag
    /// The value field.
    public let value: ArraySlice<UInt8>

    /// A data object of a tag and its value.
    public init(_ tag: Tag, _ value: some Sequence<UInt8>) {
        self.tag = tag
        self.value = ArraySlice(value)
    }

    /// A data object whose value shares the storage of `value`.
    public init(_ tag: Tag, _ value: ArraySlice<UInt8>) {
        self.tag = tag
        self.value = value
    }

    /// A BER tag of one to four bytes.
    public struct Tag: RawRepresentable, Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral,
        CustomStringConvertible
    {
        /// The tag's bytes as a number, `0x5F2A` for `5F2A`.
        public let rawValue: UInt32
        /// The tag with these bytes.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// The tag with these bytes.
        public init(integerLiteral value: UInt32) { rawValue = value }

        /// True for a tag whose value holds data objects itself.
        public var isConstructed: Bool { (bytes.first ?? 0) & 0x20 != 0 }
        /// The tag as it is sent.
        public var bytes: [UInt8] {
            let all = (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> (24 - 8 * $0)) }
            return Array(all.drop { $0 == 0 })
        }
        /// The tag in hexadecimal.
        public var description: String { Hex.encode(bytes) }
        /// Tags are ordered as numbers.
        public static func < (left: Tag, right: Tag) -> Bool { left.rawValue < right.rawValue }
    }

    /// Limits on what comes from outside.
    public enum Limit {
        /// Deepest nesting of constructed objects.
        public static let depth = 8
        /// Most objects on one level.
        public static let objects = 256
        /// Longest value in bytes.
        public static let length = 65535
    }

    /// The data objects of one level, in order. Bytes `00` between objects are padding (Book 3, Annex B1).
    /// The values share the storage of `bytes`; offsets in errors count from its start.
    public static func parse(_ bytes: ArraySlice<UInt8>) throws(WireError) -> [TLV] {
        var objects: [TLV] = []
        objects.reserveCapacity(24)
        var position = bytes.startIndex
        while true {
            while position < bytes.endIndex, bytes[position] == 0x00 { position += 1 }
            guard position < bytes.endIndex else { return objects }
            let tag = try readTag(bytes, at: &position)
            let length = try readLength(bytes, at: &position)
            guard bytes.endIndex - position >= length else {
                throw WireError(.truncated, at: position - bytes.startIndex)
            }
            guard objects.count < Limit.objects else { throw WireError(.tooMany, at: position - bytes.startIndex) }
            objects.append(TLV(tag, bytes[position..<position + length]))
            position += length
        }
    }

    /// The data objects of one level, in order, of a whole array.
    public static func parse(_ bytes: [UInt8]) throws(WireError) -> [TLV] { try parse(bytes[...]) }

    /// The data objects of one level, in order, of any sequence.
    public static func parse(_ bytes: some Sequence<UInt8>) throws(WireError) -> [TLV] { try parse(Array(bytes)) }

    /// The data objects inside a constructed one.
    public func children() throws(WireError) -> [TLV] { try TLV.parse(value) }

    /// The first object with `tag`, sought depth first through constructed objects.
    public static func find(_ tag: Tag, in bytes: some Sequence<UInt8>) throws(WireError) -> TLV? {
        try find(tag, in: try parse(bytes), depth: 0)
    }

    private static func find(_ tag: Tag, in objects: [TLV], depth: Int) throws(WireError) -> TLV? {
        guard depth < Limit.depth else { throw WireError(.tooDeep, at: 0) }
        for object in objects {
            if object.tag == tag { return object }
            if object.tag.isConstructed, let found = try find(tag, in: try object.children(), depth: depth + 1) {
                return found
            }
        }
        return nil
    }

    /// The object as it is sent, with the shortest length field.
    public var encoded: [UInt8] {
        tag.bytes + TLV.encodedLength(value.count) + value
    }

    /// The objects one after another as they are sent.
    public static func encode(_ objects: some Sequence<TLV>) -> [UInt8] {
        objects.flatMap(\.encoded)
    }

    /// A length field: short form below 128, else the fewest bytes of the long form.
    public static func encodedLength(_ length: Int) -> [UInt8] {
        switch length {
        case ..<0x80: [UInt8(length)]
        case ..<0x100: [0x81, UInt8(length)]
        case ..<0x10000: [0x82, UInt8(length >> 8), UInt8(length & 0xFF)]
        default: [0x83, UInt8(truncatingIfNeeded: length >> 16), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)]
        }
    }

    /// Reads one tag; a data object list (DOL) uses it too.
    public static func readTag(_ slice: ArraySlice<UInt8>, at position: inout Int) throws(WireError) -> Tag {
        let start = position
        guard position < slice.endIndex else { throw WireError(.truncated, at: position - slice.startIndex) }
        var tag = UInt32(slice[position])
        position += 1
        guard tag & 0x1F == 0x1F else { return Tag(rawValue: tag) }
        for _ in 0..<3 {
            guard position < slice.endIndex else { throw WireError(.truncated, at: position - slice.startIndex) }
            let byte = slice[position]
            position += 1
            tag = tag << 8 | UInt32(byte)
            if byte & 0x80 == 0 { return Tag(rawValue: tag) }
        }
        throw WireError(.invalidTag, at: start - slice.startIndex)
    }

    @inline(__always)
    private static func readLength(_ slice: ArraySlice<UInt8>, at position: inout Int) throws(WireError) -> Int {
        let start = position - slice.startIndex
        guard position < slice.endIndex else { throw WireError(.truncated, at: start) }
        let first = slice[position]
        position += 1
        guard first & 0x80 != 0 else { return Int(first) }
        let count = Int(first & 0x7F)
        guard (1...3).contains(count) else { throw WireError(.invalidLength, at: start) }
        guard slice.endIndex - position >= count else { throw WireError(.truncated, at: start) }
        var length = 0
        for index in position..<position + count { length = length << 8 | Int(slice[index]) }
        position += count
        guard length <= Limit.length else { throw WireError(.invalidLength, at: start) }
        return length
    }
}
