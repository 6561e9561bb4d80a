import Wire

/// A data object list as the card reads it: which objects, how long, in which order (EMV 4.4 Book 3, 5.4).
struct DataObjectList: Equatable, Sendable {
    /// Tag and length of each object.
    let entries: [(tag: TLV.Tag, length: Int)]

    /// The list spelt by `bytes`; a misspelt list ends at the fault.
    init(_ bytes: [UInt8]) {
        var entries: [(tag: TLV.Tag, length: Int)] = []
        let slice = ArraySlice(bytes)
        var position = slice.startIndex
        while let tag = try? TLV.readTag(slice, at: &position), position < slice.endIndex {
            entries.append((tag, Int(slice[position])))
            position += 1
        }
        self.entries = entries
    }

    /// Length of all values together.
    var length: Int { entries.reduce(0) { $0 + $1.length } }

    /// The values that stand one after another in `data`; nil if the lengths do not agree.
    func values(in data: [UInt8]) -> [TLV.Tag: [UInt8]]? {
        guard data.count == length else { return nil }
        var rest = data[...]
        var values: [TLV.Tag: [UInt8]] = [:]
        for entry in entries {
            values[entry.tag] = Array(rest.prefix(entry.length))
            rest = rest.dropFirst(entry.length)
        }
        return values
    }

    static func == (left: DataObjectList, right: DataObjectList) -> Bool {
        left.entries.elementsEqual(right.entries) { $0 == $1 }
    }
}
