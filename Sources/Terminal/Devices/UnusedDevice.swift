/// A device that is plugged in and could be configured, but is not.
public struct UnusedDevice: Codable, Sendable, Equatable {
    /// What it could be.
    public let role: DeviceRole
    /// What it calls itself, and where it is plugged in.
    public let name: String
    /// What tells that it could be that: its USB class or usage.
    public let rule: String
    /// What the configuration would have to say, JSON.
    public let setting: String

    /// A device of these parts.
    public init(role: DeviceRole, name: String, rule: String, setting: String) {
        self.role = role
        self.name = name
        self.rule = rule
        self.setting = setting
    }
}
