/// Writes a value as JSON in the order in which it encodes itself, straight into the text. `JSONEncoder` builds a tree
/// of dictionaries first, sorts and prints it: half of a commit's own time. For records: no floating-point numbers.
final class JSONWriter: Encoder {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private var text: [UInt8] = []
    /// What ends each container that is open, the innermost last. A container ends when something is written outside it.
    private var ends: [UInt8] = []

    private init() { text.reserveCapacity(1024) }

    /// `value` as JSON.
    static func text(of value: some Encodable) throws -> String {
        let writer = JSONWriter()
        try value.encode(to: writer)
        writer.close(to: 0)
        return String(decoding: writer.text, as: UTF8.self)
    }

    func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Keyed(writer: self, depth: open("{", "}")))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { Unkeyed(writer: self, depth: open("[", "]")) }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(writer: self) }

    private func open(_ start: Unicode.Scalar, _ end: Unicode.Scalar) -> Int {
        text.append(UInt8(ascii: start))
        ends.append(UInt8(ascii: end))
        return ends.count
    }

    private func close(to depth: Int) {
        while ends.count > depth, let end = ends.popLast() { text.append(end) }
    }

    /// Begins an element of the container at `depth`.
    private func next(at depth: Int) {
        close(to: depth)
        if text.last != UInt8(ascii: "{"), text.last != UInt8(ascii: "[") { text.append(UInt8(ascii: ",")) }
    }

    private func next(_ key: some CodingKey, at depth: Int) {
        next(at: depth)
        write(key.stringValue)
        text.append(UInt8(ascii: ":"))
    }

    private func write(_ string: String) {
        text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                text.append(UInt8(ascii: "\\"))
                text.append(byte)
            case ..<0x20:
                text.append(contentsOf: "\\u00".utf8)
                text.append(contentsOf: [byte >> 4, byte & 0x0F].map { $0 < 10 ? 0x30 + $0 : 0x57 + $0 })
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }

    private func write(word: String) { text.append(contentsOf: word.utf8) }

    private struct Single: SingleValueEncodingContainer {
        let writer: JSONWriter
        var codingPath: [any CodingKey] { [] }

        func encodeNil() { writer.write(word: "null") }
        func encode(_ value: Bool) { writer.write(word: value ? "true" : "false") }
        func encode(_ value: String) { writer.write(value) }
        func encode(_ value: Double) throws { throw unwritable(value) }
        func encode(_ value: Float) throws { throw unwritable(value) }
        func encode(_ value: some FixedWidthInteger & Encodable) { writer.write(word: String(value)) }
        func encode(_ value: some Encodable) throws { try value.encode(to: writer) }

        private func unwritable(_ value: Any) -> EncodingError {
            .invalidValue(value, .init(codingPath: [], debugDescription: "records have no floating-point numbers"))
        }
    }

    private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let writer: JSONWriter
        let depth: Int
        var codingPath: [any CodingKey] { [] }

        func encodeNil(forKey key: Key) {
            writer.next(key, at: depth)
            writer.write(word: "null")
        }

        func encode(_ value: String, forKey key: Key) {
            writer.next(key, at: depth)
            writer.write(value)
        }

        func encode(_ value: some Encodable, forKey key: Key) throws {
            writer.next(key, at: depth)
            try value.encode(to: writer)
        }

        func nestedContainer<Nested>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
            writer.next(key, at: depth)
            return writer.container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            writer.next(key, at: depth)
            return writer.unkeyedContainer()
        }

        func superEncoder() -> any Encoder { writer }
        func superEncoder(forKey key: Key) -> any Encoder { writer }
    }

    private struct Unkeyed: UnkeyedEncodingContainer {
        let writer: JSONWriter
        let depth: Int
        private(set) var count = 0
        var codingPath: [any CodingKey] { [] }

        mutating func encodeNil() {
            begin()
            writer.write(word: "null")
        }

        mutating func encode(_ value: some Encodable) throws {
            begin()
            try value.encode(to: writer)
        }

        mutating func nestedContainer<Nested>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
            begin()
            return writer.container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
            begin()
            return writer.unkeyedContainer()
        }

        mutating func superEncoder() -> any Encoder { writer }

        private mutating func begin() {
            writer.next(at: depth)
            count += 1
        }
    }
}
