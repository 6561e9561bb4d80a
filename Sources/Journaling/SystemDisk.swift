#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The files of the operating system. Only for the time before SQLite opens one: closing a second descriptor would drop
/// SQLite's locks.
public struct SystemDisk: Disk {
    /// SQLite's own.
    public var layer: String? { nil }

    /// The file system that the process sees.
    public init() {}

    /// See `Disk`. An error is no answer: a journal that cannot be seen must not be made anew.
    public func exists(_ path: String) throws(JournalError) -> Bool {
        var status = stat()
        if lstat(path, &status) == 0 { return true }
        guard errno == ENOENT else { throw JournalError(errno: errno, path: path, "status") }
        return false
    }

    /// See `Disk`.
    public func look(at path: String) throws(JournalError) -> FileLook {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw JournalError(errno: errno, path: path, "open") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw JournalError(errno: errno, path: path, "status") }
        let head = [UInt8](unsafeUninitializedCapacity: 100) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, 0))
        }
        return FileLook(
            isPlain: status.st_mode & S_IFMT == S_IFREG, isPrivate: status.st_mode & 0o077 == 0,
            size: Int(status.st_size), head: head)
    }

    /// See `Disk`.
    public func create(_ path: String) throws(JournalError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JournalError(errno: errno, path: path, "create") }
        close(descriptor)
    }

    /// See `Disk`.
    public func rename(_ draft: String, to path: String) throws(JournalError) {
        try synchronize(draft, path: path)
        guard renameat(AT_FDCWD, draft, AT_FDCWD, path) == 0 else {
            throw JournalError(errno: errno, path: path, "rename")
        }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        try synchronize(folder, path: path)
    }

    /// See `Disk`.
    public func rewrite(_ path: String) throws(JournalError) {
        let draft = "\(path).new"
        remove(draft)
        try create(draft)
        do throws(JournalError) {
            try copy(path, to: draft)
            try rename(draft, to: path)
        } catch {
            remove(draft)
            throw error
        }
    }

    private func copy(_ path: String, to draft: String) throws(JournalError) {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw JournalError(errno: errno, path: path, "open") }
        defer { close(source) }
        let target = open(draft, O_WRONLY | O_CLOEXEC)
        guard target >= 0 else { throw JournalError(errno: errno, path: path, "open") }
        defer { close(target) }
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(source, &part, part.count)
            guard count >= 0 else { throw JournalError(errno: errno, path: path, "read") }
            if count == 0 { return }
            // A file takes all, or there is no room for it.
            guard write(target, part, count) == count else {
                throw JournalError(errno: errno == 0 ? ENOSPC : errno, path: path, "write")
            }
        }
    }

    /// See `Disk`.
    public func remove(_ path: String) { unlink(path) }

    /// See `Disk`.
    public func lock(_ path: String) throws(JournalError) -> any AnyObject & Sendable {
        try JournalLock(journal: path)
    }

    private func synchronize(_ name: String, path: String) throws(JournalError) {
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
