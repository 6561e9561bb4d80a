/// A simulated card that cannot be made, or an issuer's answer that cannot be: a mistake in test data.
public struct CardError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Which card or application.
    public let subject: String
    /// What is wrong with it; never card data.
    public let reason: String

    /// An error of `subject`.
    public init(_ subject: String, _ reason: String) {
        self.subject = subject
        self.reason = reason
    }

    /// Both in one line.
    public var description: String { "\(subject): \(reason)" }
}
