public import HAL
import Synchronization

/// The USB of this machine: what is plugged in, and news of it. One for the process; ports and scanners share it.
public final class USBBus: Sendable {
    private struct State {
        var devices: [USBDevice] = []
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var lastListener = 0
    }
    private let context: USBContext
    private let state = Mutex(State())

    /// Looks at what is there and begins to listen; takes some milliseconds. Throws where the machine has no USB at all.
    public init() throws(DeviceError) {
        context = try USBContext()
        look()
        context.start { [weak self] in self?.look() }
    }

    deinit { state.withLock { for listener in $0.listeners.values { listener.finish() } } }

    /// What is plugged in now, ordered by port; hubs are left out.
    public var devices: [USBDevice] { state.withLock(\.devices) }

    /// News that something was plugged in or out, the latest only; ends with the bus.
    public func changes() -> AsyncStream<Void> { news().stream }

    /// The same, with what makes more news: to be told to look again.
    func news() -> (stream: AsyncStream<Void>, again: AsyncStream<Void>.Continuation) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.lastListener += 1
            state.listeners[state.lastListener] = continuation
            return state.lastListener
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
        }
        return (stream, continuation)
    }

    /// Why nothing that `match` accepts serves as `what`: nothing is there, or what is there cannot be believed. Only of a
    /// device that was asked for by name it is certain that it should have served.
    func absence(of what: String, _ match: USBMatch) -> DeviceError {
        for device in devices.filter(match.accepts) {
            guard let fault = device.fault else { continue }
            return DeviceError(match.isSpecific ? fault.kind : .absent, what, code: "\(device.name): \(fault.code)")
        }
        return DeviceError(.absent, what, code: "none that matches is plugged in")
    }

    /// Compares what is there with what was: a device keeps what was read of it when it came.
    private func look() {
        guard let references = try? context.devices() else { return }
        let known = Dictionary(devices.map { ($0.reference.pointer, $0) }, uniquingKeysWith: { first, _ in first })
        let found = references.compactMap { known[$0.pointer] ?? USBDevice($0) }.sorted { $0.port < $1.port }
        let listeners = state.withLock { state in
            let isSame = state.devices.map(\.reference.pointer) == found.map(\.reference.pointer)
            state.devices = found
            return isSame ? [] : Array(state.listeners.values)
        }
        for listener in listeners { listener.yield() }
    }
}

extension USBDevice {
    /// Reads what the kernel knows of it; nil for a hub, and for what is gone already.
    fileprivate init?(_ reference: USBDeviceReference) {
        guard let port = reference.port else { return nil }
        let attributes = USBAttributes(port: port)
        guard let bytes = attributes.descriptors, bytes.count > 4, bytes[4] != Self.hubClass else { return nil }
        self.port = port
        (vendor, product) = reference.ids
        manufacturer = attributes.name("manufacturer")
        productName = attributes.name("product")
        serial = attributes.name("serial")
        let configuration = attributes.configuration
        descriptors = Result { () throws(DeviceError) in try USBDescriptors(bytes, configuration: configuration) }
        self.reference = reference
    }

    private static let hubClass: UInt8 = 0x09
}
