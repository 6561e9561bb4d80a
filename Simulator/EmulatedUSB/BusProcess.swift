import HAL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The bus program: a process that ends, and takes its folder along, when this object does or this process dies.
final class BusProcess: Sendable {
    private let socket: Int32
    private let sending = Mutex(())

    /// Longer messages nobody sends.
    private static let messageLimit = 8 * 1024 * 1024

    /// Starts `program`; `hear` is called on a thread of its own with each message, and with nil once the program has ended.
    init(_ program: String, hear: @escaping @Sendable (BusMessage?) -> Void) throws(DeviceError) {
        var pair: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else {
            throw DeviceError(.other, "socketpair", code: "errno \(errno)")
        }
        let (socket, other) = (pair[0], pair[1])
        let started = Self.spawn(program, on: other)
        Glibc.close(other)
        guard case .success(let process) = started else {
            Glibc.close(socket)
            throw DeviceError(.absent, program, code: "errno \(started.failure)")
        }
        self.socket = socket
        let reading = dup(socket)
        _ = fcntl(reading, F_SETFD, FD_CLOEXEC)
        DeviceThread.detach(name: "usb-bus") {
            while let bytes = Self.message(from: reading) {
                if let message = BusMessage(bytes) { hear(message) }
            }
            Glibc.close(reading)
            while waitpid(process, nil, 0) < 0, errno == EINTR {}
            hear(nil)
        }
    }

    deinit {
        end()
        close(socket)
    }

    /// Has the program end; `hear` is told when it has.
    func end() { shutdown(socket, Int32(SHUT_WR)) }

    /// Sends one message; lost when the program has ended.
    func send(_ message: [UInt8]) {
        let length = UInt32(truncatingIfNeeded: message.count)
        let bytes = (0..<4).map { UInt8(length >> (8 * $0) & 0xFF) } + message
        sending.withLock { _ in
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes {
                    Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    private static func message(from file: Int32) -> [UInt8]? {
        guard let prefix = bytes(4, from: file) else { return nil }
        let length = (0..<4).reduce(0) { $0 | Int(prefix[$1]) << (8 * $1) }
        return length <= messageLimit ? bytes(length, from: file) : nil
    }

    private static func bytes(_ count: Int, from file: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var taken = 0
        while taken < count {
            let part = bytes[taken...].withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if part < 0, errno == EINTR { continue }
            guard part > 0 else { return nil }
            taken += part
        }
        return bytes
    }

    /// On a testbed of its own, whatever this process sees.
    private static func spawn(_ program: String, on file: Int32) -> Result<pid_t, SpawnFailure> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, file, 0)
        posix_spawn_file_actions_adddup2(&actions, file, 1)
        let mine = ["LD_PRELOAD", "UMOCKDEV_DIR"]
        var environment = ["LD_PRELOAD=\(EmulatedBus.preload)"]
        var entry = environ
        while let line = entry.pointee {
            let text = String(cString: line)
            if !mine.contains(where: { text.hasPrefix($0 + "=") }) { environment.append(text) }
            entry += 1
        }
        let words: [UnsafeMutablePointer<CChar>?] = [strdup(program), nil]
        let lines: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for text in words + lines { free(text) } }
        var process: pid_t = 0
        let status = posix_spawn(&process, program, &actions, nil, words, lines)
        return status == 0 ? .success(process) : .failure(SpawnFailure(number: status))
    }
}

private struct SpawnFailure: Error {
    let number: Int32
}

extension Result where Failure == SpawnFailure {
    fileprivate var failure: Int32 {
        if case .failure(let failure) = self { failure.number } else { 0 }
    }
}
