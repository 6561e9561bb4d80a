public import HAL
import SimulatedCards
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A hand that puts one card into the card reader of a QEMU machine (`usb-ccid` with `ccid-card-passthru`), whose kernel and
/// pcscd take it for a CCID reader on USB. It speaks the VSCard protocol over the socket of QEMU's character device: messages
/// of type, reader and length, 4 bytes each, high byte first, and then so many bytes.
public final class PassthruSlot: Sendable {
    private enum Message: UInt32 {
        case begin = 1
        case addReader = 3
        case answerToReset = 5
        case removeCard = 6
        case command = 7
    }

    private let descriptor: Int32
    private let card: Mutex<any CardMachine>
    private static let headerBytes = 12
    /// QEMU's reader speaks T=0 only, so this offers nothing else (ISO/IEC 7816-3, 8.2), whatever the card would say itself.
    private static let answerToReset: [UInt8] = [0x3B, 0x66, 0x00, 0x00] + Array("TENDER".utf8)
    private static let messageLimit = 0x10000

    /// Connects to the socket at `path` and inserts `card`; `remove` takes it out. Throws `.refused` where nobody listens there.
    public init(path: String, card: any CardMachine) throws(DeviceError) {
        descriptor = try Self.connect(to: path)
        self.card = Mutex(card)
        // "VSCD", version 0.0.2, no capabilities; a reader without a name; and the card has power.
        send(.begin, Array("VSCD".utf8) + [0, 0, 0, 2, 0, 0, 0, 0])
        send(.addReader, Array("Tender".utf8))
        send(.answerToReset, Self.answerToReset)
        DeviceThread.detach(name: "qemu-card") { [self] in serve() }
    }

    deinit { close(descriptor) }

    /// Takes the card out; the thread behind it ends.
    public func remove() {
        send(.removeCard, [])
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private func serve() {
        while let header = read(Self.headerBytes) {
            let length = header[8...].reduce(0) { $0 << 8 | Int($1) }
            guard length <= Self.messageLimit, let body = read(length) else { return }
            // The machine's words about its own state need no answer.
            guard header[3] == Message.command.rawValue else { continue }
            switch card.withLock({ $0.handle(body) }) {
            case .response(let response): send(.command, response)
            case .silence: continue
            case .removed: return remove()
            }
        }
    }

    private func send(_ message: Message, _ body: [UInt8]) {
        func word(_ number: Int) -> [UInt8] { (0..<4).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
        let bytes = word(Int(message.rawValue)) + word(0) + word(body.count) + body
        _ = Self.systemSend(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress?.advanced(by: filled), count - filled, 0)
            }
            guard got > 0 else { return nil }
            filled += got
        }
        return bytes
    }

    private static func connect(to path: String) throws(DeviceError) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        let isLong = withUnsafeMutableBytes(of: &address.sun_path) { space in
            space.copyBytes(from: path.utf8.prefix(space.count - 1))
            return path.utf8.count >= space.count
        }
        address.sun_family = sa_family_t(AF_UNIX)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                systemConnect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard descriptor >= 0, !isLong, status == 0 else {
            let number = errno
            close(descriptor)
            throw DeviceError(.refused, "connect \(path)", code: "errno \(number)")
        }
        return descriptor
    }

    // Inside methods of the same name the C functions are hidden.
    #if canImport(Glibc)
        private static let systemConnect = Glibc.connect
        private static let systemSend = Glibc.send
    #elseif canImport(Musl)
        private static let systemConnect = Musl.connect
        private static let systemSend = Musl.send
    #endif
}
