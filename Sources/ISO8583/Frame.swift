import Wire

/// What travels between terminal and acquirer: TPDU, header, message, behind a two-byte length.
public struct Frame: Equatable, Sendable {
    /// Where it goes and where it comes from.
    public var tpdu: TPDU
    /// Versions and what the acquirer requires.
    public var header: Header
    /// The message.
    public var message: Message

    /// A frame of these parts.
    public init(tpdu: TPDU, header: Header, message: Message) {
        self.tpdu = tpdu
        self.header = header
        self.message = message
    }

    /// From the TPDU to the last field, without the length before it.
    public var body: [UInt8] { tpdu.bytes + header.bytes + message.encoded }

    /// The frame as it is sent: two bytes of length, then the body. No message of the table can be too long for that.
    public var encoded: [UInt8] {
        let body = body
        return [UInt8(truncatingIfNeeded: body.count >> 8), UInt8(truncatingIfNeeded: body.count)] + body
    }

    /// Reads a body as `LengthPrefixedSplitter` hands it out. Offsets in errors count from its start.
    public init(decoding body: some Collection<UInt8>, table: FieldTable = .unionPay) throws(MessageError) {
        let body = ArraySlice(body)
        let start = body.startIndex
        guard body.count >= 11 else {
            throw MessageError(.truncated, at: body.count, in: body.count < 5 ? "tpdu" : "header")
        }
        guard let tpdu = TPDU(body[start..<start + 5]) else { throw MessageError(.truncated, at: 0, in: "tpdu") }
        guard let header = Header(body[start + 5..<start + 11]) else {
            throw MessageError(.truncated, at: 5, in: "header")
        }
        self.tpdu = tpdu
        self.header = header
        do throws(MessageError) {
            message = try Message(decoding: body[(start + 11)...], table: table)
        } catch {
            throw MessageError(error.reason, at: error.offset + 11, in: error.path)
        }
    }
}
