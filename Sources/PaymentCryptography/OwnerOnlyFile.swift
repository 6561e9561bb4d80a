import Payments
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Files of mode 0600 that belong to us, written so that a power cut leaves the old one or the new one.
enum OwnerOnlyFile {
    /// The whole file, or nil if there is none. Throws `insecureFile` for a file that others could read or change, and
    /// `damagedFile` for more than `limit` bytes.
    static func contents(of path: String, limit: Int) throws(CryptographyError) -> SecretBytes? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        if file < 0, errno == ENOENT { return nil }
        guard file >= 0 else { throw failure(path, "open") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure(path, "fstat") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CryptographyError(.insecureFile, "\(path): not a regular file")
        }
        guard status.st_uid == geteuid() else {
            throw CryptographyError(
                .insecureFile, "\(path): belongs to user \(status.st_uid), must belong to user \(geteuid())")
        }
        let mode = status.st_mode & 0o7777
        guard mode == 0o600 else {
            throw CryptographyError(.insecureFile, "\(path): mode 0\(String(mode, radix: 8)), must be 0600")
        }
        guard status.st_size <= limit else {
            throw CryptographyError(.damagedFile, "\(path): longer than \(limit) bytes")
        }
        return try SecretBytes(count: Int(status.st_size)) { (buffer) throws(CryptographyError) in
            var rest = UnsafeMutableRawBufferPointer(buffer)[...]
            while !rest.isEmpty {
                let part = UnsafeMutableRawBufferPointer(rebasing: rest)
                let count = retried { read(file, part.baseAddress, part.count) }
                guard count >= 0 else { throw failure(path, "read") }
                guard count > 0 else { throw CryptographyError(.damagedFile, "\(path): shorter than it says") }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Puts `contents` in place of the file, if there is one.
    static func replace(_ path: String, _ contents: SecretBytes) throws(CryptographyError) {
        // One writer, always the same name: what a power cut left behind goes with the next write.
        let temporary = "\(path).new"
        unlink(temporary)
        try store(contents, in: temporary, for: path) { rename(temporary, path) == 0 }
    }

    /// Makes the file; one that is there already stays as it is.
    static func create(_ path: String, _ contents: SecretBytes) throws(CryptographyError) {
        // A name of its own, because two may try this at once.
        let temporary = "\(path).\(Hex.encode(try RandomBytes.make(8)))"
        try store(contents, in: temporary, for: path) {
            defer { unlink(temporary) }
            return link(temporary, path) == 0 || errno == EEXIST
        }
    }

    private static func store(
        _ contents: SecretBytes, in temporary: String, for path: String, then publish: () -> Bool
    ) throws(CryptographyError) {
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure(temporary, "open") }
        var isPublished = false
        defer {
            close(file)
            if !isPublished { unlink(temporary) }
        }
        guard fchmod(file, 0o600) == 0 else { throw failure(temporary, "fchmod") }
        try contents.withBytes { (bytes) throws(CryptographyError) in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let count = retried { write(file, part.baseAddress, part.count) }
                guard count > 0 else { throw failure(temporary, "write") }
                rest = rest.dropFirst(count)
            }
        }
        guard fsync(file) == 0 else { throw failure(temporary, "fsync") }
        guard publish() else { throw failure(path, "rename") }
        isPublished = true
        let end = path.lastIndex(of: "/")
        let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw failure(folder, "open") }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw failure(folder, "fsync") }
    }

    /// A signal in the middle is no failure.
    private static func retried(_ call: () -> Int) -> Int {
        var result = call()
        while result < 0, errno == EINTR { result = call() }
        return result
    }

    private static func failure(_ path: String, _ operation: String) -> CryptographyError {
        CryptographyError(.unusableFile, "\(path): \(operation): \(String(cString: strerror(errno)))")
    }
}
