import Glibc

/// Why a file cannot be used, in words.
enum FileReason {
    /// Why `path` cannot be read, as the system says it.
    static func of(_ path: String) -> String {
        guard access(path, R_OK) != 0 else { return "it is no plain file" }
        return String(cString: strerror(errno)).lowercased()
    }

    /// Whether somebody other than the owner may read `path`; nil where there is no such file.
    static func isReadableByOthers(_ path: String) -> Bool? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_mode & (S_IRWXG | S_IRWXO) != 0
    }
}
