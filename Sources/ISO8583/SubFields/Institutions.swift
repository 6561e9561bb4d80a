import Wire

/// Field 44 of a reply: who issued the card and who acquired the transaction.
public struct Institutions: Equatable, Sendable {
    /// Field 44.
    public let encoded: [UInt8]

    /// The two institutions, at most 11 bytes each.
    public init(issuer: String, acquirer: String) {
        encoded = Array((issuer.padded(to: 11).utf8.prefix(11))) + Array(acquirer.padded(to: 11).utf8.prefix(11))
    }

    /// Reads field 44: 11 bytes for each, space padded; both may be cut short.
    public init(decoding bytes: some Collection<UInt8>) {
        encoded = Array(bytes)
    }

    /// The issuer without its padding; empty where there is none or it is not clean GBK.
    public var issuer: String { text(encoded.prefix(11)) }
    /// The acquirer without its padding; empty where there is none or it is not clean GBK.
    public var acquirer: String { text(encoded.dropFirst(11).prefix(11)) }
    /// What stands after the two, reserved.
    public var rest: ArraySlice<UInt8> { encoded.dropFirst(22) }

    private func text(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        while bytes.last == 0x20 { bytes.removeLast() }
        return GB18030.decodeClean(bytes) ?? ""
    }
}
