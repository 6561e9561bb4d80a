import Wire

/// What becomes of a data object.
public enum Edit: Hashable, Sendable {
    /// It is not there.
    case missing
    /// It has this value; it is not added where it was not.
    case value([UInt8])
    /// It is there twice.
    case twice
    /// The last bit of its value is the other one.
    case damaged

    func apply(to tag: TLV.Tag, in objects: [TLV]) -> [TLV] {
        switch self {
        case .missing: objects.filter { $0.tag != tag }
        case .value(let value): objects.map { $0.tag == tag ? TLV(tag, value) : $0 }
        case .twice: objects.flatMap { $0.tag == tag ? [$0, $0] : [$0] }
        case .damaged:
            objects.map { object in
                guard object.tag == tag, let last = object.value.last else { return object }
                return TLV(tag, object.value.dropLast() + [last ^ 0x01])
            }
        }
    }
}
