/// The acquirer's sign of life.
public struct EchoReport: Codable, Sendable, Equatable {
    /// From the request to the answer.
    public let milliseconds: Double
}
