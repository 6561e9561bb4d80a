import Wire

/// What a card says when it is powered (ISO/IEC 7816-3, 8.2), in words. For a card in a contactless reader it is the reader
/// that says it, out of what it heard through the air (PC/SC part 3, 3.1.3.2.3).
public struct AnswerToReset: Equatable, Sendable {
    /// The whole answer.
    public let bytes: [UInt8]
    /// Protocols on offer, the first one first: 0 sends bytes, 1 sends blocks.
    public let protocols: [Int]
    /// Interface bytes by their names, `TA1`.
    public let interfaceBytes: [(name: String, value: UInt8)]
    /// What the card's maker had to say, at most 15 bytes.
    public let historicalBytes: [UInt8]
    /// Whether the check byte is right; nil where there is none (T=0 alone).
    public let isCheckRight: Bool?
    /// Whether it has the form in which contactless readers speak for a card.
    public let isContactless: Bool

    /// Reads an answer. Throws where it ends before it is over, goes on after its end, or does not begin as it must.
    public init(_ bytes: [UInt8]) throws(DocumentError) {
        guard bytes.count <= 33 else { throw DocumentError("atr", "longer than 33 bytes") }
        guard bytes.first == 0x3B || bytes.first == 0x3F else {
            throw DocumentError("atr", "does not begin with 3B or 3F")
        }
        var rest = bytes.dropFirst()
        func next(_ what: String) throws(DocumentError) -> UInt8 {
            guard let byte = rest.popFirst() else { throw DocumentError("atr", "ends before \(what)") }
            return byte
        }
        let format = try next("T0")
        var protocols: [Int] = []
        var found: [(name: String, value: UInt8)] = []
        var present = format >> 4
        var level = 1
        while present != 0 {
            for (bit, letter) in ["A", "B", "C"].enumerated() where present & 1 << UInt8(bit) != 0 {
                found.append(("T\(letter)\(level)", try next("T\(letter)\(level)")))
            }
            guard present & 8 != 0 else { break }
            let chain = try next("TD\(level)")
            found.append(("TD\(level)", chain))
            protocols.append(Int(chain & 0x0F))
            present = chain >> 4
            level += 1
        }
        let count = Int(format & 0x0F)
        guard rest.count >= count else { throw DocumentError("atr", "ends before its \(count) historical bytes") }
        historicalBytes = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
        // T=0 alone needs no check byte (ISO/IEC 7816-3, 8.2.5).
        if protocols.contains(where: { $0 != 0 }) {
            _ = try next("its check byte")
            isCheckRight = bytes.dropFirst().reduce(0, ^) == 0
        } else {
            isCheckRight = nil
        }
        guard rest.isEmpty else { throw DocumentError("atr", "goes on after its end") }
        self.bytes = bytes
        // T=15 says nothing of a protocol.
        var unique: [Int] = []
        for number in protocols where number != 15 && !unique.contains(number) { unique.append(number) }
        self.protocols = unique.isEmpty ? [0] : unique
        interfaceBytes = found
        isContactless = bytes.count >= 4 && bytes[1] & 0xF0 == 0x80 && bytes[2] == 0x80 && bytes[3] == 0x01
    }

    /// Equal bytes are equal answers.
    public static func == (left: AnswerToReset, right: AnswerToReset) -> Bool { left.bytes == right.bytes }

    /// The answer in lines, explained.
    public var text: String {
        var lines = [
            Line("ATR", Hex.encode(bytes)),
            Line("card", kind),
            Line("convention", bytes.first == 0x3B ? "direct" : "inverse"),
            Line("protocols", protocols.map(Self.name).joined(separator: ", ")),
        ]
        for (name, value) in interfaceBytes { lines.append(Line(name, Hex.encode([value]), Self.meaning(name, value))) }
        lines.append(Line("history", historicalBytes.isEmpty ? "none" : Hex.encode(historicalBytes), historyMeaning))
        lines.append(Line("check", isCheckRight.map { $0 ? "right" : "WRONG" } ?? "none needed"))
        return Line.render(lines)
    }

