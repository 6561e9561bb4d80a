/// That the cash drawer was told to open; whether it did, only eyes can see.
public struct DrawerReport: Codable, Sendable, Equatable {
    /// Always true; what fails is a refusal.
    public let opened: Bool
}
