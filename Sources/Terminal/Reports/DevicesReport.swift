/// What is on the counter: the devices that are configured, and what else is plugged in.
public struct DevicesReport: Codable, Sendable, Equatable {
    /// One configured device.
    public struct Item: Codable, Sendable, Equatable {
        /// What it is there for.
        public let role: DeviceRole
        /// The device's own name.
        public let name: String
        /// Whether it can be used now.
        public let isReady: Bool
        /// What is wrong or worth knowing.
        public let note: String
        /// How it is found: by class, usage, name or path.
        public let rule: String
        /// Of a printer: its profile's name; nil while none is known.
        public let profile: String?
    }

    /// What is configured.
    public let devices: [Item]
    /// What could be configured, but is not.
    public let unused: [UnusedDevice]
}
