import CLinux
import Glibc

/// Keeps what is in this process's memory in it.
public enum ProcessSecrets {
    /// From now on the process leaves no core dump, and no other process of the same user may attach to it or read its
    /// memory: keys and account numbers are there (M8).
    public static func forbidDumps() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        _ = tender_forbid_dumps()
    }
}
