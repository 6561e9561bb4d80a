import FoundationEssentials
public import ISO8583
import Wire

/// An ISO 8583 message with what stands before it, in words, as JSON, and back from JSON, for `inspect iso8583`.
///
/// The JSON form holds digits, text or hexadecimal by the kind of field; text that is not clean GBK is `{"hex":"…"}`.
/// What the fields alone cannot tell stands beside them only where it differs from the usual: `"length":true` for a
/// two-byte length in front, `"pads":{"2":"F"}` for a nibble other than 0 beside an odd count of digits. So decoding
/// and encoding give the same bytes.
public struct MessageDocument: Equatable, Sendable {
    /// Whether the two-byte length stands in front.
    public let hasLength: Bool
    /// TPDU and header; nil for a bare message.
    public let envelope: Envelope?
    /// The message.
    public let message: Message

    /// What stands between length and message.
    public struct Envelope: Equatable, Sendable {
        /// Where it goes and where it comes from.
        public let tpdu: TPDU
        /// Versions and what the acquirer requires.
        public let header: Header
    }

    /// Most bytes of a document in JSON.
    public static let limit = 65536

    /// Reads TPDU, header and message, with or without the two-byte length; or, `bare`, from the message type on.
    public init(decoding bytes: [UInt8], bare: Bool = false) throws(MessageError) {
        guard !bare else {
            hasLength = false
            envelope = nil
            message = try MessageDocument.decode(bytes[...])
            return
        }
        hasLength = bytes.count > 2 && Int(bytes[0]) << 8 | Int(bytes[1]) == bytes.count - 2
        if !hasLength, bytes.count > 2, bytes[0] != 0x60, bytes[2] == 0x60 {
            throw MessageError(.invalidLength, at: 0, in: "length")
        }
        let start = hasLength ? 2 : 0
        guard let tpdu = TPDU(bytes.dropFirst(start).prefix(5)) else {
            throw MessageError(.truncated, at: bytes.count, in: "tpdu")
        }
        guard let header = Header(bytes.dropFirst(start + 5).prefix(6)) else {
            throw MessageError(.truncated, at: bytes.count, in: "header")
        }
        envelope = Envelope(tpdu: tpdu, header: header)
        do throws(MessageError) {
            message = try MessageDocument.decode(bytes[(start + 11)...])
        } catch {
            throw MessageError(error.reason, at: error.offset + start + 11, in: error.path)
        }
    }

    /// The bytes that `init(decoding:)` reads.
    public var bytes: [UInt8] {
        let body = (envelope.map { $0.tpdu.bytes + $0.header.bytes } ?? []) + message.encoded
        return hasLength
            ? [UInt8(truncatingIfNeeded: body.count >> 8), UInt8(truncatingIfNeeded: body.count)] + body : body
    }

    /// Field 28 is laid out by the acquirer: first the layout of the table, then those that were seen instead.
    private static let feeLayouts: [FieldFormat] = [
        .fixed(.characters, 9), .fixed(.digits, 8), .fixed(.digits, 12), .fixed(.binary, 5),
    ]

    private static func decode(_ bytes: ArraySlice<UInt8>) throws(MessageError) -> Message {
        let mti = bytes.prefix(2).reduce(UInt16(0)) { $0 << 8 | UInt16($1) }
        let table = table(MTI(rawValue: mti))
        do throws(MessageError) {
            return try Message(decoding: bytes, table: table)
        } catch {
            guard bytes.count >= 10, bytes[bytes.startIndex + 5] & 0x10 != 0 else { throw error }
            for layout in feeLayouts.dropFirst() {
                if let message = try? Message(decoding: bytes, table: table.replacing(28, with: layout)) {
                    return message
                }
            }
            throw error
        }
    }

    private static func table(_ mti: MTI) -> FieldTable {
        [0x0820, 0x0830, 0x0920, 0x0930].contains(mti.rawValue) ? .unionPaySignature : .unionPay
    }
}

extension MessageDocument {
    /// The document as JSON; sensitive parts masked unless `reveal`, and then it cannot be encoded again.
    public func json(reveal: Bool) -> JSONValue {
        var members: [JSONValue.Member] = []
        if hasLength { members.append(.init("length", .bool(true))) }
        if let envelope {
            members.append(.init("tpdu", .string(Hex.encode(envelope.tpdu.bytes))))
            members.append(.init("header", .string(Hex.encode(envelope.header.bytes))))
        }
        members.append(.init("mti", .string(message.mti.description)))
        members.append(
            .init("fields", .object(message.fields.map { .init(String($0), value($0, reveal: reveal)) })))
        let pads = message.fields.compactMap { field in
            message.padNibble(field).flatMap { nibble in
                nibble == 0 ? nil : JSONValue.Member(String(field), .string(String(nibble, radix: 16, uppercase: true)))
            }
        }
        if !pads.isEmpty { members.append(.init("pads", .object(pads))) }
        return .object(members)
    }

    private func value(_ field: Int, reveal: Bool) -> JSONValue {
        let shown = FieldInspection(message, field, reveal: reveal).value
        let isText = message.table[field]?.content == .characters
        return isText && message.text(field) == nil ? .object([.init("hex", .string(shown))]) : .string(shown)
    }

