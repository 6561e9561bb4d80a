/// A display that the customer reads, beside the PIN pad's own: `{"console": {"path": …}}`, `{"network": {"host": …, "port": …}}`
/// or `{"pole": {"path": …}}`.
public enum DisplaySettings: Equatable, Sendable, Decodable {
    /// Lines of text on a terminal device, or in a file or pipe.
    case console(path: String)
    /// A program that shows what it gets over TCP.
    case network(HostAddress)
    /// Two lines of 20 characters on a serial line, with Epson's commands; `chinese`: whether it has GB 18030's characters.
    case pole(SerialLineSettings, chinese: Bool)

    private enum CodingKeys: String, CodingKey { case console, network, pole }
    private enum ConsoleKeys: String, CodingKey { case path }
    private enum PoleKeys: String, CodingKey { case chinese }

    /// Reads an object with exactly one driver.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        switch try container.driver() {
        case .console:
            let driver = try container.superDecoder(forKey: .console)
            self = .console(path: try driver.strictContainer(keyedBy: ConsoleKeys.self).path(.path, in: driver))
        case .network: self = .network(try container.decode(HostAddress.self, forKey: .network))
        case .pole:
            let driver = try container.superDecoder(forKey: .pole)
            self = .pole(
                try SerialLineSettings(from: driver, options: [PoleKeys.chinese.rawValue]),
                chinese: try driver.container(keyedBy: PoleKeys.self).value(.chinese, or: false))
        }
    }
}
