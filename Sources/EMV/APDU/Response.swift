import Wire

/// The card's answer to a command: data and two status bytes (EMV 4.4 Book 3, 6.3.3).
public struct Response: Equatable, Sendable {
    /// Response data, 0–256 bytes.
    public let data: [UInt8]
    /// The status bytes.
    public let status: StatusWord

    /// An answer of these parts.
    public init(_ data: [UInt8] = [], _ status: StatusWord = .success) {
        self.data = data
        self.status = status
    }

    /// Reads an answer as the reader gives it; nil below 2 or above 258 bytes.
    public init?(bytes: [UInt8]) {
        guard (2...258).contains(bytes.count) else { return nil }
        data = Array(bytes.dropLast(2))
        status = StatusWord(rawValue: UInt16(bytes[bytes.count - 2]) << 8 | UInt16(bytes[bytes.count - 1]))
    }

    /// The answer as it is sent.
    public var bytes: [UInt8] { data + status.bytes }
}

extension Response {
    /// The value of the one object of an answer to GET DATA (Book 3, 6.5.7.4); nil if it is not there or of another length.
    func object(_ tag: TLV.Tag, length: Int) -> [UInt8]? {
        guard status == .success, let objects = try? TLV.parse(data), objects.count == 1, objects[0].tag == tag,
            objects[0].value.count == length
        else { return nil }
        return Array(objects[0].value)
    }
}

extension Response: CustomStringConvertible {
    /// The number of data bytes and the status; never the data.
    public var description: String { "(\(data.count)) \(status)" }
}
