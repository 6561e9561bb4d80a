public import HAL
import Payments

/// A printer that speaks ESC/POS, wherever it is plugged in. It prints one document at a time; on a line that is its own it
/// also watches the printer between documents, as long as somebody follows `changes`.
///
/// A printer that never answers a question is taken as ready when it takes the document; `status` says so.
public actor ESCPOSPrinter: ReceiptPrinter {
    private let port: any PrinterPort
    private let clock: any TerminalClock
    private let given: PrinterProfile?
    private let adapted: @Sendable (PrinterProfile) -> PrinterProfile
    private let patience: Int
    private nonisolated let feed = StatusFeed(unknown)

    private var line: (any PrinterLine)?
    private var profile: PrinterProfile
    private var abilities = PrintMachine.Abilities()
    private var remains = PrintMachine.Remains()
    private var watching: Task<Void, Never>?
    /// The watch's wait for news, which ends when somebody else wants the line.
    private var idling: Task<Void, Never>?
    private var isTaken = false
    private var isPrinting = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// Before anybody has asked it.
    private static let unknown = DeviceStatus(name: "printer", isReady: false, note: "not asked yet")
    /// The time a line's opening may take.
    private static let openMilliseconds = 3000
    /// The time a question for the port status may take.
    private static let portMilliseconds = 300
    /// How often a printer is looked at that tells nothing by itself.
    private static let lookMilliseconds = 1000
    /// How often one is looked at that tells of changes.
    private static let tellMilliseconds = 10_000

    /// The printer at `port`; without a profile it is told by its device id, and without that taken for
    /// `PrinterProfile.chinese80`. `changes` is put over whichever it is. One that leaves a question open for
    /// `answerMilliseconds` is told as hanging, or taken for one that knows no status if it never answered.
    public init(
        port: any PrinterPort, profile: PrinterProfile?, clock: any TerminalClock, answerMilliseconds: Int = 500,
        changes: @escaping @Sendable (PrinterProfile) -> PrinterProfile = { $0 }
    ) {
        self.port = port
        self.clock = clock
        given = profile
        adapted = changes
        self.profile = changes(profile ?? .chinese80)
        patience = answerMilliseconds / PrintMachine.tickMilliseconds
    }

    deinit { watching?.cancel() }

    /// Prints if the printer is ready; `PrintMachine` says how.
    public func print(
        _ document: any PrintDocument, isRepeat: Bool, deadline: Uptime
    ) async throws(PrintFailure) {
        await takeTurn()
        isPrinting = true
        defer {
            isPrinting = false
            giveTurn()
        }
        let line: any PrinterLine
        do throws(DeviceError) { line = try await openLine(deadline: deadline) } catch {
            throw PrintFailure(error, trouble: error.trouble, progress: .nothing)
        }
        var machine = PrintMachine(
            document: document.bytes(for: profile, isRepeat: isRepeat), profile: profile, abilities: abilities,
            remains: remains, patience: patience)
        let error = await run(&machine, on: line, deadline: deadline)
        remains = machine.left
        guard case .over(.failed(let trouble, let progress)) = machine.phase else { return }
        throw PrintFailure(
            error ?? DeviceError(.notReady, "print", code: trouble.rawValue), trouble: trouble, progress: progress)
    }

    /// Looks when the printer tells of a change, on a line that is shared every second. A cutter that was freed is set going
    /// again.
    public func awaitReady(deadline: Uptime) async throws(DeviceError) {
        while true {
            let news = feed.changes()
            var isTelling = false
            do throws(DeviceError) {
                let machine = try await look(deadline: deadline)
                if machine.phase == .over(.printed) { return }
                isTelling = watching != nil && !port.isShared
            } catch {
                if error.kind == .cancelled { throw error }
            }
            guard clock.uptime < deadline else { throw DeviceError(.timeout, "DLE EOT") }
            if Task.isCancelled { throw DeviceError(.cancelled, "DLE EOT") }
            let soon = clock.uptime.advanced(milliseconds: isTelling ? 30_000 : Self.lookMilliseconds)
            await wait(for: news, until: min(deadline, soon))
        }
    }

    /// Pulse of 50 ms on pin 2. Throws `.notReady` while the printer has a trouble: it would open the drawer later.
    public func openDrawer(deadline: Uptime) async throws(DeviceError) {
        guard profile.opensDrawer else { throw DeviceError(.refused, "ESC p", code: "no drawer") }
        await takeTurn()
        defer { giveTurn() }
        let line = try await openLine(deadline: deadline)
        var machine = PrintMachine(document: [], profile: profile, abilities: abilities, patience: patience)
        var failure = await run(&machine, on: line, deadline: deadline, leavesOpen: true)
        if failure == nil, case .over(.failed(let trouble, _)) = machine.phase {
            failure = DeviceError(.notReady, "ESC p", code: trouble.rawValue)
        }
        if failure == nil {
            do throws(DeviceError) { try await line.write(PrinterCommand.openDrawer, deadline: deadline) } catch {
                failure = error
            }
        }
        await leave(line, isBroken: failure.map { $0.kind != .notReady } ?? false)
        if let failure { throw failure }
    }

    /// The profile in use, and the device id of the printer that is there.
    public func identify(deadline: Uptime) async throws(DeviceError) -> (profile: PrinterProfile, deviceID: String?) {
        await takeTurn()
        defer { giveTurn() }
        let line = try await openLine(deadline: deadline)
        let deviceID = await line.deviceID
        await leave(line)
        return (profile, deviceID)
    }

    /// Asks for paper and cover; while a document is printed, what is known.
    public func status() async -> DeviceStatus {
        if isPrinting, feed.status != Self.unknown { return feed.status }
        do throws(DeviceError) {
            let machine = try await look(deadline: clock.uptime.advanced(milliseconds: Self.openMilliseconds))
            return await describe(machine, nil)
        } catch {
            return await describe(error)
        }
    }

    /// Its status each time it changes. On a shared line only documents and `awaitReady` bring news.
    public nonisolated func changes() -> AsyncStream<DeviceStatus> {
        let stream = feed.changes()
        if !port.isShared { Task { await startWatching() } }
        return stream
    }

    /// Closes the line, and with it what has not left this machine yet: on USB the kernel's driver has the printer again.
    public func release() async {
        watching?.cancel()
        idling?.cancel()
        await takeTurn()
        defer { giveTurn() }
        await line?.abort()
        line = nil
    }

    // MARK: The line

    private func openLine(deadline: Uptime) async throws(DeviceError) -> any PrinterLine {
        if let line {
            if await !line.isStale() { return line }
            // What it says unasked is read and not kept: it is asked anew.
            if (try? await line.read(atMost: 1024, deadline: clock.uptime))?.isEmpty == false { return line }
            await line.close()
            self.line = nil
        }
        do throws(DeviceError) {
            let soon = clock.uptime.advanced(milliseconds: Self.openMilliseconds)
            let opened = try await port.open(deadline: min(deadline, soon))
            if !port.isShared {
                line = opened
                abilities = PrintMachine.Abilities()
            }
            if given == nil, let deviceID = await opened.deviceID {
                profile = adapted(PrinterProfile.matching(deviceID: deviceID) ?? .chinese80)
            }
            if !port.isShared, profile.status == .automatic {
                _ = try await opened.offer(PrinterCommand.tellChanges, deadline: soon)
            }
            return opened
        } catch {
            if error.kind != .cancelled { feed.tell(await describe(error)) }
            throw error
        }
    }

    private func leave(_ used: any PrinterLine, isBroken: Bool = false) async {
        guard isBroken || port.isShared else { return }
        line = nil
        if isBroken { await used.abort() } else { await used.close() }
    }

    /// Does what the machine says until it has come to an end, tells what is learned on the way, and answers what broke the
    /// line, if anything did.
    private func run(
        _ machine: inout PrintMachine, on line: any PrinterLine, deadline: Uptime, leavesOpen: Bool = false
    ) async -> DeviceError? {
        var failure: DeviceError?
        var nextTick = clock.uptime.advanced(milliseconds: PrintMachine.tickMilliseconds)
        while true {
            let known = (machine.condition, machine.trouble)
            do throws(DeviceError) {
                switch machine.action {
                case .end(let end):
                    abilities = machine.abilities
                    if failure == nil, case .failed(.hangs, _) = end { failure = DeviceError(.timeout, "print") }
                    await tell(machine, failure)
                    var isBroken = failure != nil
                    // What a printer in trouble has not taken is not for it any more.
                    if case .failed(_, let progress) = end, progress != .nothing, port.isShared { isBroken = true }
                    if !leavesOpen || isBroken { await leave(line, isBroken: isBroken) }
                    return failure
                case .write(let bytes):
                    machine.handle(.written(try await line.offer(bytes, deadline: min(nextTick, deadline))))
                case .askPort: machine.handle(.port(try await portStatus(of: line)))
                case .listen:
                    let heard = try await line.read(atMost: 256, deadline: min(nextTick, deadline))
                    guard !heard.isEmpty else { throw DeviceError(.gone, "read") }
                    machine.handle(.heard(heard))
                }
            } catch {
                // A line of one direction says at once that nothing will come.
                if error.kind == .timeout { try? await clock.wait(until: min(nextTick, deadline)) }
                if error.kind != .timeout || Task.isCancelled {
                    failure = Task.isCancelled ? DeviceError(.cancelled, error.operation) : error
                    machine.handle(.lost)
                }
            }
            let now = clock.uptime
            if now >= deadline { machine.handle(.deadline) }
            if now >= nextTick {
                nextTick = now.advanced(milliseconds: PrintMachine.tickMilliseconds)
                machine.handle(.tick)
            }
            if known != (machine.condition, machine.trouble) { await tell(machine, failure) }
        }
    }

    /// Nil where the line has none, or the printer does not answer.
    private func portStatus(of line: any PrinterLine) async throws(DeviceError) -> UInt8? {
        do throws(DeviceError) {
            return try await line.portStatus(deadline: clock.uptime.advanced(milliseconds: Self.portMilliseconds))
        } catch {
            guard error.kind == .gone || error.kind == .cancelled else { return nil }
            throw error
        }
    }

    /// Asks the printer how it is.
    private func look(deadline: Uptime) async throws(DeviceError) -> PrintMachine {
        await takeTurn()
        defer { giveTurn() }
        let line = try await openLine(deadline: deadline)
        var machine = PrintMachine(document: [], profile: profile, abilities: abilities, patience: patience)
        let failure = await run(&machine, on: line, deadline: deadline, leavesOpen: true)
        if let failure { throw failure }
        // Not all that have an error say that it is the cutter's.
        if let trouble = machine.condition?.trouble, [.cutterJam, .error].contains(trouble) {
            _ = try? await line.offer(PrinterCommand.recover, deadline: deadline)
        }
        await leave(line)
        return machine
    }

    // MARK: One after another

    private func takeTurn() async {
        if isTaken {
            idling?.cancel()
            await withCheckedContinuation { waiters.append($0) }
        }
        isTaken = true
    }

    private func giveTurn() {
        isTaken = !waiters.isEmpty
        if isTaken { waiters.removeFirst().resume() }
    }

    // MARK: Watching

    private func startWatching() {
        guard watching == nil, feed.isFollowed else { return }
        watching = Task { [weak self] in
            while !Task.isCancelled, await self?.watch() == true {}
            await self?.stopWatching()
        }
    }

    private func stopWatching() { watching = nil }

    /// Looks at the printer, then waits for news a while, or until somebody else wants the line. False when nobody wants to
    /// know any more.
    private func watch() async -> Bool {
        guard feed.isFollowed else { return false }
        var isThere = true
        do throws(DeviceError) {
            let soon = clock.uptime.advanced(milliseconds: Self.openMilliseconds)
            _ = try await look(deadline: soon)
        } catch { isThere = false }
        let isTold = profile.status == .automatic && isThere
        let until = clock.uptime.advanced(milliseconds: isTold ? Self.tellMilliseconds : Self.lookMilliseconds)
        guard isThere else {
            await wait(for: port.changes(), until: until)
            return true
        }
        await takeTurn()
        if waiters.isEmpty, let line {
            // What it says is a reason to look; a line that breaks is one too.
            let idling = Task { _ = try? await line.read(atMost: 256, deadline: until) }
            self.idling = idling
            await idling.value
            self.idling = nil
        }
        giveTurn()
        return true
    }

    private func wait(for news: AsyncStream<DeviceStatus>, until deadline: Uptime) async {
        let clock = clock
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in news { return }
                try? await clock.wait(until: deadline)
            }
            group.addTask { try? await clock.wait(until: deadline) }
            await group.next()
            group.cancelAll()
        }
    }

    // MARK: Telling

    private func tell(_ machine: PrintMachine, _ failure: DeviceError?) async {
        if failure?.kind != .cancelled { feed.tell(await describe(machine, failure)) }
    }

    private func describe(_ machine: PrintMachine, _ failure: DeviceError?) async -> DeviceStatus {
        let name = await port.status().name
        if let trouble = machine.trouble {
            let reason = failure.map { " (\($0))" } ?? ""
            return DeviceStatus(name: name, isReady: false, note: trouble.text.english + reason, text: trouble.text)
        }
        guard let condition = machine.condition else {
            return DeviceStatus(name: name, isReady: true, note: "gives no status; takes connections")
        }
        let warning = condition.isPaperNearEnd ? PrinterCondition.nearEnd : nil
        return DeviceStatus(name: name, isReady: true, note: warning?.english ?? "", text: warning)
    }

    private func describe(_ error: DeviceError) async -> DeviceStatus {
        let name = await port.status().name
        let text = error.trouble.text
        return DeviceStatus(name: name, isReady: false, note: "\(text.english) (\(error))", text: text)
    }
}

extension DeviceError {
    /// What a person has to mend where a line does not open, or breaks.
    fileprivate var trouble: PrinterTrouble { kind == .timeout ? .hangs : kind == .busy ? .offline : .absent }
}
