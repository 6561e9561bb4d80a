public import HAL

/// The scanner: `{"usb": {…}}` or `{"serial": {"path": …}}`, and beside it how its scans are read.
public struct ScannerSettings: Equatable, Sendable, Decodable {
    /// Where a scanner is plugged in.
    public enum Place: Equatable, Sendable {
        /// A scanner that says so itself (HID POS), or a keyboard that the filters name.
        case usb(USBMatch)
        /// One on a serial line, real or over USB (CDC-ACM).
        case serial(SerialLineSettings)
    }

    /// Who hears what is scanned.
    public enum Listens: String, CaseIterable, Sendable {
        /// A scan counts while a payment or a technician waits for one.
        case asked
        /// Every scan is also told to the registers that follow them.
        case always
    }

    /// Where it is plugged in.
    public let place: Place
    /// How its scans are read.
    public let rules: ScanRules
    /// Who hears scans.
    public let listens: Listens

    private enum CodingKeys: String, CodingKey {
        case usb, serial, prefix, suffix, stripsSymbology, debounceMilliseconds, gapMilliseconds, maximumLength, listens
    }

    /// Reads an object with exactly one driver.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let options: [CodingKeys] = [
            .prefix, .suffix, .stripsSymbology, .debounceMilliseconds, .gapMilliseconds, .maximumLength, .listens,
        ]
        if try container.driver(options: options) == .usb {
            place = .usb(try container.decode(USBMatch.self, forKey: .usb))
        } else {
            place = .serial(try container.decode(SerialLineSettings.self, forKey: .serial))
        }
        func affix(_ key: CodingKeys) throws -> String {
            guard container.contains(key) else { return "" }
            return try container.text(key, "at most 16 characters of ASCII") { text in
                text.utf8.count <= 16 && text.utf8.allSatisfy { $0 < 0x80 }
            }
        }
        var rules = ScanRules()
        rules.prefix = Array(try affix(.prefix).utf8)
        rules.suffix = Array(try affix(.suffix).utf8)
        rules.stripsIdentifier = try container.value(.stripsSymbology, or: rules.stripsIdentifier)
        rules.debounceMilliseconds = try container.number(
            .debounceMilliseconds, in: 0...10_000, or: rules.debounceMilliseconds)
        rules.gapMilliseconds = try container.number(.gapMilliseconds, in: 20...2_000, or: rules.gapMilliseconds)
        rules.maximumBytes = try container.number(
            .maximumLength, in: 16...ScanRules.largestScan, or: rules.maximumBytes)
        self.rules = rules
        listens = try container.choice(.listens, or: .asked)
    }
}
