public import Payments

/// How an authorization ended. The difference between the cases is money.
public enum AuthorizeResult: Equatable, Sendable {
    /// The acquirer decided; numbers and MAC are right.
    case replied(Reply)
    /// No reply that counts, for this reason; the request may have arrived and must be reversed.
    case noReply(String)
    /// The reply's MAC was wrong; the request has arrived and must be reversed.
    case badMAC
    /// Nothing left, for this reason.
    case unreachable(String)
}
