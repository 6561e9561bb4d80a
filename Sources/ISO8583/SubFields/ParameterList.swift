public import Wire

/// Field 62 of the downloads of CA keys and card applications: what is asked, and what comes.
public struct ParameterList: Equatable, Sendable {
    /// How much of the list this is.
    public let progress: Progress
    /// The data objects, in order.
    public let objects: [TLV]

    /// A list of these objects.
    public init(_ progress: Progress, _ objects: [TLV] = []) {
        self.progress = progress
        self.objects = objects
    }

    /// The character before the objects.
    public struct Progress: RawRepresentable, Hashable, Sendable {
        /// The character, ASCII.
        public let rawValue: UInt8
        /// The progress with this character.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Nothing to download, or an unknown entry.
        public static let none = Progress(rawValue: 0x30)
        /// The whole list, or its last part, or the entry asked for.
        public static let complete = Progress(rawValue: 0x31)
        /// More of the list is to be asked for.
        public static let more = Progress(rawValue: 0x32)
    }

    /// Reads field 62 of a reply: a digit, then BER-TLV.
    public init(decoding bytes: some Collection<UInt8>) throws(MessageError) {
        guard let first = bytes.first else { throw MessageError(.truncated, at: 0, in: "F62") }
        guard (0x30...0x39).contains(first) else { throw MessageError(.invalidDigit, at: 0, in: "F62") }
        progress = Progress(rawValue: first)
        do throws(WireError) {
            objects = try TLV.parse(Array(bytes.dropFirst()))
        } catch {
            throw MessageError(WireError(error.reason, at: error.offset + 1), in: "F62")
        }
    }

    /// Field 62 of a reply.
    public var encoded: [UInt8] { [progress.rawValue] + TLV.encode(objects) }

    /// Field 62 of a query: `1` and how many entries have come, two digits.
    public static func query(received: Int) -> String { "1" + String(received, width: 2) }
}
