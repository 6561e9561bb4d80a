public import Wire

/// A data object list: the tags and lengths that the card asks for, in order (EMV 4.4 Book 3, 5.4).
public struct DOL: Equatable, Sendable {
    /// What is asked for.
    public let entries: [Entry]

    /// One data object asked for.
    public struct Entry: Equatable, Sendable {
        /// Its tag.
        public let tag: TLV.Tag
        /// The length that it is brought to, 0–255.
        public let length: Int
    }

    /// Reads a list.
    public init(_ bytes: some Sequence<UInt8>) throws(WireError) {
        let slice = ArraySlice(bytes)
        var position = slice.startIndex
        var entries: [Entry] = []
        while position < slice.endIndex {
            let tag = try TLV.readTag(slice, at: &position)
            guard position < slice.endIndex else { throw WireError(.truncated, at: position - slice.startIndex) }
            entries.append(Entry(tag: tag, length: Int(slice[position])))
            position += 1
        }
        self.entries = entries
    }

    /// Whether `tag` is asked for.
    public func contains(_ tag: TLV.Tag) -> Bool { entries.contains { $0.tag == tag } }

    /// The values one after another, each brought to its length by the rules of its format. What `value` does not
    /// know becomes zeros.
    public func values(_ value: (TLV.Tag) -> [UInt8]?) -> [UInt8] {
        entries.flatMap { entry -> [UInt8] in
            guard !entry.tag.isConstructed, let known = value(entry.tag) else {
                return [UInt8](repeating: 0, count: entry.length)
            }
            let padding = max(0, entry.length - known.count)
            switch DataDictionary.element(entry.tag)?.format {
            case .numeric: return [UInt8](repeating: 0, count: padding) + known.suffix(entry.length)
            case .compressedNumeric: return known.prefix(entry.length) + [UInt8](repeating: 0xFF, count: padding)
            default: return known.prefix(entry.length) + [UInt8](repeating: 0, count: padding)
            }
        }
    }
}
