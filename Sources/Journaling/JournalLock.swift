#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The right to be the one that has the journal open: an advisory lock on a file beside it, which names the holder.
/// The kernel takes it back when the process ends, however it ends. The file stays: removing it would let two
/// processes hold locks on two files of the same name.
final class JournalLock: Sendable {
    private let descriptor: Int32

    init(journal path: String) throws(JournalError) {
        let descriptor = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JournalError(errno: errno, path: path, "lock file") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = Self.read(descriptor)
            close(descriptor)
            guard code == EWOULDBLOCK else { throw JournalError(errno: code, path: path, "lock") }
            throw JournalError(.inUse, path: path, "held by \(holder.isEmpty ? "a process that is starting" : holder)")
        }
        self.descriptor = descriptor
        let program = CommandLine.arguments.first?.split(separator: "/").last ?? "?"
        let holder = "process \(getpid()) (\(program))"
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, holder, holder.utf8.count, 0) == holder.utf8.count
        else { throw JournalError(errno: errno, path: path, "lock file") }
    }

    deinit { close(descriptor) }

    private static func read(_ descriptor: Int32) -> String {
        let bytes = [UInt8](unsafeUninitializedCapacity: 200) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, 0))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
