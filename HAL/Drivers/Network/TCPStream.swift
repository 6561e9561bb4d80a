import HAL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One TCP connection with a thread of its own to wait on. One call at a time; only `close` overtakes a waiting one.
actor TCPStream: ByteStream {
    private nonisolated let thread = DeviceThread(name: "tcp")
    private nonisolated let waits: DescriptorWait
    private nonisolated let clock: any TerminalClock
    private var socket: Socket?

    /// The most that one read takes, whatever the caller allows.
    private static let readLimit = 64 * 1024

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(clock: any TerminalClock) throws(DeviceError) {
        self.clock = clock
        waits = try DescriptorWait(clock: clock)
    }

    /// Finds the addresses of `host` and connects to the first that takes the connection.
    func open(host: String, port: Int, deadline: Uptime) async throws(DeviceError) {
        try await waits.interruptible { () throws(DeviceError) in
            let addresses = try self.addresses(of: host, port: port, deadline: deadline)
            var failure = DeviceError(.absent, "getaddrinfo", code: "no address")
            for (index, address) in addresses.enumerated() {
                // A dead address must not use up the time of the living ones behind it.
                let left = max(0, deadline.milliseconds(since: self.clock.uptime))
                let share = Int(min(left, 3_600_000)) / (addresses.count - index)
                do throws(DeviceError) {
                    return try self.connect(to: address, deadline: self.clock.uptime.advanced(milliseconds: share))
                } catch {
                    failure = error
                    if error.kind == .cancelled { break }
                }
            }
            throw failure
        }
    }

    func read(atMost limit: Int, deadline: Uptime) async throws(DeviceError) -> [UInt8] {
        try await waits.interruptible { () throws(DeviceError) in
            while true {
                let descriptor = try self.openDescriptor("recv")
                if let bytes = try self.socket?.receive(atMost: min(max(1, limit), Self.readLimit)) { return bytes }
                try self.waits.wait("recv", for: POLLIN, on: descriptor, until: deadline)
            }
        }
    }

    func write(_ bytes: [UInt8], deadline: Uptime) async throws(DeviceError) {
        try await waits.interruptible { () throws(DeviceError) in
            var rest = bytes[...]
            while !rest.isEmpty {
                let descriptor = try self.openDescriptor("send")
                if let sent = try self.socket?.send(rest) {
                    rest = rest.dropFirst(sent)
                } else {
                    try self.waits.wait("send", for: POLLOUT, on: descriptor, until: deadline)
                }
            }
        }
    }

    func offer(_ bytes: [UInt8], deadline: Uptime) async throws(DeviceError) -> Int {
        try await waits.interruptible { () throws(DeviceError) in
            guard !bytes.isEmpty else { return 0 }
            while true {
                let descriptor = try self.openDescriptor("send")
                if let sent = try self.socket?.send(bytes[...]) { return sent }
                do throws(DeviceError) {
                    try self.waits.wait("send", for: POLLOUT, on: descriptor, until: deadline)
                } catch {
                    guard error.kind == .timeout else { throw error }
                    return 0
                }
            }
        }
    }

    func isStale() async -> Bool {
        guard (try? openDescriptor("recv")) != nil else { return true }
        do { return try socket?.receive(atMost: 1, peek: true) != nil } catch { return true }
    }

    nonisolated func close() async {
        waits.close()
        await letGo()
    }

    /// Breaks the connection: what waits in the kernel is dropped.
    nonisolated func abort() async {
        waits.close()
        await breakOff()
    }

    private func letGo() { socket = nil }

    private func breakOff() {
        socket?.dropUnsent()
        socket = nil
    }

    private func connect(to address: SocketAddress, deadline: Uptime) throws(DeviceError) {
        let candidate = try Socket(family: address.family)
        if try candidate.connect(to: address) == nil {
            try waits.wait("connect", for: POLLOUT, on: candidate.descriptor, until: deadline)
            try candidate.finishConnecting()
        }
        socket = consume candidate
    }

    /// A name is looked up on a thread that may be left behind: getaddrinfo knows no deadline, only the resolver's own.
    private func addresses(of host: String, port: Int, deadline: Uptime) throws(DeviceError) -> [SocketAddress] {
        if let numeric = try? SocketAddress.find(host: host, port: port, numericOnly: true) { return numeric }
        let lookup = Lookup()
        DeviceThread.detach(name: "lookup") { [waits] in
            lookup.find(host: host, port: port)
            waits.wake()
        }
        while true {
            if let result = lookup.result { return try result.get() }
            try waits.wait("getaddrinfo", for: 0, on: -1, until: deadline)
        }
    }

    private func openDescriptor(_ operation: String) throws(DeviceError) -> Int32 {
        try waits.checkOpen(operation)
        guard let descriptor = socket?.descriptor else { throw DeviceError(.gone, operation, code: "closed") }
        return descriptor
    }
}

/// The addresses of a name, once they are there.
private final class Lookup: Sendable {
    private let found = Mutex<Result<[SocketAddress], DeviceError>?>(nil)

    var result: Result<[SocketAddress], DeviceError>? { found.withLock { $0 } }

    func find(host: String, port: Int) {
        let result = Result { () throws(DeviceError) in
            try SocketAddress.find(host: host, port: port, numericOnly: false)
        }
        found.withLock { $0 = result }
    }
}
