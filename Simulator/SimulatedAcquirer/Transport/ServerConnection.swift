import Acquiring
import HAL
import Synchronization
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One connection of an `AcquirerServer`, on a thread of its own.
final class ServerConnection: Sendable {
    private let descriptor: Int32
    private let server: AcquirerServer
    private let faults: FaultScript
    private let wakeUp: WakeUp
    /// Late replies that may leave now.
    private let released = Mutex<[[UInt8]]>([])

    private static let transportFaults: Set<Fault> = [
        .noReply, .lateReply, .splitSegments, .gluedSegments, .halfClose, .tooLongReply, .duplicateReply, .slowDrip,
        .closeBeforeReply, .noRequest, .corruptRequest, .corruptReply, .duplicateRequest, .reorderedReply,
    ]
    private static let defaultDripMilliseconds = 10

    /// Why a connection ends: the other side has gone, TLS failed, or a fault says so.
    private enum End: Error { case gone, tls, fault }

    /// The owner of `descriptor` closes it.
    init?(descriptor: Int32, server: AcquirerServer, faults: FaultScript) {
        guard let wakeUp = try? WakeUp() else { return nil }
        self.descriptor = descriptor
        self.server = server
        self.faults = faults
        self.wakeUp = wakeUp
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Serves the connection until it ends.
    func serve(_ context: TLSContext) {
        if faults.take(among: [.handshakeFailure], for: []) != nil {
            // A fatal alert, handshake_failure (RFC 8446, 6).
            try? write([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28])
            return
        }
        guard let session = try? TLSSession(server: context) else { return }
        var splitter = LengthPrefixedSplitter(limit: 65535)
        do {
            while true {
                let plaintext = try take(try waitForBytes(session), session)
                splitter.append(plaintext)
                while let body = try? splitter.next() {
                    try answer([UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body, session)
                }
                if session.isClosedByPeer { return }
            }
        } catch {}
    }

    private func take(_ bytes: [UInt8], _ session: TLSSession) throws(End) -> [UInt8] {
        do throws(LinkError) {
            let plaintext = try session.receive(bytes)
            try? write(session.takeOutgoing())
            return plaintext
        } catch {
            // The alert says why.
            try? write(session.takeOutgoing())
            throw .tls
        }
    }

    /// Bytes of the other side; meanwhile sends late replies that were released.
    private func waitForBytes(_ session: TLSSession) throws(End) -> [UInt8] {
        while true {
            var waits = [
                pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            ]
            poll(&waits, 2, -1)
            if waits[0].revents != 0 {
                wakeUp.drain()
                let replies = released.withLock { replies in
                    defer { replies = [] }
                    return replies
                }
                for late in replies { try reply(late, session) }
            }
            guard waits[1].revents != 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: 32 * 1024)
            let count = recv(descriptor, &bytes, bytes.count, 0)
            guard count > 0 else { throw .gone }
            return Array(bytes[..<count])
        }
    }

    private func answer(_ frame: [UInt8], _ session: TLSSession) throws(End) {
        let order = faults.take(among: Self.transportFaults, for: frame)
        if order?.fault == .noRequest { return }
        // Both copies have reached the host before either reply is heard.
        let copy = order?.fault == .duplicateRequest ? server.answer(frame).answer : nil
        let (answer, previous) = server.answer(order?.fault == .corruptRequest ? frame.corrupted : frame)
        if order?.fault == .closeBeforeReply { throw .fault }
        if let copy { try reply(copy, session) }
        guard let answer else { return }
        switch order?.fault {
        case .noReply: break
        case .corruptReply: try reply(answer.corrupted, session)
        case .reorderedReply: server.hold(answer)
        case .lateReply:
            if let milliseconds = order?.milliseconds {
                pause(milliseconds)
                try reply(answer, session)
            } else {
                faults.holdLateReply { [self] in
                    released.withLock { $0.append(answer) }
                    wakeUp.signal()
                }
            }
        case .splitSegments:
            for byte in answer {
                for sealed in try seal([byte], session) { try write([sealed]) }
            }
        case .slowDrip:
            for sealed in try seal(answer, session) {
                try write([sealed])
                pause(order?.milliseconds ?? Self.defaultDripMilliseconds)
            }
        case .gluedSegments: try reply(previous + answer, session)
        case .duplicateReply: try reply(answer + answer, session)
        case .tooLongReply: try reply([0xFF, 0xFF] + answer.dropFirst(2), session)
        case .halfClose:
            try reply(Array(answer.prefix(answer.count / 2)), session)
            shutdown(descriptor, Int32(SHUT_WR))
        default:
            try reply(answer, session)
            for answer in server.takeHeld() { try reply(answer, session) }
        }
    }

    private func reply(_ bytes: [UInt8], _ session: TLSSession) throws(End) { try write(try seal(bytes, session)) }

    private func seal(_ bytes: [UInt8], _ session: TLSSession) throws(End) -> [UInt8] {
        do throws(LinkError) { try session.send(bytes) } catch { throw .tls }
        return session.takeOutgoing()
    }

    private func write(_ bytes: [UInt8]) throws(End) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { throw .gone }
            rest = rest.dropFirst(sent)
        }
    }

    /// Waits; ends early when the connection is torn down.
    private func pause(_ milliseconds: Int) {
        var wait = pollfd(fd: descriptor, events: 0, revents: 0)
        poll(&wait, 1, Int32(clamping: milliseconds))
    }
}

extension [UInt8] {
    /// The same frame with one bit turned, in its middle.
    fileprivate var corrupted: [UInt8] {
        guard count > 2 else { return self }
        var bytes = self
        bytes[2 + (count - 2) / 2] ^= 0x01
        return bytes
    }
}
