public import HAL

/// A serial line and how it is set.
public struct SerialLineSettings: Equatable, Sendable, Decodable {
    /// Its device, best a link that stays: `/dev/serial/by-id/…`.
    public let path: String
    /// Speed and flow control.
    public let settings: SerialSettings

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
        let usual = SerialSettings()
        let flowControl = try container.choice(.flowControl, or: usual.flowControl)
        let baud = try container.value(.baud, or: usual.baud)
        guard SerialSettings.rates.contains(baud) else {
            throw container.invalid(.baud, "must be \(SerialSettings.rates.map(String.init).joined(separator: " or "))")
        }
        settings = SerialSettings(baud: baud, flowControl: flowControl)
    }
}
