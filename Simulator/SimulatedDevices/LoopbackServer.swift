import HAL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Serves connections on a loopback port with one thread.
final class LoopbackServer: Sendable {
    /// Takes from the received bytes what it understands or has room for, and returns what to send.
    typealias Service = @Sendable (_ received: inout [UInt8]) -> [UInt8]

    /// How it behaves.
    enum Behaviour: Equatable, Sendable {
        case serving
        /// Reads nothing, so that the other side's writes stop in the end.
        case hanging
        /// Refuses connections and drops those there are.
        case absent
        /// Over: the thread ends.
        case stopped
    }

    let port: UInt16
    private let wakeUp: WakeUp
    private let behaviour = Mutex(Behaviour.serving)
    /// What is to be sent unasked.
    private let news = Mutex<[UInt8]>([])
    /// Whether what the service leaves means that it has no room: no more is read until `retry`.
    private let holdsBack: Bool
    /// Nil while it is absent. Here, so that nothing else keeps it open.
    private let listener: Mutex<LoopbackSocket?>
    /// A client that sends more than this without being understood is dropped.
    private static let bufferLimit = 1024 * 1024

    private struct Connection {
        let socket: LoopbackSocket
        var received: [UInt8] = []
    }

    init(port: UInt16 = 0, name: String, holdsBack: Bool = false, service: @escaping Service) throws(DeviceError) {
        let socket = try LoopbackSocket.listening(port: port)
        self.port = socket.port
        self.holdsBack = holdsBack
        listener = Mutex(socket)
        wakeUp = try WakeUp()
        DeviceThread.detach(name: name) { [self] in run(service) }
    }

    func behave(_ new: Behaviour) {
        behaviour.withLock { if $0 != .stopped { $0 = new } }
        // The port is free for the next server when this returns, not when the thread has seen it.
        if new == .stopped { listener.withLock { $0?.end() } }
        wakeUp.signal()
    }

    /// Sends this to whoever is connected, and offers the service again what it left.
    func retry(sending bytes: [UInt8]) {
        news.withLock { $0 += bytes }
        wakeUp.signal()
    }

    private func run(_ service: Service) {
        defer { listener.withLock { $0 = nil } }
        var connections: [Connection] = []
        while true {
            let behaviour = behaviour.withLock { $0 }
            switch behaviour {
            case .stopped: return
            case .absent:
                listener.withLock { $0 = nil }
                connections = []
            case .serving, .hanging: listener.withLock { if $0 == nil { $0 = try? .listening(port: port) } }
            }
            let isServing = behaviour == .serving
            let readable = Int16(POLLIN)
            var waits = [(wakeUp.descriptor, readable)]
            if isServing {
                waits += connections.map { ($0.socket.descriptor, holds($0) ? 0 : readable) }
                if let listener = listener.withLock({ $0 }) { waits.append((listener.descriptor, readable)) }
            }
            let ready = LoopbackSocket.poll(waits)
            if ready[0] { wakeUp.drain() }
            let news = news.withLock { news in
                defer { news = [] }
                return news
            }
            guard isServing, self.behaviour.withLock({ $0 }) == .serving else { continue }
            connections = zip(connections, ready.dropFirst()).compactMap { connection, isReady in
                if !news.isEmpty { _ = connection.socket.write(news) }
                // Nothing is asked of one that is held back: what is ready is its end.
                if isReady, holds(connection) { return nil }
                return isReady || holds(connection) ? serve(connection, service) : connection
            }
            if let socket = listener.withLock({ $0?.accept() }) { connections.append(Connection(socket: socket)) }
        }
    }

    private func holds(_ connection: Connection) -> Bool { holdsBack && !connection.received.isEmpty }

    /// The connection after one read, or nil when it is over.
    private func serve(_ connection: Connection, _ service: Service) -> Connection? {
        var connection = connection
        if !holds(connection) {
            guard let bytes = connection.socket.read() else { return connection }
            guard !bytes.isEmpty else { return nil }
            connection.received += bytes
        }
        let answer = service(&connection.received)
        guard connection.received.count <= Self.bufferLimit else { return nil }
        return answer.isEmpty || connection.socket.write(answer) ? connection : nil
    }
}
