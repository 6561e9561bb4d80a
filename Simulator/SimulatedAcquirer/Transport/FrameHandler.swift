/// What answers the frames that reach an `AcquirerServer`: the acquirer's host.
public protocol FrameHandler: Sendable {
    /// The answer to one frame, or nil for none. Both with their two-byte length in front. Called on the thread of the
    /// connection, so from several threads when several terminals are connected.
    func answer(_ frame: [UInt8]) -> [UInt8]?
}
