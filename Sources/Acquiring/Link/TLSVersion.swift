/// A version of the protocol, by its number on the wire.
public enum TLSVersion: Int, Comparable, Sendable, CustomStringConvertible {
    /// TLS 1.1 (RFC 4346): refused by terminals; a simulated acquirer can still speak it.
    case tls11 = 0x0302
    /// TLS 1.2 (RFC 5246).
    case tls12 = 0x0303
    /// TLS 1.3 (RFC 8446).
    case tls13 = 0x0304

    /// Older is less.
    public static func < (left: TLSVersion, right: TLSVersion) -> Bool { left.rawValue < right.rawValue }

    /// `TLS 1.3`.
    public var description: String { "TLS 1.\(rawValue - 0x0301)" }
}
