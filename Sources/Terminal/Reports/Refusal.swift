public import Payments

/// Why the control API did not do what was asked.
public struct Refusal: Error, Codable, Sendable, Equatable, CustomStringConvertible {
    /// What a program branches on.
    public enum Kind: String, Codable, Sendable {
        /// A field of the request is wrong.
        case invalid
        /// There is no such thing.
        case notFound
        /// The id belongs to another request.
        case conflict
        /// Another payment runs.
        case busy
        /// It cannot be done now.
        case unavailable
        /// An operator who may do it must allow it with a PIN.
        case notAllowed
    }

    /// What a program branches on.
    public let kind: Kind
    /// The field that is wrong, where one is.
    public let field: String?
    /// What is wrong and what to do.
    public let message: String
    /// The same for cashier and customer, where they can do something about it.
    public let text: BilingualText?

    /// A refusal of these parts.
    public init(_ kind: Kind, field: String? = nil, _ message: String, text: BilingualText? = nil) {
        self.kind = kind
        self.field = field
        self.message = message
        self.text = text
    }

    /// What could not be done with the acquirer. A payment's words, that nothing is charged, do not belong here.
    init(_ failure: PaymentFailure) {
        let text =
            failure.reason == .journalUnavailable
            ? failure.reason.text
            : BilingualText("收单行暂时无法处理，请稍后再试", "The acquirer could not do it now. Try again later")
        self.init(.unavailable, failure.detail, text: text)
    }

    /// The message, with the field it is about.
    public var description: String { field.map { "\($0): \(message)" } ?? message }
}
