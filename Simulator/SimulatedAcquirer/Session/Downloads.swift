public import ISO8583
public import Wire

/// What a host has for its terminals to download.
public struct Downloads: Sendable {
    /// The terminal's parameters (360): the values of field 62.
    public var parameters = CodedValues([])
    /// CA public keys (372, 370): the objects of each, among them 9F06, 9F22 and DF05.
    public var keys: [[TLV]] = []
    /// Card applications (382, 380): the objects of each, among them 9F06.
    public var applications: [[TLV]] = []
    /// Contactless parameters (394), one after another: six hexadecimal characters of tag, three digits of length, the
    /// value.
    public var contactless: [[UInt8]] = []
    /// Card ranges that are refused (390): the leading digits of account numbers, each after their count (two digits).
    public var blacklist: [[UInt8]] = []
    /// Most bytes of a list in one reply; field 62 holds 512.
    public var pageBytes = 500

    /// Nothing to download.
    public init() {}
}
