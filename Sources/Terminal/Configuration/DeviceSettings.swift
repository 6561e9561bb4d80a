/// The card reader: `{"pcsc": {"name": …}}` or, in simulation, `{"vpcd": {"port": …}}`.
public enum ReaderSettings: Equatable, Sendable, Decodable {
    /// A reader that pcscd knows by this name; the first one where nil.
    case pcsc(name: String?)
    /// A simulated slot that connects to this port on loopback; 0 lets the kernel choose.
    case vpcd(port: Int)

    private enum CodingKeys: String, CodingKey { case pcsc, vpcd }
    private enum PCSCKeys: String, CodingKey { case name }
    private enum VPCDKeys: String, CodingKey { case port }

    /// Reads an object with exactly one driver.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        switch try container.driver() {
        case .pcsc:
            let driver = try container.superDecoder(forKey: .pcsc).strictContainer(keyedBy: PCSCKeys.self)
            self = .pcsc(name: try driver.decodeIfPresent(String.self, forKey: .name))
        case .vpcd:
            let driver = try container.superDecoder(forKey: .vpcd).strictContainer(keyedBy: VPCDKeys.self)
            self = .vpcd(port: try driver.number(.port, in: 0...65_535))
        }
    }
}

/// The PIN pad: in simulation `{"simulated": {"host": …, "port": …}}`.
public enum PINPadSettings: Equatable, Sendable, Decodable {
    /// A simulated pad that listens there.
    case simulated(HostAddress)

    private enum CodingKeys: String, CodingKey { case simulated }

    /// Reads an object with exactly one driver.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self = .simulated(try container.decode(HostAddress.self, forKey: try container.driver()))
    }
}

extension KeyedDecodingContainer {
    /// The one driver that the object names beside its `options`.
    func driver(options: [Key] = []) throws -> Key {
        let drivers = allKeys.filter { key in !options.contains { $0.stringValue == key.stringValue } }
        guard drivers.count == 1, let key = drivers.first else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath, debugDescription: "must name exactly one driver"))
        }
        return key
    }
}
