public import Payments

/// A reader of bar codes and QR symbols.
public protocol Scanner: Device {
    /// Waits for one scan; what was scanned before the call does not count. Throws `.absent` when there is no scanner for two
    /// seconds, `.timeout`, `.cancelled`.
    func scan(deadline: Uptime) async throws(DeviceError) -> Scan
}

/// One scan. What it read can pay, so it is secret until used, and prints masked.
public struct Scan: Equatable, Sendable {
    /// The data, without prefix, suffix and symbology identifier.
    public let data: SecretBytes
    /// AIM symbology identifier (ISO/IEC 15424), `]Q1`, where the scanner tells it.
    public let symbology: String?

    /// A scan of these parts.
    public init(data: SecretBytes, symbology: String?) {
        self.data = data
        self.symbology = symbology
    }
}
