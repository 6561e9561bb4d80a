/// Where the acquirer is and how long to wait for it.
public struct AcquirerLinkConfiguration: Hashable, Sendable {
    /// One address of the acquirer.
    public struct Endpoint: Hashable, Sendable {
        /// Host name or address.
        public var host: String
        /// TCP port, 1–65535.
        public var port: Int
        /// The name or address that its certificate must carry; nil for `host`.
        public var serverName: String?

        /// An endpoint of these parts.
        public init(host: String, port: Int, serverName: String? = nil) {
            self.host = host
            self.port = port
            self.serverName = serverName
        }
    }

    /// Where to connect first.
    public var primary: Endpoint
    /// Where to connect when the primary cannot be reached.
    public var backUp: Endpoint?
    /// Certificates, keys and trust, for both endpoints.
    public var tls: TLSConfiguration
    /// How long one endpoint may take to accept the connection, the name's lookup included.
    public var connectMilliseconds: Int
    /// How long the handshake may take after that.
    public var handshakeMilliseconds: Int
    /// How long the reply may take, from the moment the request leaves.
    public var replyMilliseconds: Int
    /// The longest reply read, its two-byte length not counted.
    public var maximumReplyBytes: Int

    /// A configuration of these parts.
    public init(
        primary: Endpoint, backUp: Endpoint? = nil, tls: TLSConfiguration, connectMilliseconds: Int = 10_000,
        handshakeMilliseconds: Int = 10_000, replyMilliseconds: Int = 60_000, maximumReplyBytes: Int = 8192
    ) {
        self.primary = primary
        self.backUp = backUp
        self.tls = tls
        self.connectMilliseconds = connectMilliseconds
        self.handshakeMilliseconds = handshakeMilliseconds
        self.replyMilliseconds = replyMilliseconds
        self.maximumReplyBytes = maximumReplyBytes
    }
}
