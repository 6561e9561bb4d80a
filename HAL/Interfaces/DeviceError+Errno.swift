#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension DeviceError {
    /// What errno `number` of `operation` means: the only place that compares errno values.
    public init(errno number: Int32, _ operation: String) {
        let (kind, name): (Kind, String) =
            switch number {
            case ECONNREFUSED: (.refused, "ECONNREFUSED")
            case EACCES: (.refused, "EACCES")
            case EPERM: (.refused, "EPERM")
            case ENETUNREACH: (.absent, "ENETUNREACH")
            case ENETDOWN: (.absent, "ENETDOWN")
            case EHOSTUNREACH: (.absent, "EHOSTUNREACH")
            case EADDRNOTAVAIL: (.absent, "EADDRNOTAVAIL")
            case EAFNOSUPPORT: (.absent, "EAFNOSUPPORT")
            case ENOENT: (.absent, "ENOENT")
            case ENOTDIR: (.absent, "ENOTDIR")
            case ENODEV: (.absent, "ENODEV")
            case ENXIO: (.absent, "ENXIO")
            case EBUSY: (.busy, "EBUSY")
            case EIO: (.gone, "EIO")
            case ECONNRESET: (.gone, "ECONNRESET")
            case ECONNABORTED: (.gone, "ECONNABORTED")
            case EPIPE: (.gone, "EPIPE")
            case ENOTCONN: (.gone, "ENOTCONN")
            case ETIMEDOUT: (.timeout, "ETIMEDOUT")
            case ECANCELED: (.cancelled, "ECANCELED")
            default: (.other, "errno \(number)")
            }
        self.init(kind, operation, code: name)
    }
}
