public import HAL
import Synchronization

/// A card reader behind pcscd, with contacts or without: the one with the configured name, or the first there is. The
/// reader may be absent at first, vanish and come back, and so may pcscd itself; each operation looks anew. Where it has
/// keys of its own (PC/SC part 10, FEATURE_VERIFY_PIN_DIRECT), it takes PINs and shows them to the card.
///
/// The card is held exclusively from `awaitCard` to `powerDown`. One operation runs at a time, later ones queue.
public final class PCSCReader: CardReader {
    private let readerName: String?
    private let clock: any TerminalClock
    private let session: Mutex<PCSCSession>

    /// A reader by its PC/SC name, `Virtual PCD 00 00`; nil takes the first one. Deadlines are points on `clock`.
    public init(named readerName: String? = nil, clock: any TerminalClock) {
        self.readerName = readerName
        self.clock = clock
        session = Mutex(PCSCSession(readerName: readerName))
    }

    /// Waits for a card, powers it and returns its answer to reset (ISO/IEC 7816-3, at most 33 bytes). Throws `.absent`
    /// when there is no reader for two seconds or no pcscd, `.cardMute` for a card without answer, `.busy` when
    /// another program holds the card, `.timeout`, `.cancelled`.
    public func awaitCard(deadline: Uptime) async throws(DeviceError) -> [UInt8] {
        try await perform("awaitCard", deadline: deadline, grace: Self.graceMilliseconds) { session, wait in
            session.awaitCard(wait)
        }
    }

    /// Sends a command APDU. `SCardTransmit` knows no timeout: at the deadline the caller gets `.timeout`, and the
    /// call is left alone on its thread; until it returns, the card is `.busy` for everybody.
    public func transmit(_ command: [UInt8], deadline: Uptime) async throws(DeviceError) -> [UInt8] {
        try await perform("SCardTransmit", deadline: deadline, grace: 0) { session, wait in
            session.transmit(command, wait.clock)
        }
    }

    /// Removes power from the card and gives the reader free.
    public func powerDown() async {
        let deadline = clock.uptime.advanced(milliseconds: Self.serviceMilliseconds)
        try? await perform("SCardDisconnect", deadline: deadline, grace: 0) { session, _ in session.powerDown() }
    }

    /// Waits until no card is in the slot. Throws `.absent` when the reader is gone.
    public func awaitRemoval(deadline: Uptime) async throws(DeviceError) {
        try await perform("awaitRemoval", deadline: deadline, grace: Self.graceMilliseconds) { session, wait in
            session.awaitRemoval(wait)
        }
    }

    /// The reader's name, and whether pcscd knows it now.
    public func status() async -> DeviceStatus {
        let deadline = clock.uptime.advanced(milliseconds: Self.serviceMilliseconds)
        do throws(DeviceError) {
            // On a session of its own: the card's may wait for a customer.
            let session = PCSCSession(readerName: readerName)
            let name = try await perform("SCardListReaders", on: session, deadline: deadline, grace: 0) { session, _ in
                session.presentReader()
            }
            return described(.success(name))
        } catch {
            return described(.failure(error))
        }
    }

    /// Tells when the reader comes and goes, and pcscd with it.
    public func changes() -> AsyncStream<DeviceStatus> {
        let (statuses, source) = AsyncStream.makeStream(of: DeviceStatus.self, bufferingPolicy: .bufferingNewest(1))
        // A session of its own, which waits as long as anybody listens.
        let session = PCSCSession(readerName: readerName)
        let wait = PCSCWait(deadline: Uptime(nanoseconds: .max), clock: clock)
        let task = Task {
            _ = await session.watch(wait) { source.yield(self.described($0)) }
            source.finish()
        }
        source.onTermination = { _ in
            wait.cancel()
            task.cancel()
            DeviceThread.detach(name: "pcsc-cancel") { session.interrupt() }
        }
        return statuses
    }

