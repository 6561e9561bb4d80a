/// Cuts a byte stream into frames that a two-byte big-endian length precedes, however the stream is split or glued.
public struct LengthPrefixedSplitter: Sendable {
    private let limit: Int
    private var buffer: [UInt8] = []
    private var consumed = 0

    /// A splitter that refuses frames longer than `limit` bytes, at most 65535.
    public init(limit: Int = 8192) {
        self.limit = limit
    }

    /// Bytes received that belong to no complete frame handed out yet.
    public var pending: Int { buffer.count - consumed }

    /// Takes what the stream brought.
    public mutating func append(_ bytes: some Sequence<UInt8>) {
        if consumed > 0 {
            buffer.removeFirst(consumed)
            consumed = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next complete frame without its length, or nil until more bytes come. An empty frame is a frame.
    /// Throws `invalidLength` on a frame above the limit; the stream cannot be read on after that.
    public mutating func next() throws(WireError) -> [UInt8]? {
        guard pending >= 2 else { return nil }
        let length = Int(buffer[consumed]) << 8 | Int(buffer[consumed + 1])
        guard length <= limit else { throw WireError(.invalidLength, at: 0) }
        guard pending >= 2 + length else { return nil }
        defer { consumed += 2 + length }
        return Array(buffer[consumed + 2..<consumed + 2 + length])
    }

    /// `frame` with its length before it. Throws `invalidLength` above 65535 bytes.
    public static func encode(_ frame: some Collection<UInt8>) throws(WireError) -> [UInt8] {
        guard let length = UInt16(exactly: frame.count) else { throw WireError(.invalidLength, at: 0) }
        return [UInt8(length >> 8), UInt8(length & 0xFF)] + frame
    }
}
