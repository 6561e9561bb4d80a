import Wire

/// The data objects of field 59: a tag of two characters, a length of three digits, a value. An object may hold others.
public struct TaggedText: Equatable, Sendable {
    /// `A2` terminal hardware, `A3` scanned payment code, `A4` payment voucher number; others are passed on.
    public let tag: String
    /// The value; characters in GBK.
    public let value: [UInt8]

    /// An object of a tag and its value, at most 999 bytes.
    public init(_ tag: String, _ value: some Sequence<UInt8>) {
        self.tag = tag
        self.value = Array(value)
    }

    /// An object of a tag and ASCII text.
    public init(_ tag: String, _ text: String) {
        self.init(tag, text.utf8)
    }

    /// The value as text, or nil where it is not clean GBK.
    public var text: String? { GB18030.decodeClean(value) }

    /// Reads objects one after another. `path` names the field in errors.
    public static func decode(_ bytes: some Collection<UInt8>, path: String = "F59") throws(MessageError)
        -> [TaggedText]
    {
        let bytes = ArraySlice(bytes)
        var objects: [TaggedText] = []
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let offset = position - bytes.startIndex
            guard bytes.endIndex - position >= 5 else { throw MessageError(.truncated, at: offset, in: path) }
            let tag = bytes[position..<position + 2]
            guard tag.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw MessageError(.invalidObject, at: offset, in: path)
            }
            let digits = bytes[position + 2..<position + 5]
            guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw MessageError(.invalidDigit, at: offset + 2, in: path)
            }
            let length = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            position += 5
            guard bytes.endIndex - position >= length else {
                throw MessageError(.truncated, at: offset + 5, in: path)
            }
            objects.append(TaggedText(String(decoding: tag, as: UTF8.self), bytes[position..<position + length]))
            position += length
        }
        return objects
    }

    /// The objects one after another.
    public static func encode(_ objects: [TaggedText]) -> [UInt8] {
        objects.flatMap { Array($0.tag.utf8) + Array(String($0.value.count, width: 3).utf8) + $0.value }
    }
}