    /// The same as JSON.
    public var json: JSONValue {
        .object([
            .init("atr", .string(Hex.encode(bytes))), .init("kind", .string(kind)),
            .init("contactless", .bool(isContactless)),
            .init("protocols", .array(protocols.map { .number($0) })),
            .init(
                "interfaceBytes",
                .object(interfaceBytes.map { .init($0.name, .string(Hex.encode([$0.value]))) })),
            .init("historicalBytes", .string(Hex.encode(historicalBytes))),
            .init("history", .string(historyMeaning)),
            .init("checkRight", isCheckRight.map { .bool($0) } ?? .null),
        ])
    }

    private var kind: String {
        guard isContactless else { return "with contacts" }
        return storageCard.map { "contactless storage card, \($0)" } ?? "contactless, ISO/IEC 14443-4"
    }

    private static func name(_ number: Int) -> String {
        switch number {
        case 0: "T=0 (bytes)"
        case 1: "T=1 (blocks)"
        default: "T=\(number)"
        }
    }

    /// Clock rate conversion and baud rate adjustment (ISO/IEC 7816-3, tables 7 and 8); 0 is reserved.
    private static let conversions = [372, 372, 558, 744, 1116, 1488, 1860, 0, 0, 512, 768, 1024, 1536, 2048, 0, 0]
    private static let adjustments = [0, 1, 2, 4, 8, 16, 32, 64, 12, 20, 0, 0, 0, 0, 0, 0]

    private static func meaning(_ name: String, _ value: UInt8) -> String {
        switch name {
        case "TA1":
            let (conversion, adjustment) = (conversions[Int(value >> 4)], adjustments[Int(value & 0x0F)])
            guard conversion > 0, adjustment > 0 else { return "reserved speed" }
            return "Fi \(conversion), Di \(adjustment): \(3_570_000 * adjustment / conversion) bit/s at 3.57 MHz"
        case "TB1", "TB2": return "programming voltage, not used any more"
        case "TC1": return value == 0xFF ? "shortest guard time" : "guard time \(value) more"
        case "TA2": return "speed fixed, T=\(value & 0x0F)"
        case "TC2": return "waiting integer \(value) (T=0)"
        default: return name.hasPrefix("TD") ? "offers T=\(value & 0x0F)" : ""
        }
    }

    private var historyMeaning: String {
        if storageCard != nil { return "" }
        switch historicalBytes.first {
        case nil: return ""
        case 0x00?: return "status indicator in the last three bytes"
        case 0x80?: return "data objects (COMPACT-TLV)"
        default:
            // Makers like to write here what the card is called.
            let printable = historicalBytes.filter { (0x20...0x7E).contains($0) }
            return printable.count * 2 > historicalBytes.count
                ? "\"\(String(decoding: printable, as: UTF8.self))\"" : "the maker's own"
        }
    }

    /// What a card without APDUs is called (PC/SC part 3 supplement): standard and card name behind PC/SC's identifier.
    private var storageCard: String? {
        let identifier: [UInt8] = [0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06]
        guard isContactless, historicalBytes.count >= 11, historicalBytes.starts(with: identifier) else { return nil }
        let name = Int(historicalBytes[9]) << 8 | Int(historicalBytes[10])
        return Self.storageCards[name] ?? "number \(Hex.encode(Array(historicalBytes[9...10])))"
    }

    private static let storageCards = [
        0x0001: "MIFARE Classic 1K", 0x0002: "MIFARE Classic 4K", 0x0003: "MIFARE Ultralight", 0x0026: "MIFARE Mini",
        0x003A: "MIFARE Ultralight C", 0x003B: "FeliCa", 0xF004: "Topaz and Jewel", 0xF011: "FeliCa 212K",
        0xF012: "FeliCa 424K",
    ]
}
