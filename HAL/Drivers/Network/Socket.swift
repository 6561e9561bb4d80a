import HAL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A TCP socket that never blocks; closed when the last owner lets go. The only place that calls the socket functions.
/// What cannot be done at once answers nil: wait, then try again.
struct Socket: ~Copyable {
    let descriptor: Int32

    init(family: Int32) throws(DeviceError) {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw DeviceError(errno: errno, "socket") }
        // One request, one answer: nothing is won by waiting for more to send.
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { _ = Self.close(descriptor) }

    /// True when connected, nil when the connection is on its way: wait until writable, then `finishConnecting`.
    func connect(to address: SocketAddress) throws(DeviceError) -> Bool? {
        let status = address.bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.map {
                Self.connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
            } ?? -1
        }
        if status == 0 { return true }
        if errno == EINPROGRESS || errno == EINTR { return nil }
        throw DeviceError(errno: errno, "connect")
    }

    func finishConnecting() throws(DeviceError) {
        var number: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size) == 0 else {
            throw DeviceError(errno: errno, "getsockopt")
        }
        if number != 0 { throw DeviceError(errno: number, "connect") }
    }

    /// Up to `limit` bytes, none when the other side has closed.
    func receive(atMost limit: Int, peek: Bool = false) throws(DeviceError) -> [UInt8]? {
        var number: Int32 = 0
        var isFailed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            let received = recv(descriptor, buffer.baseAddress, limit, peek ? Int32(MSG_PEEK) : 0)
            number = errno
            isFailed = received < 0
            count = max(0, received)
        }
        guard isFailed else { return bytes }
        if number == EAGAIN || number == EINTR { return nil }
        throw DeviceError(errno: number, "recv")
    }

    /// The number of bytes taken, at least one.
    func send(_ bytes: ArraySlice<UInt8>) throws(DeviceError) -> Int? {
        let sent = bytes.withUnsafeBytes { Self.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if sent > 0 { return sent }
        if errno == EAGAIN || errno == EINTR { return nil }
        throw DeviceError(errno: errno, "send")
    }

    /// Has `deinit` reset the connection instead of sending what waits.
    func dropUnsent() {
        var lingering = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
    }

    // Inside methods of the same name the C functions are hidden: these name them once.
    #if canImport(Glibc)
        private static let connect = Glibc.connect
        private static let send = Glibc.send
        private static let close = Glibc.close
    #elseif canImport(Musl)
        private static let connect = Musl.connect
        private static let send = Musl.send
        private static let close = Musl.close
    #endif
}
