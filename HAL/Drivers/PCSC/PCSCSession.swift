import CPCSC
import HAL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One PC/SC context and at most one card, on a thread of their own. All results are values, for typed errors do not
/// cross a `Task`.
actor PCSCSession {
    private struct Card {
        let handle: SCARDHANDLE
        let activeProtocol: DWORD
    }

    private nonisolated let thread = DeviceThread(name: "pcsc")
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let readerName: String?
    /// Made when first needed, dropped when pcscd is gone. Locked, for `interrupt` comes from other threads.
    private nonisolated let context = Mutex<SCARDCONTEXT?>(nil)
    private var card: Card?

    init(readerName: String?) { self.readerName = readerName }

    isolated deinit {
        powerDownCard()
        releaseContext()
    }

    func awaitCard(_ wait: PCSCWait) -> Result<[UInt8], DeviceError> {
        answer { () throws(DeviceError) in
            powerDownCard()
            var isSecondTry = false
            while true {
                let reader = try awaitState(SCARD_STATE_PRESENT, wait)
                do throws(DeviceError) {
                    return try connect(reader)
                } catch  where error.kind == .cardRemoved || error.kind == .gone {
                    continue  // It left again before it was connected.
                } catch  where error.kind == .cardMute && !isSecondTry {
                    // A card on its way in or out has no good contact: let it come to rest, then ask once more.
                    isSecondTry = !isLeaving(wait.clock)
                }
            }
        }
    }

    func transmit(_ command: [UInt8], _ clock: any TerminalClock) -> Result<[UInt8], DeviceError> {
        answer { () throws(DeviceError) in
            guard let card else { throw DeviceError(.cardRemoved, "SCardTransmit") }
            guard command.count <= Self.extendedCapacity else {
                throw DeviceError(.protocolViolation, "SCardTransmit")
            }
            let command = card.activeProtocol == DWORD(SCARD_PROTOCOL_T0) ? Self.withoutLe(command) : command
            var status: LONG = 0
            let response = [UInt8](unsafeUninitializedCapacity: Self.responseCapacity(command)) { buffer, count in
                var length = DWORD(buffer.count)
                status = tender_pcsc_transmit(
                    card.handle, card.activeProtocol, command, DWORD(command.count), buffer.baseAddress, &length)
                count = tender_pcsc_code(status) == 0 ? min(Int(length), buffer.count) : 0
            }
            do throws(DeviceError) {
                try check(status, "SCardTransmit")
                // A card pulled during the exchange: success, and no bytes.
                guard response.count >= 2 else { throw DeviceError(.cardRemoved, "SCardTransmit") }
                return response
            } catch {
                guard error.kind == .cardMute || error.kind == .cardRemoved else { throw error }
                // A card that is being pulled looks mute until pcscd's next look at the slot. And one that is powered
                // down before that look makes pcscd miss a next card that comes before it.
                let isRemoved = isLeaving(clock) || error.kind == .cardRemoved
                powerDownCard()
                throw DeviceError(isRemoved ? .cardRemoved : .cardMute, error.operation, code: error.code)
            }
        }
    }

    func powerDown() -> Result<Void, DeviceError> {
        powerDownCard()
        return .success(())
    }

    func awaitRemoval(_ wait: PCSCWait) -> Result<Void, DeviceError> {
        answer { () throws(DeviceError) in
            _ = try awaitState(SCARD_STATE_EMPTY, wait)
            powerDownCard()
        }
    }

    /// Whether the reader has keys of its own. Asked while no card is held.
    func hasKeys() -> Result<Bool, DeviceError> {
        answer { () throws(DeviceError) in
            guard card == nil else { return try verifyControl(of: card) != nil }
            let context = try establishedContext()
            guard let reader = try findReader(context) else { return false }
            var handle = SCARDHANDLE()
            var activeProtocol: DWORD = 0
            try check(
                SCardConnect(context, reader, DWORD(SCARD_SHARE_DIRECT), 0, &handle, &activeProtocol), "SCardConnect")
            defer { SCardDisconnect(handle, DWORD(SCARD_LEAVE_CARD)) }
            return try verifyControl(of: Card(handle: handle, activeProtocol: activeProtocol)) != nil
        }
    }

    /// Lets the reader take a PIN on its own keys and show it to the card: the card's answer to VERIFY, or the reader's
    /// own status bytes (PC/SC part 10, 2.5.2).
    func verifyPIN(_ lengths: ClosedRange<Int>, _ wait: PCSCWait) -> Result<[UInt8], DeviceError> {
        answer { () throws(DeviceError) in
            guard let card else { throw DeviceError(.cardRemoved, Self.control) }
            guard let code = try verifyControl(of: card) else { throw DeviceError(.refused, Self.control) }
            // The reader gives up a second before its caller would.
            let seconds = try wait.milliseconds(atMost: 255_000, Self.control) / 1000 - 1
            let template: [UInt8] = [0x00, 0x20, 0x00, 0x80, 0x08, 0x20] + [UInt8](repeating: 0xFF, count: 7)
            var structure = [UInt8](repeating: 0, count: 64)
            let length = tender_pcsc_pin_verify(
                &structure, structure.count, UInt8(clamping: max(1, seconds)), UInt8(clamping: lengths.lowerBound),
                UInt8(clamping: lengths.upperBound), template, template.count)
            let response = try control(card, code, Array(structure.prefix(length)))
            // A card that is pulled out meanwhile: success, and no bytes.
            guard response.count >= 2 else { throw DeviceError(.cardRemoved, Self.control) }
            return response
        }
    }

    /// The name of the configured reader, or of the first; nil if it is not there.
    func presentReader() -> Result<String?, DeviceError> {
        answer { () throws(DeviceError) in try findReader(try establishedContext()) }
    }

    /// Tells who is there each time that changes, until it is cancelled; pcscd may stop and start meanwhile.
    func watch(
        _ wait: PCSCWait, _ tell: @Sendable (Result<String?, DeviceError>) -> Void
    ) -> Result<Void, DeviceError> {
        var told: Result<String?, DeviceError>?
        var pnpState: DWORD = 0
        while true {
            let found: Result<String?, DeviceError> = answer { () throws(DeviceError) in
                try findReader(try establishedContext())
            }
            if let told, told != found { tell(found) }
            told = found
            let waited: Result<Void, DeviceError> = answer { () throws(DeviceError) in
                let slice = try wait.milliseconds(atMost: Self.watchMilliseconds, "SCardGetStatusChange")
                var readerState: DWORD = 0
                try check(
                    waitForChange(try establishedContext(), nil, &readerState, &pnpState, milliseconds: slice),
                    "SCardGetStatusChange")
            }
            switch waited {
            case .success: continue
            case .failure(let error) where error.kind == .cancelled || error.kind == .timeout:
                do throws(DeviceError) {
                    _ = try wait.milliseconds(atMost: 1, error.operation)
                } catch { return .failure(error) }
            case .failure(let error):
                // No pcscd, or it went. Nothing tells when it comes; and where it is back at once, its reader was away.
                if told != .failure(error) { tell(.failure(error)) }
                told = .failure(error)
                releaseContext()
                pnpState = 0
                poll(nil, 0, Int32(Self.absenceMilliseconds / 2))
            }
        }
    }

    /// Ends a wait for a state from any other thread. One that has not begun yet sees its flag after a slice.
    nonisolated func interrupt() {
        context.withLock { if let context = $0 { SCardCancel(context) } }
    }

    /// `SCardCancel` just before a wait begins is lost: no wait is longer than this.
    private static let sliceMilliseconds = 250
    /// A watcher that is not wanted any more may stay so long.
    private static let watchMilliseconds = 10_000
    /// How long a reader may be missing: being plugged in again, or pcscd just started.
    private static let absenceMilliseconds = 2000
    /// pcscd looks at the slot every 400 ms.
    private static let removalMilliseconds = 500
    private static let control = "SCardControl"
    private static let featureVerifyPINDirect: UInt8 = 0x06
    private static let pnp = #"\\?PnP?\Notification"#

    /// `MAX_BUFFER_SIZE_EXTENDED`: header, three length bytes, 64 KiB, three length bytes, status.
    private static let extendedCapacity = 4 + 3 + 65536 + 3 + 2

    /// A case 2 or 4 short command gets at most 256 bytes and the status; an extended one 65,536.
    private static func responseCapacity(_ command: [UInt8]) -> Int {
        let isExtended = command.count >= 7 && command[4] == 0
        return isExtended ? extendedCapacity : Int(MAX_BUFFER_SIZE)
    }

    /// T=0 has no case 4: the expected length stays away, and the card says `61xx` (ISO/IEC 7816-3, 12.2).
    private static func withoutLe(_ command: [UInt8]) -> [UInt8] {
        guard command.count > 6, command[4] != 0, command.count == 5 + Int(command[4]) + 1 else { return command }
        return Array(command.dropLast())
    }

    private func isLeaving(_ clock: any TerminalClock) -> Bool {
        let deadline = clock.uptime.advanced(milliseconds: Self.removalMilliseconds)
        return (try? awaitState(SCARD_STATE_EMPTY, PCSCWait(deadline: deadline, clock: clock))) != nil
    }

    private func answer<Value>(_ body: () throws(DeviceError) -> Value) -> Result<Value, DeviceError> {
        do throws(DeviceError) {
            return .success(try body())
        } catch {
            // The context of a pcscd that is gone is of no use to the next one.
            if error.kind == .absent {
                powerDownCard()
                releaseContext()
            }
            return .failure(error)
        }
    }

    /// The control code of FEATURE_VERIFY_PIN_DIRECT, from objects of a tag, a length of four and a number, high byte first;
    /// nil where the reader has no such feature, or none at all.
    private func verifyControl(of card: Card?) throws(DeviceError) -> DWORD? {
        guard let card, let features = try? control(card, tender_pcsc_feature_request(), []) else { return nil }
        return stride(from: 0, to: features.count - features.count % 6, by: 6)
            .first { features[$0] == Self.featureVerifyPINDirect && features[$0 + 1] == 4 }
            .map { features[$0 + 2..<$0 + 6].reduce(0) { $0 << 8 | DWORD($1) } }
    }

    private func control(_ card: Card, _ code: DWORD, _ command: [UInt8]) throws(DeviceError) -> [UInt8] {
        var response = [UInt8](repeating: 0, count: Int(MAX_BUFFER_SIZE))
        var length: DWORD = 0
        try check(
            SCardControl(
                card.handle, code, command, DWORD(command.count), &response, DWORD(response.count), &length),
            Self.control)
        return Array(response.prefix(Int(length)))
    }

    private func establishedContext() throws(DeviceError) -> SCARDCONTEXT {
        if let context = context.withLock({ $0 }) { return context }
        var made = SCARDCONTEXT()
        try check(SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &made), "SCardEstablishContext")
        context.withLock { $0 = made }
        return made
    }

    private func releaseContext() {
        context.withLock {
            if let context = $0 { SCardReleaseContext(context) }
            $0 = nil
        }
    }

    private func powerDownCard() {
        if let card { SCardDisconnect(card.handle, DWORD(SCARD_UNPOWER_CARD)) }
        card = nil
    }

    private func findReader(_ context: SCARDCONTEXT) throws(DeviceError) -> String? {
        var names = [CChar](repeating: 0, count: Int(PCSCLITE_MAX_READERS_CONTEXTS) * Int(MAX_READERNAME) + 1)
        var length = DWORD(names.count)
        let status = SCardListReaders(context, nil, &names, &length)
        if tender_pcsc_code(status) == 0x8010_002E { return nil }  // NO_READERS_AVAILABLE
        try check(status, "SCardListReaders")
        let readers = names.prefix(Int(length)).split(separator: 0)
            .map { String(decoding: $0.map(UInt8.init(bitPattern:)), as: UTF8.self) }
        return readerName.map { readers.contains($0) ? $0 : nil } ?? readers.first
    }

    /// Waits until the reader's state has `flag`, and returns the reader's name.
    private func awaitState(_ flag: Int32, _ wait: PCSCWait) throws(DeviceError) -> String {
        let context = try establishedContext()
        var missingSince: Uptime?
        var readerState: DWORD = 0
        var pnpState: DWORD = 0
        var hasLooked = false
        while true {
            // What is there already counts, however little time was given: it was perhaps used up by whoever came before.
            try wait.checkWanted("SCardGetStatusChange")
            let slice = hasLooked ? try wait.milliseconds(atMost: Self.sliceMilliseconds, "SCardGetStatusChange") : 1
            let reader = try findReader(context)
            if reader != nil {
                missingSince = nil
            } else {
                readerState = 0
                let since = missingSince ?? wait.clock.uptime
                missingSince = since
                guard wait.clock.uptime.milliseconds(since: since) < Double(Self.absenceMilliseconds) else {
                    throw DeviceError(.absent, "SCardListReaders")
                }
            }
            let status = waitForChange(context, reader, &readerState, &pnpState, milliseconds: slice)
            do throws(DeviceError) {
                try check(status, "SCardGetStatusChange")
            } catch  where error.kind == .cancelled {
                continue  // Somebody's wish that an earlier wait end, or this one: the loop's head says which.
            } catch  where error.kind == .timeout {
                hasLooked = true
                continue  // Whether that is the end is for the loop's head to say.
            } catch  where tender_pcsc_code(status) == 0x8010_0009 {
                continue  // UNKNOWN_READER: it vanished after it was listed.
            }
            hasLooked = true
            let flags = tender_pcsc_flags(readerState)
            if let reader, flags & UInt32(flag) != 0 {
                if flags & UInt32(SCARD_STATE_MUTE) != 0, flag == SCARD_STATE_PRESENT {
                    throw DeviceError(.cardMute, "SCardGetStatusChange")
                }
                return reader
            }
        }
    }

    /// Waits until the reader's or the list's state differs from what was seen last, and notes the new one.
    private func waitForChange(
        _ context: SCARDCONTEXT, _ reader: String?, _ readerState: inout DWORD, _ pnpState: inout DWORD,
        milliseconds: Int
    ) -> LONG {
        Self.pnp.withCString { pnp in
            (reader ?? "").withCString { name in
                var states = [SCARD_READERSTATE(), SCARD_READERSTATE()]
                states[0].szReader = pnp
                states[0].dwCurrentState = pnpState
                states[1].szReader = name
                states[1].dwCurrentState = readerState
                let count = reader == nil ? 1 : 2
                let status = SCardGetStatusChange(context, DWORD(milliseconds), &states, DWORD(count))
                if tender_pcsc_code(status) == 0 {
                    let changed = DWORD(SCARD_STATE_CHANGED)
                    pnpState = states[0].dwEventState & ~changed
                    if reader != nil { readerState = states[1].dwEventState & ~changed }
                }
                return status
            }
        }
    }

    /// Powers the card and returns its answer to reset. The protocol is what the reader negotiated.
    private func connect(_ reader: String) throws(DeviceError) -> [UInt8] {
        var handle = SCARDHANDLE()
        var activeProtocol: DWORD = 0
        let protocols = DWORD(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1)
        try check(
            SCardConnect(
                try establishedContext(), reader, DWORD(SCARD_SHARE_EXCLUSIVE), protocols, &handle, &activeProtocol),
            "SCardConnect")
        card = Card(handle: handle, activeProtocol: activeProtocol)
        var answerToReset = [UInt8](repeating: 0, count: Int(MAX_ATR_SIZE))
        var length = DWORD(answerToReset.count)
        try check(SCardStatus(handle, nil, nil, nil, nil, &answerToReset, &length), "SCardStatus")
        guard length > 0 else { throw DeviceError(.cardMute, "SCardStatus") }
        return Array(answerToReset.prefix(Int(length)))
    }
}
