import FoundationEssentials
import Wire

/// An object of a JSON document that is read strictly: every key is asked for, others are refused by name, and errors say the
/// place. Never holds values in errors.
struct JSONReader {
    private let path: String
    private let members: [String: Node]

    /// Most bytes of a document.
    static let limit = 1 << 20

    private indirect enum Node: Decodable {
        case bool(Bool)
        case number(Int)
        case text(String)
        case array([Node])
        case object([String: Node])
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? container.decode(Int.self) {
                self = .number(value)
            } else if let value = try? container.decode(String.self) {
                self = .text(value)
            } else if let value = try? container.decode([Node].self) {
                self = .array(value)
            } else if let value = try? container.decode([String: Node].self) {
                self = .object(value)
            } else {
                self = .other
            }
        }
    }

    /// A whole document that is one object with no keys but `keys`.
    init(_ document: [UInt8], keys: Set<String>) throws(DocumentError) {
        guard document.count <= Self.limit else { throw DocumentError("$", "longer than \(Self.limit) bytes") }
        guard let node = try? JSONDecoder().decode(Node.self, from: Data(document)) else {
            throw DocumentError("$", "not JSON")
        }
        try self.init(node, "", keys)
    }

    private init(_ node: Node, _ path: String, _ keys: Set<String>) throws(DocumentError) {
        guard case .object(let members) = node else {
            throw DocumentError(path.isEmpty ? "$" : path, "must be an object")
        }
        self.path = path
        self.members = members
        if let unknown = members.keys.filter({ !keys.contains($0) }).min() {
            throw DocumentError(at(unknown), "unknown key; known are \(keys.sorted().joined(separator: ", "))")
        }
    }

    private func at(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// An error at `key`.
    func wrong(_ key: String, _ reason: String) -> DocumentError { DocumentError(at(key), reason) }

    func has(_ key: String) -> Bool { members[key] != nil }

    /// A whole number in `range`, or `fallback`.
    func number(_ key: String, in range: ClosedRange<Int>, or fallback: Int) throws(DocumentError) -> Int {
        guard let node = members[key] else { return fallback }
        guard case .number(let value) = node, range.contains(value) else {
            throw wrong(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// True or false, or `fallback`.
    func flag(_ key: String, or fallback: Bool) throws(DocumentError) -> Bool {
        guard let node = members[key] else { return fallback }
        guard case .bool(let value) = node else { throw wrong(key, "must be true or false") }
        return value
    }

    /// A text, or `fallback`.
    func text(_ key: String, or fallback: String) throws(DocumentError) -> String {
        guard let node = members[key] else { return fallback }
        guard case .text(let value) = node else { throw wrong(key, "must be a text") }
        return value
    }

    /// So many digits as a text or a number, leading zeros optional; or `fallback`.
    func digits(_ key: String, _ count: ClosedRange<Int>, or fallback: String) throws(DocumentError) -> String {
        guard let node = members[key] else { return fallback }
        let text: String? =
            switch node {
            case .number(let value) where value >= 0: String(value)
            case .text(let value) where value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) && !value.isEmpty: value
            default: nil
            }
        guard let text, text.utf8.count <= count.upperBound else {
            throw wrong(key, "must be at most \(count.upperBound) digits")
        }
        return String(repeating: "0", count: max(0, count.lowerBound - text.utf8.count)) + text
    }

    /// Bytes in hexadecimal, their number within `count`, or `fallback`.
    func hex(_ key: String, _ count: ClosedRange<Int>, or fallback: [UInt8]?) throws(DocumentError) -> [UInt8] {
        let size = count.count == 1 ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
        guard let node = members[key] else {
            guard let fallback else { throw wrong(key, "missing: \(size) bytes in hexadecimal") }
            return fallback
        }
        guard case .text(let text) = node, let bytes = try? Hex.decode(text), count.contains(bytes.count) else {
            throw wrong(key, "must be \(size) bytes in hexadecimal")
        }
        return bytes
    }

    /// One of the words that `Value` has, or `fallback`.
    func choice<Value: CaseIterable & RawRepresentable<String>>(
        _ key: String, or fallback: Value
    ) throws(DocumentError) -> Value {
        guard let node = members[key] else { return fallback }
        guard case .text(let text) = node, let value = Value(rawValue: text) else {
            throw wrong(key, "must be \(Value.allCases.map(\.rawValue).joined(separator: " or "))")
        }
        return value
    }

    /// An object inside; nil if absent.
    func object(_ key: String, keys: Set<String>) throws(DocumentError) -> JSONReader? {
        guard let node = members[key] else { return nil }
        return try JSONReader(node, at(key), keys)
    }

    /// Objects of an array; nil if absent. A text in place of an object stands for an object with that one member `short`.
    func objects(_ key: String, keys: Set<String>, short: String? = nil) throws(DocumentError) -> [JSONReader]? {
        guard let node = members[key] else { return nil }
        guard case .array(let nodes) = node else { throw wrong(key, "must be an array") }
        var readers: [JSONReader] = []
        for (index, node) in nodes.enumerated() {
            var node = node
            if let short, case .text = node { node = .object([short: node]) }
            readers.append(try JSONReader(node, "\(at(key))[\(index)]", keys))
        }
        return readers
    }

    /// Texts of an array, or the one text in place of it; nil if absent.
    func texts(_ key: String) throws(DocumentError) -> [String]? {
        guard let node = members[key] else { return nil }
        var texts: [String] = []
        switch node {
        case .text(let text): return [text]
        case .array(let nodes):
            for node in nodes {
                guard case .text(let text) = node else { throw wrong(key, "must be an array of texts") }
                texts.append(text)
            }
            return texts
        default: throw wrong(key, "must be an array of texts")
        }
    }

    /// Bytes in hexadecimal by tag, from an object whose keys are tags; nil if absent.
    func tagged(_ key: String) throws(DocumentError) -> [TLV.Tag: [UInt8]] {
        guard let node = members[key] else { return [:] }
        guard case .object(let values) = node else { throw wrong(key, "must be an object") }
        var tagged: [TLV.Tag: [UInt8]] = [:]
        for (name, node) in values {
            var position = 0
            guard let bytes = try? Hex.decode(name), let tag = try? TLV.readTag(bytes[...], at: &position),
                position == bytes.count
            else { throw wrong(key, "“\(name)” is no tag in hexadecimal") }
            guard case .text(let text) = node, let value = try? Hex.decode(text), value.count <= 255 else {
                throw wrong("\(key).\(name)", "must be 0 to 255 bytes in hexadecimal")
            }
            tagged[tag] = value
        }
        return tagged
    }
}
