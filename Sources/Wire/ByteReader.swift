/// A cursor over bytes from outside: every read is checked, and an error says where.
public struct ByteReader: Sendable {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    /// Reads `bytes` from their start; offsets in errors count from there.
    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = ArraySlice(bytes)
        position = self.bytes.startIndex
    }

    /// Bytes consumed so far.
    public var offset: Int { position - bytes.startIndex }
    /// Bytes not yet consumed.
    public var remaining: Int { bytes.endIndex - position }
    /// True when nothing is left.
    public var isAtEnd: Bool { remaining == 0 }

    /// The next byte.
    public mutating func readByte() throws(WireError) -> UInt8 {
        guard remaining >= 1 else { throw WireError(.truncated, at: offset) }
        defer { position += 1 }
        return bytes[position]
    }

    /// The next two bytes, most significant first.
    public mutating func readUInt16() throws(WireError) -> UInt16 {
        guard remaining >= 2 else { throw WireError(.truncated, at: offset) }
        defer { position += 2 }
        return UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
    }

    /// The next `count` bytes.
    public mutating func read(_ count: Int) throws(WireError) -> ArraySlice<UInt8> {
        guard count >= 0 else { throw WireError(.invalidLength, at: offset) }
        guard remaining >= count else { throw WireError(.truncated, at: offset) }
        defer { position += count }
        return bytes[position..<position + count]
    }

    /// All that is left.
    public mutating func readRest() -> ArraySlice<UInt8> {
        defer { position = bytes.endIndex }
        return bytes[position...]
    }

    /// Fails unless everything was consumed.
    public func expectEnd() throws(WireError) {
        guard isAtEnd else { throw WireError(.trailingBytes, at: offset) }
    }
}
