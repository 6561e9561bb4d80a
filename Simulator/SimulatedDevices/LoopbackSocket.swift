import HAL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A TCP socket on 127.0.0.1 that never blocks; closed when the last owner lets go. The only place here that calls the
/// socket functions.
final class LoopbackSocket: Sendable {
    let descriptor: Int32

    private init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Listens on `port`; 0 lets the kernel choose.
    static func listening(port: UInt16) throws(DeviceError) -> LoopbackSocket {
        let socket = try make()
        var on: Int32 = 1
        setsockopt(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        try check(withAddress(port) { bind(socket.descriptor, $0, $1) }, "bind")
        try check(listen(socket.descriptor, 16), "listen")
        return socket
    }

    /// Connects to `port`; on loopback that is done or refused at once.
    static func connected(port: UInt16) throws(DeviceError) -> LoopbackSocket {
        let socket = try make()
        let status = withAddress(port) { connect(socket.descriptor, $0, $1) }
        if status != 0, errno == EINPROGRESS {
            _ = poll([(socket.descriptor, Int16(POLLOUT))], milliseconds: 1000)
            var number: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(socket.descriptor, SOL_SOCKET, SO_ERROR, &number, &size)
            guard number == 0 else { throw DeviceError(.refused, "connect", code: "errno \(number)") }
        } else {
            try check(status, "connect")
        }
        return socket
    }

    /// The port it listens on.
    var port: UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// A connection that waits, or nil.
    func accept() -> LoopbackSocket? {
        let accepted = systemAccept(descriptor, nil, nil)
        guard accepted >= 0 else { return nil }
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
        let socket = LoopbackSocket(owning: accepted)
        socket.set(TCP_NODELAY)
        return socket
    }

    /// What has come, empty when the other side has closed or broken the connection, nil if there is nothing yet.
    func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return nil }
        return Array(bytes.prefix(max(0, count)))
    }

    /// Sends all in one call; false if the other side is gone or does not read.
    func write(_ bytes: [UInt8]) -> Bool {
        send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Acknowledges what comes next at once. Without it each answer waits some 40 ms for Nagle's algorithm on the other
    /// side; the kernel forgets it, so it is asked before every read.
    func acknowledgeQuickly() { set(TCP_QUICKACK) }

    /// Ends both directions; a thread that waits for it wakes.
    func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Which of the descriptors are ready, waiting at most `milliseconds`, or without end where that is nil.
    static func poll(_ waits: [(descriptor: Int32, events: Int16)], milliseconds: Int? = nil) -> [Bool] {
        var entries = waits.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
        let limit = milliseconds.map { Int32(clamping: max(0, $0)) } ?? -1
        let count = systemPoll(&entries, nfds_t(entries.count), limit)
        return count > 0 ? entries.map { $0.revents != 0 } : waits.map { _ in false }
    }

    private static func make() throws(DeviceError) -> LoopbackSocket {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        try check(descriptor, "socket")
        let socket = LoopbackSocket(owning: descriptor)
        socket.set(TCP_NODELAY)
        return socket
    }

    private func set(_ option: Int32) {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), option, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func withAddress(
        _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func check(_ status: Int32, _ operation: String) throws(DeviceError) {
        guard status < 0 else { return }
        let number = errno
        throw DeviceError(number == EADDRINUSE ? .busy : .refused, operation, code: "errno \(number)")
    }
}

// Inside methods of the same name the C functions are hidden: these name them once.
#if canImport(Glibc)
    private let systemAccept = Glibc.accept
    private let systemPoll = Glibc.poll
#elseif canImport(Musl)
    private let systemAccept = Musl.accept
    private let systemPoll = Musl.poll
#endif
