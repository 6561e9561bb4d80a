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

    /// `count` bytes from getentropy(3); waits at boot until the kernel has gathered enough.
    public func bytes(_ count: Int) throws(DeviceError) -> [UInt8] {
        let atOnce = 256  // the most that one call gives
        var bytes: [UInt8] = []
        while bytes.count < count {
            var part = [UInt8](repeating: 0, count: min(atOnce, count - bytes.count))
            guard getentropy(&part, part.count) == 0 else {
                throw DeviceError(.other, "getentropy", code: "errno \(errno)")
            }
            bytes += part
        }
        return bytes
    }
}
