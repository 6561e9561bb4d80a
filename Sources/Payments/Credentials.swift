/// What is secret about the card of one request. Lives in memory only, from the card's reading to the acquirer's answer.
public struct Credentials: Equatable, Sendable {
    /// The account number; the journal keeps it sealed.
    public let pan: PAN
    /// Track 2 equivalent data, never kept.
    public let track2: Track2?
    /// The encrypted PIN block, 8 or 16 bytes, never kept.
    public let pinBlock: SecretBytes?
    /// The card verification number of a mail or phone order (CVN2), three ASCII digits, never kept.
    public let cvn2: SecretBytes?

    /// The secrets of one request.
    public init(pan: PAN, track2: Track2? = nil, pinBlock: SecretBytes? = nil, cvn2: SecretBytes? = nil) {
        self.pan = pan
        self.track2 = track2
        self.pinBlock = pinBlock
        self.cvn2 = cvn2
    }
}
