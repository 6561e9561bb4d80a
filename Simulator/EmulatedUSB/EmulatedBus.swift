public import HAL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A USB bus without hardware, for unmodified programs that use libusb: devices are plugged in and out, and answer for
/// themselves. The bus is a process of its own (`usb-bus`) that ends with this object.
public final class EmulatedBus: Sendable {
    private struct State {
        var folder: String?
        var isEnded = false
        var listeners: [UInt8: any BusListener] = [:]
        var lastNumber: UInt8 = 1
        var waits: [(condition: @Sendable (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
        var present: Set<UInt8> = []
    }
    private let process: BusProcess
    private let state: Box
    private let folder: String

    /// The library that shows a program the bus instead of the machine's own.
    static let preload = "libumockdev-preload.so.0"

    /// Starts the program beside the running one, or in .build/debug. Throws `.absent` where it is not, or where umockdev is
    /// not installed.
    public init(program: String? = nil) async throws(DeviceError) {
        let state = Box()
        guard let program = program ?? Self.program else { throw DeviceError(.absent, "usb-bus") }
        process = try BusProcess(program) { state.hear($0) }
        self.state = state
        await state.wait { $0.folder != nil || $0.isEnded }
        guard let folder = state.content.withLock(\.folder) else { throw DeviceError(.absent, "umockdev") }
        self.folder = folder
    }

    deinit { process.end() }

    /// What a program needs in its environment to see this bus.
    public var environment: [String: String] { ["LD_PRELOAD": Self.preload, "UMOCKDEV_DIR": folder] }

    /// Whether the running process was started with the library, so that `enter` shows it the bus.
    public static var canEnter: Bool {
        guard let libraries = getenv("LD_PRELOAD") else { return false }
        return String(cString: libraries).contains("umockdev-preload") && program != nil
    }

    /// From now on this process sees this bus, and only this.
    public func enter() { setenv("UMOCKDEV_DIR", folder, 1) }

    /// From now on this process sees the machine's own buses again.
    public func leave() { unsetenv("UMOCKDEV_DIR") }

    /// Plugs a device in, on `port` of bus 1: `1-2`. Throws `.busy` when the bus is full, `.gone` when it has ended.
    public func plug<Device: EmulatedDevice>(
        _ device: Device, port name: String
    ) async throws(DeviceError) -> EmulatedPort<Device> {
        let process = process
        let port: EmulatedPort<Device>? = state.content.withLock { state in
            let next = (1...126).map { UInt8((Int(state.lastNumber) - 2 + $0) % 126 + 2) }
            let used = state.listeners
            guard let number = next.first(where: { used[$0] == nil }) else { return nil }
            let port = EmulatedPort(device, name: name, number: number) { process.send($0) }
            state.listeners[number] = port
            state.lastNumber = number
            return port
        }
        guard let port else { throw DeviceError(.busy, "plug") }
        let number = port.number
        process.send(BusMessage.plug(number, port: name, identity: device.identity))
        await state.wait { $0.present.contains(number) || $0.isEnded }
        guard !state.content.withLock(\.isEnded) else { throw DeviceError(.gone, "plug") }
        return port
    }

    /// Pulls a device out; transfers that wait for it fail. Returns when it is gone from the bus.
    public func unplug(_ port: EmulatedPort<some EmulatedDevice>) async {
        let number = port.number
        guard state.content.withLock({ $0.present.contains(number) }) else { return }
        process.send(BusMessage.unplug(number))
        await state.wait { !$0.present.contains(number) || $0.isEnded }
    }

    /// Ends the bus with all that is on it, and returns when its process has ended.
    public func stop() async {
        process.end()
        await state.wait { $0.isEnded }
    }

    private static var program: String? {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count)
        let running = String(decoding: path.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let folder = running.lastIndex(of: "/").map { String(running[..<$0]) } ?? "."
        return [folder, ".build/debug"].map { $0 + "/usb-bus" }.first { access($0, X_OK) == 0 }
    }

    /// The state, shared with the thread that hears the bus.
    private final class Box: Sendable {
        let content = Mutex(State())

        func hear(_ message: BusMessage?) {
            let listener: (any BusListener)? = content.withLock { state in
                switch message {
                case nil: state.isEnded = true
                case .ready(let folder): state.folder = folder
                case .plugged(let number): state.present.insert(number)
                case .unplugged(let number):
                    state.present.remove(number)
                    return state.listeners.removeValue(forKey: number)
                case .submitted(let number, _), .discarded(let number, _), .event(let number, _):
                    return state.listeners[number]
                }
                return nil
            }
            if let message { listener?.hear(message) }
            let ready = content.withLock { state in
                let waits = state.waits
                state.waits = waits.filter { !$0.condition(state) }
                return waits.filter { $0.condition(state) }
            }
            for wait in ready { wait.continuation.resume() }
        }

        func wait(_ condition: @escaping @Sendable (State) -> Bool) async {
            await withCheckedContinuation { continuation in
                let holds = content.withLock { state in
                    if condition(state) { return true }
                    state.waits.append((condition, continuation))
                    return false
                }
                if holds { continuation.resume() }
            }
        }
    }
}
