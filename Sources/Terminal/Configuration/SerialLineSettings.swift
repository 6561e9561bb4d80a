/// A serial line, always eight data bits, no parity, one stop bit.
public struct SerialLineSettings: Equatable, Sendable, Decodable {
    /// Its device, best a link that stays: `/dev/serial/by-id/…`.
    public let path: String
    /// Bits in a second.
    public let baud: Int

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case path, baud
    }

    /// Reads an object of path and speed.
    public init(from decoder: any Decoder) throws { try self.init(from: decoder, options: []) }

    /// Reads path and speed of an object that has other keys, too.
    init(from decoder: any Decoder, options: [String]) throws {
        try decoder.checkKeys(CodingKeys.allCases.map(\.rawValue) + options)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        path = try container.path(.path, in: decoder)
        baud = try container.value(.baud, or: 9_600)
        guard Self.speeds.contains(baud) else {
            throw container.invalid(.baud, "must be \(Self.speeds.map(String.init).joined(separator: " or "))")
        }
    }

    private static let speeds = [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400]
}
