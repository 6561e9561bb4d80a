#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The journal as a file among files: looked at before SQLite may touch it, made whole or not at all.
/// Only for the time before SQLite opens it: closing a second descriptor would drop SQLite's locks.
enum JournalFile {
    /// Whether something has this name.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Refuses what is no journal of this release, from mode and header alone; reads, never writes.
    static func inspect(_ path: String) throws(JournalError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw JournalError(errno: errno, path: path, "open") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw JournalError(errno: errno, path: path, "status") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw JournalError(.foreign, path: path, "not a plain file") }
        guard status.st_mode & 0o077 == 0 else {
            throw JournalError(.permissions, path: path, "others than the owner have access; chmod 600 it")
        }
        let header = [UInt8](unsafeUninitializedCapacity: 100) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, 0))
        }
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw JournalError(.foreign, path: path, "not a SQLite file")
        }
        func word(_ offset: Int) -> Int { header[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
        try checkIdentity(application: word(68), version: word(60), path: path)
        // A rollback journal beside it would be played back on opening: that is a write.
        guard header[18] == 2, header[19] == 2, !exists("\(path)-journal") else {
            throw JournalError(.damaged, path: path, "not in write-ahead mode")
        }
        // While there is a log, the file may be shorter than it will be.
        let size = word(28) * (word(14) & 0xFFFF)
        guard exists("\(path)-wal") || Int(status.st_size) == size else {
            throw JournalError(.damaged, path: path, "\(status.st_size) bytes, not \(size)")
        }
    }

    /// Refuses another program's file and a later release's.
    static func checkIdentity(application: Int, version: Int, path: String) throws(JournalError) {
        guard application == Schema.application else {
            throw JournalError(.foreign, path: path, "application id \(application), not \(Schema.application)")
        }
        guard version <= Schema.version else {
            throw JournalError(.newerVersion, path: path, "version \(version); this release knows \(Schema.version)")
        }
        guard version > 0 else { throw JournalError(.damaged, path: path, "version \(version)") }
    }

    /// Makes a file under another name, lets `fill` write it, and gives it its name when it is whole and on the disk.
    static func create(_ path: String, fill: (String) throws(JournalError) -> Void) throws(JournalError) {
        guard !exists("\(path)-wal") else {
            throw JournalError(.damaged, path: path, "its log (-wal) is there, the journal itself is not")
        }
        let draft = "\(path).new"
        for left in [draft, "\(draft)-wal", "\(draft)-shm", "\(draft)-journal"] { unlink(left) }
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JournalError(errno: errno, path: path, "create") }
        close(descriptor)
        do throws(JournalError) {
            try fill(draft)
            try synchronize(draft, path: path)
            guard rename(draft, path) == 0 else { throw JournalError(errno: errno, path: path, "rename") }
            let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
            try synchronize(folder, path: path)
        } catch {
            for left in [draft, "\(draft)-wal", "\(draft)-shm", "\(draft)-journal"] { unlink(left) }
            throw error
        }
    }

    private static func synchronize(_ name: String, path: String) throws(JournalError) {
        let descriptor = open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw JournalError(errno: errno, path: path, "open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw JournalError(errno: errno, path: path, "synchronize") }
    }
}

extension JournalError {
    /// What a system call's error means for the journal.
    init(errno code: Int32, path: String, _ operation: String) {
        let kind: Kind =
            switch code {
            case ENOENT, ENOTDIR: .notFound
            case EACCES, EPERM, EROFS: .readOnly
            case ENOSPC, EDQUOT, EFBIG: .full
            default: .inputOutput
            }
        self.init(kind, path: path, "\(operation): \(String(cString: strerror(code)))")
    }
}
