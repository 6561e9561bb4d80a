public import HAL
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A card reader that speaks the vpcd protocol itself, for machines where pcscd cannot be started. For simulations only.
public actor VPCDReader: CardReader {
    private nonisolated let thread = DeviceThread(name: "vpcd")
    private nonisolated let listener: LoopbackSocket
    private nonisolated let wakeUp: WakeUp
    private nonisolated let clock: any TerminalClock
    /// What a card may take for its answer to reset, whatever is left of the wait.
    private static let answerMilliseconds = 500
    private var card: LoopbackSocket?
    private var messages = LengthPrefixedSplitter(limit: VPCDControl.messageLimit)

    /// The reader's own thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// The loopback port on which a card is inserted.
    public nonisolated let port: UInt16

    /// Listens on loopback port `port`; 0 lets the kernel choose. Throws `.busy` for a port in use.
    public init(port: UInt16 = 0, clock: any TerminalClock) throws(DeviceError) {
        listener = try .listening(port: port)
        wakeUp = try WakeUp()
        self.port = listener.port
        self.clock = clock
    }

    /// Waits for a card, powers it and returns its answer to reset. Throws `.cardMute` for an empty one, `.timeout`,
    /// `.cancelled`.
    public func awaitCard(deadline: Uptime) async throws(DeviceError) -> [UInt8] {
        try await interruptible { () throws(DeviceError) in
            self.sendPowerDown()
            while true {
                try self.awaitConnection("awaitCard", until: deadline)
                do throws(DeviceError) {
                    try self.send([VPCDControl.powerOn.rawValue], "awaitCard")
                    try self.send([VPCDControl.answerToReset.rawValue], "awaitCard")
                    // A card that is there counts, however short the wait.
                    let soon = self.clock.uptime.advanced(milliseconds: Self.answerMilliseconds)
                    let answer = try self.receive("awaitCard", until: max(deadline, soon))
                    guard !answer.isEmpty else { throw DeviceError(.cardMute, "awaitCard") }
                    return answer
                } catch  where error.kind == .cardRemoved {
                    continue
                }
            }
        }
    }

    /// Sends a command APDU. At the deadline the card is dropped: a late answer must not be taken for the next one's.
    public func transmit(_ command: [UInt8], deadline: Uptime) async throws(DeviceError) -> [UInt8] {
        try await interruptible { () throws(DeviceError) in
            do throws(DeviceError) {
                try self.send(command, "transmit")
                let response = try self.receive("transmit", until: deadline)
                guard response.count >= 2 else { throw DeviceError(.cardRemoved, "transmit") }
                return response
            } catch {
                self.dropCard()
                throw error
            }
        }
    }

    /// Removes power from the card.
    public func powerDown() async { sendPowerDown() }

    /// Waits until no card is in the slot.
    public func awaitRemoval(deadline: Uptime) async throws(DeviceError) {
        try await interruptible { () throws(DeviceError) in
            if self.card == nil { self.card = self.listener.accept() }
            while let card = self.card {
                try self.wait("awaitRemoval", for: card, until: deadline)
                if card.read()?.isEmpty == true { self.dropCard() }
            }
        }
    }

    /// Its port; it is always ready.
    public nonisolated func status() async -> DeviceStatus {
        DeviceStatus(name: "vpcd 127.0.0.1:\(port)", isReady: true, note: "simulation")
    }

    private func sendPowerDown() {
        try? send([VPCDControl.powerOff.rawValue], "powerDown")
    }

    private func dropCard() {
        card = nil
        messages = LengthPrefixedSplitter(limit: VPCDControl.messageLimit)
    }

    private func awaitConnection(_ operation: String, until deadline: Uptime) throws(DeviceError) {
        while card == nil {
            card = listener.accept()
            if card == nil { try wait(operation, for: listener, until: deadline) }
        }
    }

    private func send(_ body: [UInt8], _ operation: String) throws(DeviceError) {
        guard let message = try? LengthPrefixedSplitter.encode(body) else {
            throw DeviceError(.protocolViolation, operation)
        }
        guard let card, card.write(message) else {
            dropCard()
            throw DeviceError(.cardRemoved, operation)
        }
    }

    private func receive(_ operation: String, until deadline: Uptime) throws(DeviceError) -> [UInt8] {
        while true {
            if let message = try? messages.next() { return message }
            guard let card else { throw DeviceError(.cardRemoved, operation) }
            try wait(operation, for: card, until: deadline)
            guard let bytes = card.read() else { continue }
            if bytes.isEmpty { dropCard() } else { messages.append(bytes) }
        }
    }

    /// Returns when the socket is ready or somebody woke this thread: look again in either case.
    private func wait(_ operation: String, for socket: LoopbackSocket, until deadline: Uptime) throws(DeviceError) {
        if Task.isCancelled { throw DeviceError(.cancelled, operation) }
        let left = deadline.milliseconds(since: clock.uptime).rounded(.up)
        guard left > 0 else { throw DeviceError(.timeout, operation) }
        socket.acknowledgeQuickly()
        let ready = LoopbackSocket.poll(
            [(wakeUp.descriptor, Int16(POLLIN)), (socket.descriptor, Int16(POLLIN))],
            milliseconds: Int(min(left, 3_600_000)))
        if ready[0] { wakeUp.drain() }
    }

    /// Runs `body`, whose waits end when the task is cancelled.
    private func interruptible<Value: Sendable>(
        _ body: () throws(DeviceError) -> Value
    ) async throws(DeviceError) -> Value {
        let wakeUp = wakeUp
        return try await withTaskCancellationHandler {
            Result(catching: body)
        } onCancel: {
            wakeUp.signal()
        }.get()
    }
}