    private func described(_ found: Result<String?, DeviceError>) -> DeviceStatus {
        let wanted = readerName ?? "PC/SC"
        switch found {
        case .success(let name?): return DeviceStatus(name: name, isReady: true)
        case .success(nil): return DeviceStatus(name: wanted, isReady: false, note: "no such reader")
        case .failure(let error): return DeviceStatus(name: wanted, isReady: false, note: error.description)
        }
    }

    /// In the clear, from the reader's keys to its card, where it has keys.
    public func offlinePINMethods() async -> Set<OfflinePINMethod> {
        let deadline = clock.uptime.advanced(milliseconds: Self.serviceMilliseconds)
        let hasKeys = try? await perform(Self.control, deadline: deadline, grace: 0) { session, _ in session.hasKeys() }
        return hasKeys == true ? [.plaintext] : []
    }

    /// Lets the customer type a PIN on the reader's keys; the reader shows it to the card. `SCardControl` cannot be ended
    /// from outside: a cancelled caller is free at once, and the reader when its own time is over.
    public func enterOfflinePIN(
        _ request: OfflinePINRequest, deadline: Uptime
    ) async throws(DeviceError) -> OfflinePINResult {
        guard request.method == .plaintext else { throw DeviceError(.refused, Self.control) }
        let lengths = request.minimumLength...request.maximumLength
        while true {
            let response: [UInt8]
            do throws(DeviceError) {
                response = try await perform(Self.control, deadline: deadline, grace: Self.graceMilliseconds) {
                    session, wait in session.verifyPIN(lengths, wait)
                }
            } catch {
                if error.kind == .cancelled { give(up: session.withLock { $0 }) }
                throw error
            }
            // What the reader itself has to say (PC/SC part 10, 2.5.2.2); all else is the card's.
            switch response {
            case [0x64, 0x00]: throw DeviceError(.timeout, Self.control)
            case [0x64, 0x01]: return .cancelled
            case [0x64, 0x03]: continue  // too short or too long: once more
            case [0x6B, 0x80]: throw DeviceError(.refused, Self.control, code: "6B80")
            default: return .answered(response)
            }
        }
    }

    private static let control = "SCardControl"
    /// How long pcscd may take for what needs no card.
    private static let serviceMilliseconds = 2000
    /// A wait ends itself at its deadline; only one that is this late is stuck.
    private static let graceMilliseconds = 500

    private enum Answer<Value: Sendable>: Sendable {
        case returned(Result<Value, DeviceError>)
        case late
    }

    /// Runs `body` on the session's thread, but answers no later than deadline and grace, and at once when the task is
    /// cancelled. A session that is late is given up for a new one; it frees what it holds when its call returns.
    private func perform<Value: Sendable>(
        _ operation: String, on other: PCSCSession? = nil, deadline: Uptime, grace: Int,
        _ body: @escaping @Sendable (isolated PCSCSession, PCSCWait) -> Result<Value, DeviceError>
    ) async throws(DeviceError) -> Value {
        let session = other ?? session.withLock { $0 }
        let wait = PCSCWait(deadline: deadline, clock: clock)
        let (answers, source) = AsyncStream.makeStream(of: Answer<Value>.self, bufferingPolicy: .bufferingOldest(1))
        Task { source.yield(.returned(await body(session, wait))) }
        let timer = Task {
            try await clock.wait(until: deadline.advanced(milliseconds: grace))
            source.yield(.late)
        }
        defer { timer.cancel() }
        let answer = await withTaskCancellationHandler {
            await answers.first { _ in true }
        } onCancel: {
            wait.cancel()
            DeviceThread.detach(name: "pcsc-cancel") { session.interrupt() }
        }
        switch answer {
        case .returned(let result): return try result.get()
        case .late:
            give(up: session)
            throw DeviceError(.timeout, operation)
        case nil: throw DeviceError(.cancelled, operation)
        }
    }

    private func give(up late: PCSCSession) {
        session.withLock { if $0 === late { $0 = PCSCSession(readerName: readerName) } }
    }
}
