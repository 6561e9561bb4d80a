import Wire

/// Field 63: the operator of a sign-in, or the card's organisation and the remarks for the receipt.
public struct Remarks: Equatable, Sendable {
    /// 63.1, three characters: `01 ` operator, `CUP` organisation.
    public let organisation: String
    /// The issuer's remark, 20 bytes of GBK in the field.
    public let issuer: [UInt8]
    /// The scheme's remark, 20 bytes.
    public let scheme: [UInt8]
    /// The acquirer's remark, 20 bytes.
    public let acquirer: [UInt8]
    /// The terminal's remark, 60 bytes, and whatever stands after it.
    public let terminal: [UInt8]

    /// A field of these texts, cut to their room. Nil texts after the last given one are left out.
    public init(
        organisation: String, issuer: String = "", scheme: String = "", acquirer: String = "", terminal: String = ""
    ) {
        func bytes(_ text: String, _ width: Int) -> [UInt8] { Array((GB18030.encode(text) ?? []).prefix(width)) }
        self.organisation = organisation
        self.issuer = bytes(issuer, 20)
        self.scheme = bytes(scheme, 20)
        self.acquirer = bytes(acquirer, 20)
        self.terminal = bytes(terminal, 60)
    }

    /// Reads field 63; it may end anywhere after 63.1.
    public init(decoding bytes: some Collection<UInt8>) throws(MessageError) {
        let bytes = Array(bytes)
        guard bytes.count >= 3 else { throw MessageError(.truncated, at: bytes.count, in: "F63.1") }
        guard bytes.prefix(3).allSatisfy({ (0x20..<0x7F).contains($0) }) else {
            throw MessageError(.invalidDigit, at: 0, in: "F63.1")
        }
        organisation = String(decoding: bytes.prefix(3), as: UTF8.self)
        issuer = Array(bytes.dropFirst(3).prefix(20))
        scheme = Array(bytes.dropFirst(23).prefix(20))
        acquirer = Array(bytes.dropFirst(43).prefix(20))
        terminal = Array(bytes.dropFirst(63))
    }

    /// Field 63, each remark filled up with spaces where another follows.
    public var encoded: [UInt8] {
        var bytes = Array(organisation.padded(to: 3).utf8)
        let parts = [issuer, scheme, acquirer, terminal]
        guard let last = parts.lastIndex(where: { !$0.isEmpty }) else { return bytes }
        for part in parts[..<last] {
            bytes += part + Array(repeating: 0x20, count: max(0, 20 - part.count))
        }
        return bytes + parts[last]
    }

    /// All remarks as one text without the spaces around them, or nil where there is none or one is not clean GBK.
    public var text: String? {
        var texts: [String] = []
        for part in [issuer, scheme, acquirer, terminal] {
            guard let text = GB18030.decodeClean(part) else { return nil }
            let words = text.split(separator: " ").joined(separator: " ")
            if !words.isEmpty { texts.append(words) }
        }
        return texts.isEmpty ? nil : texts.joined(separator: " ")
    }
}
