import Glibc
import Testing

/// A port on loopback, chosen by the kernel: the other side of a driver under test.
final class Loopback: Sendable {
    let port: Int
    let descriptor: Int32

    /// Without `isListening` the port is taken, and connections to it are refused.
    init(isListening: Bool = true, receiveBuffer: Int32? = nil) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.descriptor = descriptor
        if var receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        try #require(isBound && (!isListening || listen(descriptor, 8) == 0))
    }

    deinit { close(descriptor) }

    /// The next connection, which is there already when the driver has connected.
    func accept() throws -> Peer {
        let accepted = Glibc.accept(descriptor, nil, nil)
        try #require(accepted >= 0)
        return Peer(descriptor: accepted)
    }

    /// One accepted connection.
    final class Peer: Sendable {
        let descriptor: Int32

        init(descriptor: Int32) { self.descriptor = descriptor }

        deinit { close(descriptor) }

        func send(_ bytes: [UInt8]) { _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

        /// What the driver sent; empty at the end. Blocks.
        func receive() -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: 65536)
            let count = recv(descriptor, &bytes, bytes.count, 0)
            return Array(bytes[..<max(0, count)])
        }

        func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
}
