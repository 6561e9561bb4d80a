import Wire

/// One ISO 8583 message with a 64-bit bitmap: its type and fields 2 to 64.
///
/// A message is its own wire image: the fields stand in one array as they are sent, in order, and are read when asked
/// for. So a received message encodes to the very bytes it came in, pad nibbles included, and neither way allocates for
/// a field.
public struct Message: Sendable {
    /// The message type.
    public var mti: MTI
    /// The formats it was made with.
    public let table: FieldTable
    private var bitmap: UInt64 = 0
    /// All fields, prefixes included, in the order of their numbers.
    private var body: [UInt8] = []
    /// For each present field, in order, where it ends in `body`.
    private var ends: [Int32] = []

    /// A message without fields.
    public init(_ mti: MTI, table: FieldTable = .unionPay) {
        self.mti = mti
        self.table = table
        body.reserveCapacity(320)
        ends.reserveCapacity(24)
    }

    // MARK: Reading

    /// The numbers of the fields present, ascending.
    public var fields: [Int] {
        var numbers: [Int] = []
        numbers.reserveCapacity(ends.count)
        var bits = bitmap
        while bits != 0 {
            numbers.append(bits.leadingZeroBitCount + 1)
            bits &= ~(1 << UInt64(63 - bits.leadingZeroBitCount))
        }
        return numbers
    }

    /// Whether the field is present.
    public func has(_ field: Int) -> Bool { bitmap & Message.bit(field) != 0 }

    /// The digits or text of a field: all characters of a fixed one, spaces and zeros included.
    /// Nil where the field is absent, binary, or text that is not clean GBK.
    public func text(_ field: Int) -> String? {
        guard let (format, count, content) = content(field) else { return nil }
        switch format.content {
        case .digits, .track: return Message.unpack(content, count: count, format.alignment)
        case .characters: return GB18030.decodeClean(content)
        case .binary: return nil
        }
    }

    /// The bytes of a field's content without length: of text its encoded characters, of digits the packed ones.
    public func bytes(_ field: Int) -> ArraySlice<UInt8>? { content(field)?.content }

    /// The nibble that fills up an odd count of digits, 0 when sent by us; nil where the field has none.
    public func padNibble(_ field: Int) -> UInt8? {
        guard let (format, count, content) = content(field), format.isPacked, count % 2 == 1,
            let first = content.first, let last = content.last
        else { return nil }
        return format.alignment == .left ? last & 0x0F : first >> 4
    }

    // MARK: Writing

    /// Sets a field to digits or text. Digits of a fixed field get zeros before them, characters spaces after them.
    /// `pad` is the nibble beside an odd count of digits. On an error the message stays as it was.
    public mutating func set(_ field: Int, _ text: String, pad: UInt8 = 0) throws(MessageError) {
        let format = try format(field)
        let start = body.count
        do throws(MessageError) {
            switch format.content {
            case .digits, .track: try appendPacked(text, format, field, pad: pad & 0x0F)
            case .characters:
                if text.utf8.allSatisfy({ $0 < 0x80 }) {
                    try appendBytes(text.utf8, format, field)
                } else if let bytes = GB18030.encode(text) {
                    try appendBytes(bytes, format, field)
                } else {
                    throw MessageError(.invalidText, at: 0, in: "F\(field)")
                }
            case .binary: throw MessageError(.wrongKind, at: 0, in: "F\(field)")
            }
        } catch {
            body.removeSubrange(start...)
            throw error
        }
        place(field, from: start)
    }

    /// Sets a field of bytes or characters to these bytes; characters of a fixed field get spaces after them.
    /// On an error the message stays as it was.
    @inlinable public mutating func set(_ field: Int, _ bytes: some Collection<UInt8>) throws(MessageError) {
        try setContent(field, Array(bytes))
    }

    /// Not generic, so that `set` costs callers in other modules no more than here.
    @usableFromInline mutating func setContent(_ field: Int, _ bytes: [UInt8]) throws(MessageError) {
        let format = try format(field)
        guard !format.isPacked else { throw MessageError(.wrongKind, at: 0, in: "F\(field)") }
        let start = body.count
        do throws(MessageError) {
            try appendBytes(bytes, format, field)
        } catch {
            body.removeSubrange(start...)
            throw error
        }
        place(field, from: start)
    }

    /// Takes a field out; nothing happens where it is absent.
    public mutating func remove(_ field: Int) {
        guard has(field) else { return }
        let rank = rank(field)
        let range = range(rank)
        body.removeSubrange(range)
        ends.remove(at: rank)
        for index in rank..<ends.count { ends[index] -= Int32(range.count) }
        bitmap &= ~Message.bit(field)
    }

    // MARK: Wire

    /// The message from its type to its last field.
    public var encoded: [UInt8] { encoded(bitmap, body[...]) }

