public import HAL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An open serial line with a thread of its own to wait on. One call at a time; only `close` and `abort` overtake a waiting
/// one.
public actor SerialLine: PrinterLine {
    private nonisolated let thread = DeviceThread(name: "serial")
    private nonisolated let waits: DescriptorWait
    private var tty: TTY?

    /// The most that one read takes, whatever the caller allows.
    private static let readLimit = 64 * 1024

    /// Its thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(clock: any TerminalClock) throws(DeviceError) { waits = try DescriptorWait(clock: clock) }

    /// Opens the line at `path`.
    func open(_ path: String, settings: SerialSettings) throws(DeviceError) {
        tty = try TTY(path: path, settings: settings)
    }

    /// The next bytes; empty when the device is gone. Throws `.timeout`, `.cancelled`, `.gone` once closed.
    public func read(atMost limit: Int, deadline: Uptime) async throws(DeviceError) -> [UInt8] {
        try await waits.interruptible { () throws(DeviceError) in
            while true {
                let descriptor = try self.openDescriptor("read")
                if let bytes = try self.tty?.receive(atMost: min(max(1, limit), Self.readLimit)) { return bytes }
                try self.waits.wait("read", for: POLLIN, on: descriptor, until: deadline)
            }
        }
    }

    /// Writes all of `bytes`; the device may still be busy with them.
    public func write(_ bytes: [UInt8], deadline: Uptime) async throws(DeviceError) {
        try await waits.interruptible { () throws(DeviceError) in
            var rest = bytes[...]
            while !rest.isEmpty { rest = rest.dropFirst(try self.send(rest, deadline: deadline)) }
        }
    }

    /// Writes what the line takes.
    public func offer(_ bytes: [UInt8], deadline: Uptime) async throws(DeviceError) -> Int {
        guard !bytes.isEmpty else { return 0 }
        do throws(DeviceError) {
            return try await waits.interruptible { () throws(DeviceError) in
                try self.send(bytes[...], deadline: deadline)
            }
        } catch {
            if error.kind == .timeout { return 0 }
            throw error
        }
    }

    /// True if the device is gone.
    public func isStale() async -> Bool {
        guard let descriptor = try? openDescriptor("poll") else { return true }
        var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, 0) != 0
    }

    /// Closes when all that was written has been sent, or after the kernel's half a minute.
    public nonisolated func close() async {
        waits.close()
        await letGo(discarding: false)
    }

    /// Closes at once.
    public nonisolated func abort() async {
        waits.close()
        await letGo(discarding: true)
    }

    private func letGo(discarding: Bool) {
        if discarding { tty?.discardUnsent() }
        tty = nil
    }

    private func openDescriptor(_ operation: String) throws(DeviceError) -> Int32 {
        try waits.checkOpen(operation)
        guard let descriptor = tty?.descriptor else { throw DeviceError(.gone, operation, code: "closed") }
        return descriptor
    }

    private func send(_ bytes: ArraySlice<UInt8>, deadline: Uptime) throws(DeviceError) -> Int {
        while true {
            let descriptor = try openDescriptor("write")
            if let sent = try tty?.send(bytes) { return sent }
            try waits.wait("write", for: POLLOUT, on: descriptor, until: deadline)
        }
    }
}
