public import HAL

/// The way to the acquirer: TLS over TCP, one request at a time, each with exactly one of two truths when it fails: nothing
/// left, or something may have. An open connection is used again; a stale one is replaced before the request leaves.
public actor AcquirerLink {
    private typealias Endpoint = AcquirerLinkConfiguration.Endpoint

    private let configuration: AcquirerLinkConfiguration
    private let context: TLSContext
    private let connector: any StreamConnector
    private let clock: any TerminalClock
    private var line: Line?
    private var isBusy = false

    /// How long a TLS 1.3 server may take to show that it accepted the terminal's certificate. One that sends no session
    /// tickets never shows it; then the request leaves after this time.
    private static let acceptanceMilliseconds = 300
    private static let farewellMilliseconds = 100

    /// A link that connects when it is first used. Reads certificates and keys; throws what is wrong with them.
    public init(
        _ configuration: AcquirerLinkConfiguration, connector: any StreamConnector, clock: any TerminalClock
    ) throws(TLSConfigurationError) {
        self.configuration = configuration
        context = try TLSContext(client: configuration.tls)
        self.connector = connector
        self.clock = clock
    }

    /// Sends `request` and returns the first frame that `isReply` accepts; both with their two-byte length in front.
    ///
    /// Other frames (another STAN, a reply that comes late) are left aside, and the wait goes on to the deadline.
    /// Cancelling the task has an effect only until the request leaves. `observer` is called at once in each step.
    public func exchange(
        _ request: [UInt8], isReply: @escaping @Sendable ([UInt8]) -> Bool,
        observer: @escaping @Sendable (LinkStep) -> Void = { _ in }
    ) async throws(LinkFailure) -> [UInt8] {
        guard !isBusy else { throw .unreachable(LinkError(.busy)) }
        isBusy = true
        defer { isBusy = false }
        try await connect(observer)
        if Task.isCancelled { throw .cancelled }
        // A task of its own: from here on nobody's cancellation may leave open what the acquirer got.
        let result = await Task { await self.transact(request, isReply: isReply, observer: observer) }.value
        return try result.get()
    }

    /// Makes sure that the acquirer can be reached: connects, unless a fresh connection is there. Nothing is sent.
    public func connect() async throws(LinkFailure) {
        guard !isBusy else { return }
        isBusy = true
        defer { isBusy = false }
        try await connect { _ in }
    }

    /// Says goodbye and closes the connection; the next exchange opens another.
    public func close() async {
        guard let line else { return }
        self.line = nil
        line.session.close()
        let deadline = clock.uptime.advanced(milliseconds: Self.farewellMilliseconds)
        try? await line.stream.write(line.session.takeOutgoing(), deadline: deadline)
        await line.stream.close()
    }

    private func transact(
        _ request: [UInt8], isReply: @Sendable ([UInt8]) -> Bool, observer: @Sendable (LinkStep) -> Void
    ) async -> Result<[UInt8], LinkFailure> {
        guard let line else { return .failure(.unreachable(LinkError(.closed))) }
        observer(.aboutToSend)
        do throws(LinkError) {
            let deadline = clock.uptime.advanced(milliseconds: configuration.replyMilliseconds)
            try line.session.send(request)
            try await line.flush(deadline)
            observer(.sent)
            let reply = try await line.reply(deadline, isReply: isReply) { observer(.ignored) }
            observer(.received)
            if !line.isClean { await close() }
            return .success(reply)
        } catch {
            // Whatever still comes on this connection must not be taken for an answer to the next request.
            await close()
            return .failure(.noReply(error))
        }
    }

    /// Makes sure of a fresh connection, to the primary or else to the back-up.
    private func connect(_ observer: @Sendable (LinkStep) -> Void) async throws(LinkFailure) {
        if let line {
            if await !line.stream.isStale() { return }
            await close()
        }
        var errors: [LinkError] = []
        for endpoint in [configuration.primary, configuration.backUp].compactMap({ $0 }) {
            if Task.isCancelled { throw .cancelled }
            do throws(LinkError) {
                line = try await open(endpoint, observer)
                return
            } catch {
                if Task.isCancelled { throw .cancelled }
                errors.append(LinkError(error.kind, "\(endpoint.host):\(endpoint.port) \(error.detail)"))
            }
        }
        let details = errors.dropFirst().reduce(errors[0].detail) { "\($0); back-up: \($1)" }
        throw .unreachable(LinkError(errors[0].kind, details))
    }

    private func open(_ endpoint: Endpoint, _ observer: @Sendable (LinkStep) -> Void) async throws(LinkError) -> Line {
        let session = try TLSSession(client: context, serverName: endpoint.serverName ?? endpoint.host)
        let stream: any ByteStream
        do throws(DeviceError) {
            let deadline = clock.uptime.advanced(milliseconds: configuration.connectMilliseconds)
            stream = try await connector.connect(host: endpoint.host, port: endpoint.port, deadline: deadline)
        } catch { throw LinkError(error) }
        observer(.connected(host: endpoint.host, port: endpoint.port))
        let line = Line(stream: stream, session: session, maximumReplyBytes: configuration.maximumReplyBytes)
        do throws(LinkError) {
            try await shakeHands(line)
        } catch {
            try? await line.flush(clock.uptime.advanced(milliseconds: Self.farewellMilliseconds))
            await stream.close()
            throw error
        }
        observer(.handshaken(session.version ?? .tls12, resumed: session.isResumed))
        return line
    }

    private func shakeHands(_ line: Line) async throws(LinkError) {
        let deadline = clock.uptime.advanced(milliseconds: configuration.handshakeMilliseconds)
        _ = try line.session.receive([])
        try await line.flush(deadline)
        while !line.session.isEstablished { try await line.read(deadline) }
        // In TLS 1.3 the client is done before the server has looked at its certificate. Waiting for the server's first
        // word keeps a refused certificate on the side where nothing has left.
        guard line.session.version == .tls13, !line.session.isResumed else { return }
        let patience = min(deadline, clock.uptime.advanced(milliseconds: Self.acceptanceMilliseconds))
        while !line.session.isResumable {
            do throws(LinkError) {
                try await line.read(patience)
            } catch {
                if error.kind == .timeout { return }
                throw error
            }
        }
    }
}
