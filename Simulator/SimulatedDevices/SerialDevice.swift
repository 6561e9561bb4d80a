public import HAL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A device on a serial line: the far end of a PTY behind a link, as udev makes one in /dev/serial/by-id. Plugged in and
/// pulled out at will; each time the PTY has another name.
public actor SerialDevice {
    /// Both ends of the line. The near one is held too, so that what is sent while no driver listens is lost, not an error.
    private struct Line: ~Copyable {
        let far: Int32
        let near: Int32
        let path: String

        init() throws(DeviceError) {
            var far: Int32 = -1
            var near: Int32 = -1
            var name = [CChar](repeating: 0, count: 64)
            guard openpty(&far, &near, &name, nil, nil) == 0 else { throw DeviceError(errno: errno, "openpty") }
            self.far = far
            self.near = near
            path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            for descriptor in [far, near] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
            _ = fcntl(far, F_SETFL, O_NONBLOCK)
            var state = termios()
            tcgetattr(near, &state)
            cfmakeraw(&state)
            tcsetattr(near, TCSANOW, &state)
        }

        deinit {
            close(far)
            close(near)
        }
    }

    private nonisolated let thread = DeviceThread(name: "serial-device")
    private let waits: DescriptorWait
    private let link: String
    private var line: Line?

    /// Its thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// A device that will appear as `link`; not plugged in yet.
    public init(link: String, clock: any TerminalClock) throws(DeviceError) {
        self.link = link
        waits = try DescriptorWait(clock: clock)
    }

    /// Appears behind its link; one that was plugged in already is pulled out first, but its link never vanishes.
    public func plugIn() throws(DeviceError) {
        let next = try Line()
        let fresh = link + ".new"
        unlink(fresh)
        guard symlink(next.path, fresh) == 0, rename(fresh, link) == 0 else {
            throw DeviceError(errno: errno, "symlink")
        }
        line = consume next
    }

    /// Vanishes, in the middle of whatever it does: first the device, then its link.
    public func unplug() {
        line = nil
        unlink(link)
    }

    /// Sends all of `bytes`. Throws `.gone` when not plugged in.
    public func send(_ bytes: [UInt8], deadline: Uptime) async throws(DeviceError) {
        try await waits.interruptible { () throws(DeviceError) in
            var rest = bytes[...]
            while !rest.isEmpty {
                let far = try self.far()
                let sent = rest.withUnsafeBytes { write(far, $0.baseAddress, $0.count) }
                if sent > 0 {
                    rest = rest.dropFirst(sent)
                } else {
                    try self.waits.wait("write", for: POLLOUT, on: far, until: deadline)
                }
            }
        }
    }

    /// What a driver has sent, at least one byte. Throws `.gone` when not plugged in.
    public func receive(deadline: Uptime) async throws(DeviceError) -> [UInt8] {
        try await waits.interruptible { () throws(DeviceError) in
            var bytes = [UInt8](repeating: 0, count: 65536)
            while true {
                let far = try self.far()
                let count = read(far, &bytes, bytes.count)
                if count > 0 { return Array(bytes[..<count]) }
                try self.waits.wait("read", for: POLLIN, on: far, until: deadline)
            }
        }
    }

    private func far() throws(DeviceError) -> Int32 {
        guard let far = line?.far else { throw DeviceError(.gone, "pty") }
        return far
    }
}