    /// Reads the JSON that `json(reveal: true)` gives. Throws an error that names the place in the document.
    public init(json: [UInt8]) throws(DocumentError) {
        guard json.count <= MessageDocument.limit else { throw DocumentError("$", "longer than 65536 bytes") }
        let parsed: Parsed
        do {
            parsed = try JSONDecoder().decode(Parsed.self, from: Data(json))
        } catch {
            throw DocumentError(error)
        }
        hasLength = parsed.length ?? false
        if let tpduText = parsed.tpdu, let headerText = parsed.header {
            guard let bytes = try? Hex.decode(tpduText), let tpdu = TPDU(bytes) else {
                throw DocumentError("tpdu", "not five bytes in hexadecimal")
            }
            guard let bytes = try? Hex.decode(headerText), let header = Header(bytes) else {
                throw DocumentError("header", "not six bytes in hexadecimal")
            }
            envelope = Envelope(tpdu: tpdu, header: header)
        } else if parsed.tpdu == nil, parsed.header == nil, !hasLength {
            envelope = nil
        } else {
            throw DocumentError(
                parsed.tpdu == nil ? "tpdu" : "header", "missing: a frame has both, a bare message none")
        }
        guard let mti = MTI(parsed.mti) else { throw DocumentError("mti", "not four digits") }
        var fields: [(number: Int, value: FieldValue)] = []
        for (name, value) in parsed.fields {
            guard let number = Int(name), String(number) == name, FieldTable.unionPay[number] != nil else {
                throw DocumentError("fields.\(name)", "no field of this table")
            }
            fields.append((number, value))
        }
        fields.sort { $0.number < $1.number }
        var table = MessageDocument.table(mti)
        if let fee = parsed.fields["28"] { table = table.replacing(28, with: MessageDocument.feeLayout(fee)) }
        var message = Message(mti, table: table)
        for (number, value) in fields {
            do {
                try MessageDocument.set(number, value, pad: parsed.pads?[String(number)], in: &message)
            } catch let error as MessageError {
                throw DocumentError("fields.\(number)", "\(error.reason.rawValue) at \(error.offset)")
            } catch {
                throw DocumentError("fields.\(number)", "not hexadecimal")
            }
        }
        for name in parsed.pads?.keys.sorted() ?? [] where Int(name).flatMap({ message.padNibble($0) }) == nil {
            throw DocumentError("pads.\(name)", "no field with an odd count of digits")
        }
        self.message = message
    }

    private static func feeLayout(_ value: FieldValue) -> FieldFormat {
        guard case .text(let text) = value else { return .fixed(.characters, 9) }
        switch text.utf8.count {
        case 10 where text.utf8.allSatisfy { Hex.nibble($0) != nil }: return .fixed(.binary, 5)
        case 9: return .fixed(.characters, 9)
        case let count where text.utf8.allSatisfy { (0x30...0x39).contains($0) }:
            return .fixed(.digits, count == 12 ? 12 : 8)
        default: return .fixed(.characters, 9)
        }
    }

    private static func set(_ field: Int, _ value: FieldValue, pad: String?, in message: inout Message) throws {
        switch value {
        case .text(let text) where message.table[field]?.content == .binary:
            try message.set(field, try Hex.decode(text))
        case .text(let text):
            guard let pad else { return try message.set(field, text) }
            guard pad.utf8.count == 1, let nibble = pad.utf8.first.flatMap(Hex.nibble) else {
                throw DocumentError("pads.\(field)", "not one hexadecimal digit")
            }
            try message.set(field, text, pad: nibble)
        case .hex(let text): try message.set(field, try Hex.decode(text))
        }
    }

    private enum FieldValue: Decodable {
        case text(String)
        case hex(String)

        private enum Key: String, CodingKey { case hex }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                self = .text(text)
            } else {
                self = .hex(try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .hex))
            }
        }
    }

    private struct Parsed: Decodable {
        let length: Bool?
        let tpdu: String?
        let header: String?
        let mti: String
        let fields: [String: FieldValue]
        let pads: [String: String]?

        private enum Key: String, CodingKey, CaseIterable { case length, tpdu, header, mti, fields, pads }

        private struct AnyKey: CodingKey {
            let stringValue: String
            let intValue: Int? = nil
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            for key in try decoder.container(keyedBy: AnyKey.self).allKeys where Key(rawValue: key.stringValue) == nil {
                throw DocumentError(key.stringValue, "unknown key")
            }
            let container = try decoder.container(keyedBy: Key.self)
            length = try container.decodeIfPresent(Bool.self, forKey: .length)
            tpdu = try container.decodeIfPresent(String.self, forKey: .tpdu)
            header = try container.decodeIfPresent(String.self, forKey: .header)
            mti = try container.decode(String.self, forKey: .mti)
            fields = try container.decode([String: FieldValue].self, forKey: .fields)
            pads = try container.decodeIfPresent([String: String].self, forKey: .pads)
        }
    }
}
