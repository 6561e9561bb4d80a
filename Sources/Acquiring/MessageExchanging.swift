/// What the acquirer needs of a link: one request out, the reply it accepts back. `AcquirerLink` is the driver; tests
/// put a host or a script in its place.
public protocol MessageExchanging: Sendable {
    /// See `AcquirerLink.connect`.
    func connect() async throws(LinkFailure)
    /// See `AcquirerLink.exchange`.
    func exchange(
        _ request: [UInt8], isReply: @escaping @Sendable ([UInt8]) -> Bool,
        observer: @escaping @Sendable (LinkStep) -> Void
    ) async throws(LinkFailure) -> [UInt8]
}

extension AcquirerLink: MessageExchanging {}
