import EMV
public import Wire

/// BER-TLV in words, for `inspect tlv` and `inspect field55`.
public struct TLVInspection: Sendable {
    private let bytes: [UInt8]
    private let nodes: [Node]

    private struct Node: Sendable {
        let object: TLV
        let children: [Node]?
    }

    /// Reads data objects one after another, and what constructed ones hold.
    public init(_ bytes: [UInt8]) throws(WireError) {
        self.bytes = bytes
        nodes = try TLVInspection.parse(bytes[...], depth: 0)
    }

    /// Reads the content of field 55, with or without the two bytes of its length before it.
    public init(field55 bytes: [UInt8]) throws(WireError) {
        if bytes.count >= 2, let length = try? BCD.decode(bytes.prefix(2)), Int(length) == bytes.count - 2 {
            try self.init(Array(bytes.dropFirst(2)))
        } else {
            try self.init(bytes)
        }
    }

    private static func parse(_ bytes: ArraySlice<UInt8>, depth: Int) throws(WireError) -> [Node] {
        guard depth < TLV.Limit.depth else { throw WireError(.tooDeep, at: 0) }
        var nodes: [Node] = []
        for object in try TLV.parse(bytes) {
            let children = object.tag.isConstructed ? try parse(object.value, depth: depth + 1) : nil
            nodes.append(Node(object: object, children: children))
        }
        return nodes
    }

    /// One line for each object with its name; sensitive values masked unless `reveal`.
    public func text(reveal: Bool) -> String { Line.render(lines(reveal: reveal)) }

    /// `[{"tag":"9F26","name":"…","value":"…"}]`, with `objects` in place of `value` where there are objects inside.
    public func json(reveal: Bool) -> JSONValue { TLVInspection.json(nodes, reveal: reveal) }

    func lines(reveal: Bool) -> [Line] { TLVInspection.lines(nodes, reveal: reveal) }

    /// All of it in hexadecimal, sensitive values as stars.
    func maskedHex() -> String {
        var stars: [Range<Int>] = []
        TLVInspection.collectSensitive(nodes, into: &stars)
        var text = Array(Hex.encode(bytes).utf8)
        for range in stars {
            for index in range.lowerBound * 2..<range.upperBound * 2 { text[index] = 0x2A }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func collectSensitive(_ nodes: [Node], into ranges: inout [Range<Int>]) {
        for node in nodes {
            if let children = node.children {
                collectSensitive(children, into: &ranges)
            } else if isSensitive(node.object.tag) {
                // Values share the storage of what was read, so their indices are offsets in it.
                ranges.append(node.object.value.indices)
            }
        }
    }

    private static func isSensitive(_ tag: TLV.Tag) -> Bool { DataDictionary.element(tag)?.isSensitive ?? false }

    private static func name(_ tag: TLV.Tag) -> String { DataDictionary.element(tag)?.name ?? "Unknown" }

    private static func lines(_ nodes: [Node], reveal: Bool) -> [Line] {
        nodes.map { node in
            let tag = node.object.tag
            if let children = node.children {
                return Line(tag.description, name(tag), "", lines(children, reveal: reveal))
            }
            return line(node.object, reveal: reveal)
        }
    }

    /// One object that holds no others, with its name and what its value says.
    static func line(_ object: TLV, reveal: Bool) -> Line {
        Line(
            object.tag.description, name(object.tag), value(object, reveal: reveal),
            reveal || !isSensitive(object.tag) ? DataObjectMeaning.lines(object) : [])
    }

    private static func value(_ object: TLV, reveal: Bool) -> String {
        guard reveal || !isSensitive(object.tag) else {
            let hex = Hex.encode(object.value)
            switch object.tag {
            case .pan: return Masking.accountNumber(hex.prefix { $0 != "F" })
            case .track2: return Masking.track(String(hex.map { $0 == "D" ? "=" : $0 }))
            default: return Masking.bytes(object.value)
            }
        }
        return DataObjectMeaning.value(object)
    }

    private static func json(_ nodes: [Node], reveal: Bool) -> JSONValue {
        .array(
            nodes.map { node in
                let tag = node.object.tag
                guard let children = node.children else { return member(node.object, reveal: reveal) }
                return .object([
                    .init("tag", .string(tag.description)), .init("name", .string(name(tag))),
                    .init("objects", json(children, reveal: reveal)),
                ])
            })
    }

    /// One object that holds no others: `{"tag":"9F26","name":"…","value":"…"}`.
    static func member(_ object: TLV, reveal: Bool) -> JSONValue {
        let isShown = reveal || !isSensitive(object.tag)
        return .object([
            .init("tag", .string(object.tag.description)), .init("name", .string(name(object.tag))),
            .init("value", .string(isShown ? Hex.encode(object.value) : Masking.bytes(object.value))),
        ])
    }
}
