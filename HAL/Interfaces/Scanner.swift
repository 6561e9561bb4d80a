/// A reader of bar codes and QR symbols.
public protocol Scanner: Sendable {
    /// Waits for one scan. What it read can pay, so it is secret until used.
    func scan(deadline: Uptime) async throws(DeviceError) -> Scan
}

/// One scan.
public struct Scan: Equatable, Sendable {
    /// The data, without prefix and suffix.
    public let data: [UInt8]
    /// AIM symbology identifier, `]Q1`, where the scanner tells it.
    public let symbology: String?

    /// A scan of these parts.
    public init(data: [UInt8], symbology: String?) {
        self.data = data
        self.symbology = symbology
    }
}