    /// What the MAC of field 64 is calculated over: from the type to the byte before field 64, with bit 64 set, whether
    /// the field is there yet or not.
    public var macInput: [UInt8] {
        let last = Message.bit(64)
        return encoded(bitmap | last, has(64) ? body[..<range(ends.count - 1).lowerBound] : body[...])
    }

    private func encoded(_ bitmap: UInt64, _ body: ArraySlice<UInt8>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 10 + body.count) { buffer, count in
            buffer[0] = UInt8(mti.rawValue >> 8)
            buffer[1] = UInt8(mti.rawValue & 0xFF)
            for index in 0..<8 { buffer[2 + index] = UInt8(truncatingIfNeeded: bitmap >> (56 - 8 * index)) }
            _ = UnsafeMutableBufferPointer(rebasing: buffer[10...]).initialize(from: body)
            count = 10 + body.count
        }
    }

    /// Reads a message from its type to its last field; nothing may follow.
    public init(decoding bytes: [UInt8], table: FieldTable = .unionPay) throws(MessageError) {
        try self.init(decoding: bytes[...], table: table)
    }

    /// Reads a message from its type to its last field; nothing may follow. Offsets in errors count from its start.
    public init(decoding bytes: ArraySlice<UInt8>, table: FieldTable = .unionPay) throws(MessageError) {
        guard bytes.count >= 2 else { throw MessageError(.truncated, at: bytes.count, in: "mti") }
        guard bytes.count >= 10 else { throw MessageError(.truncated, at: bytes.count, in: "bitmap") }
        guard bytes.count <= Message.limit else { throw MessageError(.invalidLength, at: Message.limit, in: "length") }
        let start = bytes.startIndex
        mti = MTI(rawValue: UInt16(bytes[start]) << 8 | UInt16(bytes[start + 1]))
        guard mti.isDecimal else { throw MessageError(.invalidDigit, at: 0, in: "mti") }
        for index in 2..<10 { bitmap = bitmap << 8 | UInt64(bytes[start + index]) }
        self.table = table
        body = Array(bytes[(start + 10)...])
        ends.reserveCapacity(bitmap.nonzeroBitCount)
        var position = 0
        var bits = bitmap
        while bits != 0 {
            let field = bits.leadingZeroBitCount + 1
            bits &= ~Message.bit(field)
            guard let format = table[field] else { throw MessageError(.unknownField, at: 2, in: "F\(field)") }
            position = try Message.end(of: format, field, at: position, in: body)
            ends.append(Int32(position))
        }
        guard position == body.count else { throw MessageError(.trailingBytes, at: position + 10, in: "message") }
    }

    /// Longest message in bytes, above what the table's fields can add up to in practice.
    public static let limit = 8192
}

extension Message: Equatable {
    /// Messages are equal when they are sent alike.
    public static func == (left: Message, right: Message) -> Bool {
        left.mti == right.mti && left.bitmap == right.bitmap && left.body == right.body
    }
}

extension Message {
    private static func bit(_ field: Int) -> UInt64 {
        (1...64).contains(field) ? 1 << UInt64(64 - field) : 0
    }

    /// How many present fields stand before this one.
    private func rank(_ field: Int) -> Int {
        (bitmap & ~(UInt64.max >> UInt64(field - 1))).nonzeroBitCount
    }

    private func range(_ rank: Int) -> Range<Int> {
        (rank == 0 ? 0 : Int(ends[rank - 1]))..<Int(ends[rank])
    }

    private func format(_ field: Int) throws(MessageError) -> FieldFormat {
        guard let format = table[field] else { throw MessageError(.unknownField, at: 0, in: "F\(field)") }
        return format
    }

    /// The format, count of digits or bytes, and bytes of a present field.
    private func content(_ field: Int) -> (format: FieldFormat, count: Int, content: ArraySlice<UInt8>)? {
        guard has(field), let format = table[field] else { return nil }
        let range = range(rank(field))
        let image = body[range]
        switch format.prefix {
        case .fixed: return (format, format.length, image)
        case .ll: return (format, Message.decimal(image[range.lowerBound]), image.dropFirst())
        case .lll:
            let count = Message.decimal(image[range.lowerBound]) * 100 + Message.decimal(image[range.lowerBound + 1])
            return (format, count, image.dropFirst(2))
        }
    }

    /// Moves the image that stands from `start` to the end of `body` to the field's place.
    private mutating func place(_ field: Int, from start: Int) {
        if field > 64 - bitmap.trailingZeroBitCount || bitmap == 0 {
            ends.append(Int32(body.count))
        } else {
            let image = Array(body[start...])
            body.removeSubrange(start...)
            remove(field)
            let rank = rank(field)
            let position = rank == 0 ? 0 : Int(ends[rank - 1])
            body.insert(contentsOf: image, at: position)
            ends.insert(Int32(position), at: rank)
            for index in rank..<ends.count { ends[index] += Int32(image.count) }
        }
        bitmap |= Message.bit(field)
    }

