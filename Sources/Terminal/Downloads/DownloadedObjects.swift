import EMV
import Wire

/// The data objects of one downloaded entry, asked for by tag and length.
struct DownloadedObjects {
    private let objects: [TLV]

    init(_ objects: [TLV]) { self.objects = objects }

    /// The value of `tag`, its length within `lengths`; nil where it is absent or empty.
    func value(_ tag: TLV.Tag, _ lengths: ClosedRange<Int>) throws(ParameterRefusal) -> [UInt8]? {
        guard let value = objects.first(where: { $0.tag == tag })?.value, !value.isEmpty else { return nil }
        guard lengths.contains(value.count) else {
            let size =
                lengths.count == 1 ? "\(lengths.lowerBound)" : "\(lengths.lowerBound) to \(lengths.upperBound)"
            throw ParameterRefusal("\(tag) has \(value.count) bytes and must have \(size)")
        }
        return Array(value)
    }

    /// The value of `tag`, which must be there.
    func required(_ tag: TLV.Tag, _ lengths: ClosedRange<Int>) throws(ParameterRefusal) -> [UInt8] {
        guard let value = try value(tag, lengths) else { throw ParameterRefusal("\(tag) is missing") }
        return value
    }

    /// The binary number of four bytes in `tag`.
    func number(_ tag: TLV.Tag) throws(ParameterRefusal) -> Int64? {
        try value(tag, 4...4)?.reduce(0) { $0 << 8 | Int64($1) }
    }

    /// The decimal number of so many bytes in `tag`.
    func digits(_ tag: TLV.Tag, bytes count: Int) throws(ParameterRefusal) -> Int64? {
        guard let value = try value(tag, count...count) else { return nil }
        guard let number = (try? BCD.decode(value)).flatMap({ Int64($0) }) else {
            throw ParameterRefusal("\(tag) must be decimal digits")
        }
        return number
    }
}

/// Why a part of the terminal's data is not used, in words without the data.
struct ParameterRefusal: Error, Equatable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
