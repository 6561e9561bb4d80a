/// A serial line, always eight data bits, no parity, one stop bit.
public struct SerialLineSettings: Equatable, Sendable, Decodable {
    /// Its device, best a link that stays: `/dev/serial/by-id/…`.
    public let path: String
    /// Bits in a second.
    public let baud: Int
    /// What stops the terminal while the device is busy.
    public let flowControl: FlowControl

    /// What stops a sender.
    public enum FlowControl: String, CaseIterable, Sendable {
        /// Nothing; the lines RTS and CTS; the characters XON and XOFF.
        case none, hardware, software
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case path, baud, flowControl
    }

    /// Reads an object of path and speed.
    public init(from decoder: any Decoder) throws { try self.init(from: decoder, options: []) }

    /// Reads path and speed of an object that has other keys, too.
    init(from decoder: any Decoder, options: [String]) throws {
        try decoder.checkKeys(CodingKeys.allCases.map(\.rawValue) + options)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        path = try container.path(.path, in: decoder)
        flowControl = try container.choice(.flowControl, or: FlowControl.none)
        baud = try container.value(.baud, or: 9_600)
        guard Self.speeds.contains(baud) else {
            throw container.invalid(.baud, "must be \(Self.speeds.map(String.init).joined(separator: " or "))")
        }
    }

    private static let speeds = [
        1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600,
    ]
}
