#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A copy of a journal that nobody has open, with its log, in a folder of its own; both are gone with it.
final class JournalCopy {
    let path: String
    private let folder: String

    /// Copies the journal at `source` into a new folder within `scratch`. Nothing is written beside the journal.
    init(of source: String, in scratch: String) throws(JournalError) {
        let disk = SystemDisk()
        try JournalFile.inspect(source, hasLog: try disk.exists("\(source)-wal"), on: disk)
        // Its holder has this file locked. Where there is none, nobody has opened the journal here.
        let lock = open("\(source).lock", O_RDONLY | O_CLOEXEC)
        defer { if lock >= 0 { close(lock) } }
        guard lock < 0 || flock(lock, LOCK_SH | LOCK_NB) == 0 else {
            throw JournalError(.inUse, path: source, "the daemon has it open: stop it, or ask it to verify")
        }
        var template = Array("\(scratch)/journal-XXXXXX\0".utf8CString)
        guard mkdtemp(&template) != nil else { throw JournalError(errno: errno, path: scratch, "folder for the copy") }
        folder = template.withUnsafeBufferPointer {
            String(decoding: $0.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        path = "\(folder)/journal"
        for suffix in ["", "-wal"] where try disk.exists(source + suffix) {
            try Self.copy(source + suffix, to: path + suffix)
        }
    }

    deinit {
        for suffix in ["", "-wal", "-shm", "-journal", ".lock"] { unlink(path + suffix) }
        rmdir(folder)
    }

    private static func copy(_ source: String, to target: String) throws(JournalError) {
        let from = open(source, O_RDONLY | O_CLOEXEC)
        guard from >= 0 else { throw JournalError(errno: errno, path: source, "open") }
        defer { close(from) }
        let to = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard to >= 0 else { throw JournalError(errno: errno, path: target, "create") }
        defer { close(to) }
        while true {
            let count = sendfile(to, from, nil, 1 << 20)
            guard count >= 0 else { throw JournalError(errno: errno, path: target, "copy") }
            guard count > 0 else { return }
        }
    }
}