    private mutating func appendPrefix(_ count: Int, _ format: FieldFormat, _ field: Int) throws(MessageError) {
        guard count <= format.length else { throw MessageError(.invalidLength, at: format.length, in: "F\(field)") }
        switch format.prefix {
        case .fixed: break
        case .ll: body.append(Message.packed(count))
        case .lll:
            body.append(Message.packed(count / 100))
            body.append(Message.packed(count % 100))
        }
    }

    private mutating func appendBytes(_ bytes: some Collection<UInt8>, _ format: FieldFormat, _ field: Int)
        throws(MessageError)
    {
        let count = bytes.count
        try appendPrefix(count, format, field)
        body.append(contentsOf: bytes)
        guard format.prefix == .fixed, count < format.length else { return }
        guard format.content == .characters else { throw MessageError(.invalidLength, at: count, in: "F\(field)") }
        body.append(contentsOf: repeatElement(0x20, count: format.length - count))
    }

    private mutating func appendPacked(_ text: String, _ format: FieldFormat, _ field: Int, pad: UInt8)
        throws(MessageError)
    {
        var text = text
        let count = text.utf8.count
        try appendPrefix(count, format, field)
        let width = format.prefix == .fixed ? format.length : count
        guard count == width || format.alignment == .right else {
            throw MessageError(.invalidLength, at: count, in: "F\(field)")
        }
        let start = body.count
        let size = format.byteCount(width)
        body.append(contentsOf: repeatElement(0, count: size))
        let first = format.alignment == .right ? size * 2 - count : 0
        let invalid: Int? = body.withUnsafeMutableBufferPointer { body in
            if width % 2 == 1 {
                if format.alignment == .right { body[start] = pad << 4 } else { body[start + size - 1] = pad }
            }
            return text.withUTF8 { digits in
                for offset in 0..<count {
                    var nibble = digits[offset] &- 0x30
                    if nibble > 9 {
                        guard format.content == .track, let letter = Message.trackNibble(digits[offset]) else {
                            return offset
                        }
                        nibble = letter
                    }
                    let position = first &+ offset
                    body[start &+ position &>> 1] |= position & 1 == 0 ? nibble &<< 4 : nibble
                }
                return nil
            }
        }
        if let invalid { throw MessageError(.invalidDigit, at: invalid, in: "F\(field)") }
    }

    /// The nibble of a character in a track that is no digit: `=`, or a hexadecimal letter of an encrypted one.
    private static func trackNibble(_ character: UInt8) -> UInt8? {
        character == 0x3D ? 0x0D : Hex.nibble(character)
    }

    private static func unpack(_ bytes: ArraySlice<UInt8>, count: Int, _ alignment: FieldFormat.Alignment) -> String {
        let skipped = alignment == .right && count % 2 == 1 ? 1 : 0
        return String(unsafeUninitializedCapacity: count) { buffer in
            for index in 0..<count {
                let position = index + skipped
                let byte = bytes[bytes.startIndex + position / 2]
                let nibble = position % 2 == 0 ? byte >> 4 : byte & 0x0F
                buffer[index] = nibble == 0x0D ? 0x3D : nibble < 10 ? 0x30 + nibble : 0x37 + nibble
            }
            return count
        }
    }

    /// Where the field that starts at `position` ends, after its format was checked.
    private static func end(of format: FieldFormat, _ field: Int, at position: Int, in body: [UInt8])
        throws(MessageError) -> Int
    {
        var position = position
        var count = format.length
        if format.prefix != .fixed {
            let width = format.prefix == .ll ? 1 : 2
            guard body.count - position >= width else {
                throw MessageError(.truncated, at: body.count + 10, in: "F\(field)")
            }
            count = 0
            for byte in body[position..<position + width] {
                guard byte < 0xA0, byte & 0x0F < 10 else {
                    throw MessageError(.invalidDigit, at: position + 10, in: "F\(field)")
                }
                count = count * 100 + decimal(byte)
            }
            guard count <= format.length else {
                throw MessageError(.invalidLength, at: position + 10, in: "F\(field)")
            }
            position += width
        }
        let end = position + format.byteCount(count)
        guard end <= body.count else { throw MessageError(.truncated, at: body.count + 10, in: "F\(field)") }
        if format.content == .digits {
            for index in position..<end {
                var byte = body[index]
                if count % 2 == 1 {
                    // The receiver ignores the pad nibble.
                    if format.alignment == .left, index == end - 1 { byte &= 0xF0 }
                    if format.alignment == .right, index == position { byte &= 0x0F }
                }
                guard byte < 0xA0, byte & 0x0F < 10 else {
                    throw MessageError(.invalidDigit, at: index + 10, in: "F\(field)")
                }
            }
        }
        return end
    }

    private static func decimal(_ byte: UInt8) -> Int { Int(byte >> 4) * 10 + Int(byte & 0x0F) }

    private static func packed(_ value: Int) -> UInt8 { UInt8(truncatingIfNeeded: (value / 10) << 4 | (value % 10)) }
}
