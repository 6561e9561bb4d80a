import HAL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A console, pipe or file that is written to, whole messages at a time: each takes the place of the one before.
actor ConsoleFile: ByteStream {
    private nonisolated let thread = DeviceThread(name: "console")
    private nonisolated let waits: DescriptorWait
    private var file: File?

    /// Clears the console and goes to its first line (ECMA-48: ED, CUP).
    private static let clear = Array("\u{1B}[2J\u{1B}[H".utf8)

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(clock: any TerminalClock) throws(DeviceError) { waits = try DescriptorWait(clock: clock) }

    private struct File: ~Copyable {
        let descriptor: Int32
        let isConsole: Bool

        init(_ path: String) throws(DeviceError) {
            // A console that is missing must not be made, as a file in its place.
            let creation = path.hasPrefix("/dev/") ? 0 : O_CREAT
            descriptor = Self.open(path, O_WRONLY | creation | O_NOCTTY | O_NONBLOCK | O_CLOEXEC, 0o644)
            isConsole = descriptor >= 0 && isatty(descriptor) == 1
            guard descriptor >= 0 else { throw DeviceError(errno: errno, "open") }
        }

        deinit { if descriptor >= 0 { _ = Self.close(descriptor) } }

        #if canImport(Glibc)
            private static let close = Glibc.close
            private static func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
                Glibc.open(path, flags, mode)
            }
        #elseif canImport(Musl)
            private static let close = Musl.close
            private static func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
                Musl.open(path, flags, mode)
            }
        #endif
    }

    func open(_ path: String) throws(DeviceError) { file = try File(path) }

    /// Nothing ever comes from it: returns when it is gone, and throws at the deadline.
    func read(atMost limit: Int, deadline: Uptime) async throws(DeviceError) -> [UInt8] {
        try await waits.interruptible { () throws(DeviceError) in
            while try !self.waits.wait("poll", for: 0, on: try self.descriptor("poll"), until: deadline) {}
            return []
        }
    }

    func write(_ bytes: [UInt8], deadline: Uptime) async throws(DeviceError) {
        try await waits.interruptible { () throws(DeviceError) in
            let descriptor = try self.descriptor("write")
            let isConsole = self.file?.isConsole == true
            // A pipe can be neither shortened nor rewound; it gets one message after the other.
            if !isConsole && ftruncate(descriptor, 0) == 0 { lseek(descriptor, 0, SEEK_SET) }
            var rest = (isConsole ? Self.clear + bytes : bytes)[...]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes { Self.write(descriptor, $0.baseAddress, $0.count) }
                if sent > 0 {
                    rest = rest.dropFirst(sent)
                } else if sent < 0, errno != EAGAIN, errno != EINTR {
                    throw DeviceError(errno: errno, "write")
                } else {
                    try self.waits.wait("write", for: POLLOUT, on: descriptor, until: deadline)
                }
            }
        }
    }

    func isStale() async -> Bool { file == nil }

    nonisolated func close() async {
        waits.close()
        await letGo()
    }

    private func letGo() { file = nil }

    private func descriptor(_ operation: String) throws(DeviceError) -> Int32 {
        try waits.checkOpen(operation)
        guard let descriptor = file?.descriptor else { throw DeviceError(.gone, operation, code: "closed") }
        return descriptor
    }

    #if canImport(Glibc)
        private static let write = Glibc.write
    #elseif canImport(Musl)
        private static let write = Musl.write
    #endif
}
