/// The moments of an exchange, for the screen, for measuring, and for tests that stop the process in one of them.
public enum LinkStep: Equatable, Sendable {
    /// A TCP connection to `host` is there. Left out, as `handshaken`, when an open connection is used again.
    case connected(host: String, port: Int)
    /// The acquirer is proven and has accepted the terminal.
    case handshaken(TLSVersion, resumed: Bool)
    /// The next thing to happen is that the request leaves.
    case aboutToSend
    /// The kernel has taken the whole request.
    case sent
    /// A frame that the caller does not accept was left aside.
    case ignored
    /// The reply is there.
    case received
}
