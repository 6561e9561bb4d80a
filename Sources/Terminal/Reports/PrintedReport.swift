/// That the printer has printed what it was given.
public struct PrintedReport: Codable, Sendable, Equatable {
    /// Always true; what fails is a refusal.
    public let printed: Bool
}
