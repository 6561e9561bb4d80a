import HAL
import Wire

/// One open connection with its TLS session and the frames that come over it.
final class Line {
    let stream: any ByteStream
    let session: TLSSession
    private var splitter: LengthPrefixedSplitter

    private static let readLimit = 32 * 1024

    init(stream: any ByteStream, session: TLSSession, maximumReplyBytes: Int) {
        self.stream = stream
        self.session = session
        splitter = LengthPrefixedSplitter(limit: maximumReplyBytes)
    }

    /// False if something is left over that nobody asked for, or the other side has said goodbye.
    var isClean: Bool { splitter.pending == 0 && !session.isClosedByPeer }

    /// Sends what TLS has to send.
    func flush(_ deadline: Uptime) async throws(LinkError) {
        let bytes = session.takeOutgoing()
        guard !bytes.isEmpty else { return }
        do throws(DeviceError) { try await stream.write(bytes, deadline: deadline) } catch { throw LinkError(error) }
    }

    /// Waits for bytes and takes them through TLS.
    func read(_ deadline: Uptime) async throws(LinkError) {
        let bytes: [UInt8]
        do throws(DeviceError) {
            bytes = try await stream.read(atMost: Self.readLimit, deadline: deadline)
        } catch { throw LinkError(error) }
        guard !bytes.isEmpty else { throw LinkError(.closed) }
        splitter.append(try session.receive(bytes))
        try await flush(deadline)
    }

    /// The first frame that `isReply` accepts, its length in front.
    func reply(
        _ deadline: Uptime, isReply: @Sendable ([UInt8]) -> Bool, ignored: () -> Void
    ) async throws(LinkError) -> [UInt8] {
        while true {
            do throws(WireError) {
                while let body = try splitter.next() {
                    let frame = try LengthPrefixedSplitter.encode(body)
                    if isReply(frame) { return frame }
                    ignored()
                }
            } catch { throw LinkError(.tooLong) }
            guard !session.isClosedByPeer else { throw LinkError(.closed) }
            try await read(deadline)
        }
    }
}

extension LinkError {
    /// What a failure of the network means for the link.
    init(_ error: DeviceError) {
        let kind: Kind =
            switch error.kind {
            case .absent: .unknownHost
            case .refused: .refused
            case .timeout: .timeout
            case .gone: .closed
            default: .device
            }
        self.init(kind, error.description)
    }
}
