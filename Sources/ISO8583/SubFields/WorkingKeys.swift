/// Field 62 of a sign-in reply: working keys under the terminal master key, each with the first four bytes of its check.
/// The bytes are cipher text; still they are not for a log.
public struct WorkingKeys: Equatable, Sendable {
    /// One key under the master key, and its check value.
    public struct Key: Equatable, Sendable {
        /// The key's cipher text, 8 or 16 bytes.
        public let cipher: [UInt8]
        /// Check value, 4 bytes.
        public let checkValue: [UInt8]

        /// A key of these parts.
        public init(cipher: [UInt8], checkValue: [UInt8]) {
            self.cipher = cipher
            self.checkValue = checkValue
        }
    }

    /// Encrypts PIN blocks.
    public let pin: Key
    /// Makes MACs. Eight zero bytes in its second half say that it is a single DES key.
    public let mac: Key
    /// Encrypts tracks; only after a sign-in that asks for it.
    public let track: Key?

    /// The keys of a sign-in.
    public init(pin: Key, mac: Key, track: Key? = nil) {
        self.pin = pin
        self.mac = mac
        self.track = track
    }

    /// Reads field 62 of 24, 40 or 60 bytes. Other lengths are refused: their contents are not agreed upon.
    public init(decoding bytes: some Collection<UInt8>) throws(MessageError) {
        let bytes = Array(bytes)
        guard [24, 40, 60].contains(bytes.count) else {
            throw MessageError(.invalidLength, at: bytes.count, in: "F62")
        }
        let width = bytes.count == 24 ? 8 : 16
        func key(_ index: Int) -> Key {
            let start = index * (width + 4)
            return Key(
                cipher: Array(bytes[start..<start + width]),
                checkValue: Array(bytes[start + width..<start + width + 4]))
        }
        pin = key(0)
        mac = key(1)
        track = bytes.count == 60 ? key(2) : nil
    }

    /// Field 62.
    public var encoded: [UInt8] {
        [pin, mac, track].compactMap { $0 }.flatMap { $0.cipher + $0.checkValue }
    }
}
