public import HAL

extension USBMatch: Decodable {
    private enum CodingKeys: String, CodingKey {
        case vendor, product, serial, port
    }

    /// Reads an object of filters, which may be empty.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        func number(_ key: CodingKeys) throws -> UInt16? {
            try container.contains(key) ? container.hex(key, 2...2).reduce(0) { $0 << 8 | UInt16($1) } : nil
        }
        func text(_ key: CodingKeys, _ expectation: String, where rule: (String) -> Bool) throws -> String? {
            try container.contains(key) ? container.text(key, expectation, where: rule) : nil
        }
        self.init(
            vendor: try number(.vendor), product: try number(.product),
            serial: try text(.serial, "1 to 126 characters") { (1...126).contains($0.count) },
            port: try text(.port, "a bus and its ports, 1-2.3", where: Self.isPort))
    }

    /// `1-2.3`: a bus, a dash, and up to seven ports, as many as USB allows to stand behind one another.
    private static func isPort(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, UInt8(parts[0]) != nil else { return false }
        let ports = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return ports.count <= 7 && ports.allSatisfy { UInt8($0) != nil }
    }

    /// The filters in words, `vendor 04b8, port 1-2.3`; empty without any.
    var words: String {
        [
            vendor.map { "vendor \(Self.digits($0))" }, product.map { "product \(Self.digits($0))" },
            serial.map { "serial number \($0)" }, port.map { "port \($0)" },
        ].compactMap { $0 }.joined(separator: ", ")
    }
}
