public import HAL

/// The receipt printer: `{"usb": {…}}`, `{"network": {"host": …, "port": 9100}}` or `{"serial": {"path": …}}`, and beside it
/// what is known of its model.
public struct PrinterSettings: Equatable, Sendable, Decodable {
    /// Where a printer is plugged in.
    public enum Place: Equatable, Sendable {
        /// A printer of USB's printer class.
        case usb(USBMatch)
        /// One that takes ESC/POS over TCP.
        case network(HostAddress)
        /// One on a serial line.
        case serial(SerialLineSettings)
    }

    /// Where it is plugged in.
    public let place: Place
    /// Its model; nil where the printer itself is to say it.
    public let profile: PrinterProfile?
    /// In what it differs from its model.
    public let changes: PrinterProfileChanges

    private enum CodingKeys: String, CodingKey { case usb, network, serial, profile, changes }

    /// Reads an object with exactly one driver.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        switch try container.driver(options: [.profile, .changes]) {
        case .usb: place = .usb(try container.decode(USBMatch.self, forKey: .usb))
        case .serial: place = .serial(try container.decode(SerialLineSettings.self, forKey: .serial))
        default: place = .network(try container.decode(HostAddress.self, forKey: .network))
        }
        let name = try container.decodeIfPresent(String.self, forKey: .profile)
        profile = name.flatMap(PrinterProfile.named)
        guard name == nil || profile != nil else {
            throw container.invalid(
                .profile, "must be \(PrinterProfile.library.map(\.name).joined(separator: " or "))")
        }
        changes = try container.decodeIfPresent(PrinterProfileChanges.self, forKey: .changes) ?? PrinterProfileChanges()
    }
}
