public import Acquiring
public import HAL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The acquirer's side of the line: mutual TLS on 127.0.0.1, a thread for each connection, and the transport's share of
/// the faults. `stop` must be called; it leaves no thread and no socket behind.
public final class AcquirerServer: Sendable {
    private struct State {
        var isStopping = false
        var isListening = true
        var threads = 0
        var connections: Set<Int32> = []
    }

    /// The TCP port on 127.0.0.1, chosen by the kernel.
    public let port: Int
    private let listener: Int32
    private let context: TLSContext
    private let handler: any FrameHandler
    private let faults: FaultScript
    private let wakeUp: WakeUp
    private let ended: WakeUp
    private let lastAnswer = Mutex<[UInt8]>([0, 0])
    /// Answers that leave after the next one, on its connection.
    private let held = Mutex<[[UInt8]]>([])
    private let state = Mutex(State())

    /// Listens from here on. `handler` answers the frames; `faults` says what goes wrong.
    public init(
        context: TLSContext, handler: any FrameHandler, faults: FaultScript = FaultScript()
    ) throws(DeviceError) {
        self.context = context
        self.handler = handler
        self.faults = faults
        wakeUp = try WakeUp()
        ended = try WakeUp()
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard listener >= 0, Self.bindLoopback(listener, port: 0), listen(listener, 128) == 0 else {
            let number = errno
            if listener >= 0 { close(listener) }
            throw DeviceError(.other, "listen", code: "errno \(number)")
        }
        port = Self.port(of: listener)
        faults.onChange { [weak self] in self?.listenOrRefuse() }
        run("acquirer") { $0.acceptAll() }
        listenOrRefuse()
    }

    deinit { close(listener) }

    /// Ends every connection and thread, and returns when they have ended.
    public func stop() {
        state.withLock { state in
            state.isStopping = true
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
        wakeUp.signal()
        while state.withLock({ $0.threads > 0 }) {
            var wait = pollfd(fd: ended.descriptor, events: Int16(POLLIN), revents: 0)
            poll(&wait, 1, -1)
            ended.drain()
        }
    }

    /// The host's answer to `frame`, and the answer before it (an empty frame if there was none).
    func answer(_ frame: [UInt8]) -> (answer: [UInt8]?, previous: [UInt8]) {
        let answer = handler.answer(frame)
        let previous = lastAnswer.withLock { last in
            defer { if let answer { last = answer } }
            return last
        }
        return (answer, previous)
    }

    /// Keeps an answer until the next one has left.
    func hold(_ answer: [UInt8]) { held.withLock { $0.append(answer) } }

    /// The answers that were kept.
    func takeHeld() -> [[UInt8]] {
        held.withLock { held in
            defer { held = [] }
            return held
        }
    }

    private func acceptAll() {
        while true {
            let (isStopping, isListening) = state.withLock { ($0.isStopping, $0.isListening) }
            if isStopping { return }
            var waits = [
                pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isListening ? listener : -1, events: Int16(POLLIN), revents: 0),
            ]
            poll(&waits, 2, -1)
            if waits[0].revents != 0 { wakeUp.drain() }
            guard waits[1].revents & Int16(POLLIN) != 0 else { continue }
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { continue }
            state.withLock { _ = $0.connections.insert(descriptor) }
            run("acquirer-line") { server in
                ServerConnection(descriptor: descriptor, server: server, faults: server.faults)?.serve(server.context)
                server.state.withLock { _ = $0.connections.remove(descriptor) }
                close(descriptor)
            }
        }
    }

    /// Nobody listens on the port while the network is cut; the port stays ours.
    private func listenOrRefuse() {
        let refuse = faults.isPending(.connectionRefused)
        state.withLock { state in
            guard refuse == state.isListening, !state.isStopping else { return }
            state.isListening = !refuse
            if refuse {
                shutdown(listener, Int32(SHUT_RDWR))
                var reset = linger(l_onoff: 1, l_linger: 0)
                for connection in state.connections {
                    setsockopt(connection, SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
                    shutdown(connection, Int32(SHUT_RDWR))
                }
            } else {
                // The kernel forgets a port that it chose itself; the second time it is bound still.
                _ = Self.bindLoopback(listener, port: port)
                listen(listener, 128)
            }
        }
        wakeUp.signal()
    }

    private func run(_ name: String, _ body: @escaping @Sendable (AcquirerServer) -> Void) {
        state.withLock { $0.threads += 1 }
        DeviceThread.detach(name: name) { [self] in
            body(self)
            state.withLock { $0.threads -= 1 }
            ended.signal()
        }
    }

    private static func bindLoopback(_ descriptor: Int32, port: Int) -> Bool {
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
        }
    }

    private static func port(of descriptor: Int32) -> Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
