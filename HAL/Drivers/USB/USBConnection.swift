import CLibUSB
import HAL

/// A claimed interface with a thread of its own for what blocks. Each endpoint takes one transfer at a time.
actor USBConnection {
    nonisolated let interface: USBInterface
    private nonisolated let thread = DeviceThread(name: "usb-device")
    private nonisolated let clock: any TerminalClock
    private var handle: USBHandle?
    private var pending: [ObjectIdentifier: USBTransfer] = [:]
    private var closing: CheckedContinuation<Void, Never>?
    private(set) var isGone = false

    /// The most that one transfer sends. What a printer takes it takes packet by packet, but is only told of at the end.
    private static let offerLimit = 4096
    /// How often a stalled endpoint is cleared for one transfer.
    private static let stallLimit = 2
    private static let setupBytes = 8

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(interface: USBInterface, clock: any TerminalClock) {
        self.interface = interface
        self.clock = clock
    }

    /// Opens the device and claims the interface. Throws `.refused`, `.busy`, `.gone`.
    func open(_ device: USBDevice) throws(DeviceError) { handle = try USBHandle(device, claiming: interface) }

    /// Cancels what waits, gives the interface back and closes the device. Returns when all that is done.
    func close() async {
        guard let handle, closing == nil else { return }
        self.handle = nil
        if !pending.isEmpty {
            for transfer in pending.values { transfer.cancel() }
            await withCheckedContinuation { closing = $0 }
        }
        // Lives until here, and ends on this thread.
        withExtendedLifetime(handle) {}
    }

    /// Sends as many of the first `bytes` as the device takes until the deadline, 4,096 at most; returns how many. Throws
    /// `.cancelled`, `.gone`, `.protocolViolation` for an endpoint that stays stalled.
    func offer(
        _ bytes: some Collection<UInt8>, to endpoint: USBEndpoint, deadline: Uptime
    ) async throws(DeviceError) -> Int {
        var stalls = 0
        while true {
            let transfer = try transfer(endpoint, bytes: bytes.prefix(Self.offerLimit), deadline: deadline)
            let ending = try await perform(transfer)
            let isInTime = ending.status != LIBUSB_TRANSFER_TIMED_OUT
            if ending.status == LIBUSB_TRANSFER_COMPLETED || ending.count > 0 || !isInTime { return ending.count }
            try recover(ending, endpoint, &stalls)
        }
    }

    /// The next bytes, up to `packets` full packets; none for an empty packet. Waits for ever without a deadline. What came
    /// before a deadline passed is returned, not lost.
    func receive(
        packets: Int = 1, from endpoint: USBEndpoint, deadline: Uptime?
    ) async throws(DeviceError) -> [UInt8] {
        let room = repeatElement(UInt8(0), count: packets * endpoint.packetBytes)
        var stalls = 0
        while true {
            let transfer = try transfer(endpoint, bytes: room, deadline: deadline)
            let ending = try await perform(transfer)
            let isPart = ending.count > 0 && ending.status != LIBUSB_TRANSFER_OVERFLOW
            if ending.status == LIBUSB_TRANSFER_COMPLETED || isPart { return transfer.bytes(count: ending.count) }
            try recover(ending, endpoint, &stalls)
        }
    }

    /// The answer to a control request; nil where the device does not know it (a stall, which the next request ends).
    func answer(to request: USBRequest, deadline: Uptime) async throws(DeviceError) -> [UInt8]? {
        let bytes = request.setup + [UInt8](repeating: 0, count: request.answerBytes)
        let transfer = try USBTransfer(
            LIBUSB_TRANSFER_TYPE_CONTROL, endpoint: 0, bytes: bytes,
            milliseconds: milliseconds(until: deadline, "control transfer"), on: openHandle("control transfer"))
        let ending = try await perform(transfer)
        switch ending.status {
        case LIBUSB_TRANSFER_COMPLETED: return transfer.bytes(from: Self.setupBytes, count: ending.count)
        case LIBUSB_TRANSFER_STALL: return nil
        default: throw failure(ending.status, "control transfer")
        }
    }

    private func transfer(
        _ endpoint: USBEndpoint, bytes: some Collection<UInt8>, deadline: Uptime?
    ) throws(DeviceError) -> USBTransfer {
        let name = Self.name(endpoint)
        let kind = endpoint.kind == .bulk ? LIBUSB_TRANSFER_TYPE_BULK : LIBUSB_TRANSFER_TYPE_INTERRUPT
        let milliseconds = if let deadline { try milliseconds(until: deadline, name) } else { 0 }
        return try USBTransfer(
            kind, endpoint: endpoint.address, bytes: bytes, milliseconds: milliseconds, on: openHandle(name))
    }

    private func perform(_ transfer: USBTransfer) async throws(DeviceError) -> USBTransfer.Ending {
        pending[ObjectIdentifier(transfer)] = transfer
        defer {
            pending[ObjectIdentifier(transfer)] = nil
            if pending.isEmpty {
                closing?.resume()
                closing = nil
            }
        }
        do throws(DeviceError) {
            return try await transfer.perform()
        } catch {
            if error.kind == .gone { isGone = true }
            throw error
        }
    }

    /// Clears a stall so that the transfer can be tried again; throws what cannot be mended.
    private func recover(
        _ ending: USBTransfer.Ending, _ endpoint: USBEndpoint, _ stalls: inout Int
    ) throws(DeviceError) {
        guard ending.status == LIBUSB_TRANSFER_STALL, stalls < Self.stallLimit else {
            throw failure(ending.status, Self.name(endpoint))
        }
        stalls += 1
        try openHandle(Self.name(endpoint)).clearHalt(endpoint)
    }

    private func failure(_ status: libusb_transfer_status, _ operation: String) -> DeviceError {
        // Cancelled by `close`: to whoever waits the device is gone.
        if status == LIBUSB_TRANSFER_CANCELLED, handle == nil { return DeviceError(.gone, operation, code: "closed") }
        if status == LIBUSB_TRANSFER_NO_DEVICE { isGone = true }
        return DeviceError(status, operation)
    }

    private func openHandle(_ operation: String) throws(DeviceError) -> USBHandle {
        guard let handle, !isGone else { throw DeviceError(.gone, operation, code: "closed") }
        return handle
    }

    /// What libusb takes as a time limit: at least 1.
    private func milliseconds(until deadline: Uptime, _ operation: String) throws(DeviceError) -> Int {
        if Task.isCancelled { throw DeviceError(.cancelled, operation) }
        let left = deadline.milliseconds(since: clock.uptime)
        guard left > 0 else { throw DeviceError(.timeout, operation) }
        return Int(min(left.rounded(.up), 3_600_000))
    }

    private static func name(_ endpoint: USBEndpoint) -> String {
        "\(endpoint.kind) \(endpoint.isInput ? "in" : "out") \(endpoint.address & 0x0F)"
    }
}
