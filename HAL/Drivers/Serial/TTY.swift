import CLinux
import HAL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An open tty that is ours alone and never blocks; given back when the last owner lets go. The only place that calls the
/// tty functions. What cannot be done at once answers nil: wait, then try again.
struct TTY: ~Copyable {
    let descriptor: Int32

    /// Opens and sets it. What came before is dropped.
    init(path: String, settings: SerialSettings) throws(DeviceError) {
        descriptor = Self.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw DeviceError(errno: errno, "open") }
        guard let speed = Self.speeds[settings.baud] else {
            throw DeviceError(.other, "cfsetspeed", code: "no rate \(settings.baud)")
        }
        // Root passes the kernel's exclusive mode, but not this lock, which other programs for serial lines take too.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw DeviceError(.busy, "flock", code: "EWOULDBLOCK") }
        var state = termios()
        guard tcgetattr(descriptor, &state) == 0 else { throw DeviceError(errno: errno, "tcgetattr") }
        _ = tender_tty_claim(descriptor)
        cfmakeraw(&state)
        state.c_cflag &= ~tcflag_t(CSTOPB | PARENB) & ~tcflag_t(CRTSCTS)
        state.c_cflag |= tcflag_t(CLOCAL | CREAD)
        state.c_iflag &= ~tcflag_t(IXON | IXOFF)
        switch settings.flowControl {
        case .none: break
        case .hardware: state.c_cflag |= tcflag_t(CRTSCTS)
        case .software: state.c_iflag |= tcflag_t(IXON)
        }
        cfsetspeed(&state, speed)
        guard tcsetattr(descriptor, TCSANOW, &state) == 0 else { throw DeviceError(errno: errno, "tcsetattr") }
        tcflush(descriptor, TCIFLUSH)
        // Some devices are silent until DTR is up; a PTY has no such line.
        _ = tender_tty_raise(descriptor)
    }

    deinit {
        guard descriptor >= 0 else { return }
        _ = tender_tty_release(descriptor)
        _ = Self.close(descriptor)
    }

    /// Up to `limit` bytes, none when the line has hung up.
    func receive(atMost limit: Int) throws(DeviceError) -> [UInt8]? {
        var number: Int32 = 0
        var isFailed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            let received = read(descriptor, buffer.baseAddress, limit)
            number = errno
            isFailed = received < 0
            count = max(0, received)
        }
        guard isFailed else { return bytes }
        switch number {
        case EAGAIN, EINTR: return nil
        case EIO: return []
        default: throw DeviceError(errno: number, "read")
        }
    }

    /// The number of bytes taken, at least one.
    func send(_ bytes: ArraySlice<UInt8>) throws(DeviceError) -> Int? {
        let sent = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if sent > 0 { return sent }
        if sent == 0 || errno == EAGAIN || errno == EINTR { return nil }
        throw DeviceError(errno: errno, "write")
    }

    /// Forgets what has not been sent yet: closing would wait for it.
    func discardUnsent() { tcflush(descriptor, TCOFLUSH) }

    private static let speeds: [Int: speed_t] = [
        1200: speed_t(B1200), 2400: speed_t(B2400), 4800: speed_t(B4800), 9600: speed_t(B9600), 19200: speed_t(B19200),
        38400: speed_t(B38400), 57600: speed_t(B57600), 115_200: speed_t(B115200), 230_400: speed_t(B230400),
        460_800: speed_t(B460800), 921_600: speed_t(B921600),
    ]

    // Inside methods of the same name the C functions are hidden: these name them once.
    #if canImport(Glibc)
        private static let close = Glibc.close
        private static func open(_ path: String, _ flags: Int32) -> Int32 { Glibc.open(path, flags) }
    #elseif canImport(Musl)
        private static let close = Musl.close
        private static func open(_ path: String, _ flags: Int32) -> Int32 { Musl.open(path, flags) }
    #endif
}
