public import ISO8583

/// One moment of one message's way to the acquirer and back.
public struct AcquirerStep: Equatable, Sendable {
    /// The type of the request under way.
    public let request: MTI
    /// What happens.
    public let moment: LinkStep

    /// A moment of a request.
    public init(request: MTI, moment: LinkStep) {
        self.request = request
        self.moment = moment
    }
}
