import HAL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension DeviceError {
    /// What errno `number` of `operation` means: the only place that compares errno values.
    init(errno number: Int32, _ operation: String) {
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

    /// What a result of getaddrinfo other than 0 means.
    init(lookup status: Int32, errno number: Int32) {
        switch status {
        case EAI_NONAME: self.init(.absent, "getaddrinfo", code: "EAI_NONAME")
        case EAI_AGAIN: self.init(.absent, "getaddrinfo", code: "EAI_AGAIN")
        case EAI_FAIL: self.init(.absent, "getaddrinfo", code: "EAI_FAIL")
        case EAI_SYSTEM: self.init(errno: number, "getaddrinfo")
        default: self.init(.other, "getaddrinfo", code: "EAI \(status)")
        }
    }
}
