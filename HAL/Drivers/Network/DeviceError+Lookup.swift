import HAL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension DeviceError {
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
