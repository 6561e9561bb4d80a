/// How an exchange ended without a reply. The difference between the cases is money.
public enum LinkFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// Cancelled before any byte of the request left.
    case cancelled
    /// No byte of the request left: nothing to reverse.
    case unreachable(LinkError)
    /// The request, or a part of it, may have reached the acquirer.
    case noReply(LinkError)

    /// True if nothing can be at the acquirer.
    public var nothingLeft: Bool {
        switch self {
        case .cancelled, .unreachable: true
        case .noReply: false
        }
    }

    /// The case and its reason in one line.
    public var description: String {
        switch self {
        case .cancelled: "cancelled before sending"
        case .unreachable(let error): "acquirer unreachable: \(error)"
        case .noReply(let error): "no reply: \(error)"
        }
    }
}
