public import Payments

/// What a technician sees of a device.
public struct DeviceStatus: Equatable, Sendable {
    /// The device's own name, `Virtual PCD 00 00` or `127.0.0.1:9100`.
    public let name: String
    /// Whether it can be used now.
    public let isReady: Bool
    /// What is wrong, or what is worth knowing; empty if nothing.
    public let note: String

    /// The same for cashiers, where they can do something about it.
    public let text: BilingualText?

    /// A status of these parts.
    public init(name: String, isReady: Bool, note: String = "", text: BilingualText? = nil) {
        self.name = name
        self.isReady = isReady
        self.note = note
        self.text = text
    }
}
