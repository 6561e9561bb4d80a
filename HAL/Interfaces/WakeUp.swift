#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Ends a blocking `poll` from another thread: a descriptor to be waited for beside the device.
public final class WakeUp: Sendable {
    /// What to poll for `POLLIN`; owned by this object.
    public let descriptor: Int32
    private let sender: Int32

    /// A wake-up that nobody has asked for yet.
    public init() throws(DeviceError) {
        var pair: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else {
            throw DeviceError(.other, "socketpair", code: "errno \(errno)")
        }
        descriptor = pair[0]
        sender = pair[1]
    }

    deinit {
        close(descriptor)
        close(sender)
    }

    /// Ends the wait that runs now, or else the next one. Callable from any thread, also from a cancellation handler.
    public func signal() {
        var one: UInt8 = 1
        // A full buffer means that enough has been asked for already.
        _ = send(sender, &one, 1, Int32(MSG_NOSIGNAL))
    }

    /// Forgets what was asked for. The waiter calls it when woken and then looks why.
    public func drain() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while recv(descriptor, &bytes, bytes.count, 0) > 0 {}
    }
}
