/// The register's own id of a request: 1–64 visible ASCII characters.
public struct RequestID: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
    /// The id as the register wrote it.
    public let rawValue: String
    /// The id, if its characters are allowed.
    public init?(rawValue: String) {
        guard (1...64).contains(rawValue.utf8.count), rawValue.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        self.rawValue = rawValue
    }
    /// The id as the register wrote it.
    public var description: String { rawValue }
}
