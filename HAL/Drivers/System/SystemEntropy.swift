public import HAL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The kernel's random bytes.
public struct SystemEntropy: Entropy {
    /// The kernel's source.
    public init() {}

    /// `count` bytes from getrandom(2); waits at boot until the kernel has gathered enough.
    public func bytes(_ count: Int) throws(DeviceError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        var filled = 0
        while filled < bytes.count {
            let taken = bytes.withUnsafeMutableBytes {
                getrandom($0.baseAddress?.advanced(by: filled), $0.count - filled, 0)
            }
            if taken > 0 {
                filled += taken
            } else if errno != EINTR {
                throw DeviceError(.other, "getrandom", code: "errno \(errno)")
            }
        }
        return bytes
    }
}
