import Acquiring
import EMV
import Engine
import HAL
import Journaling
import Logging
public import Payments
import Synchronization

/// The session with the acquirer: signing in and off, and what the acquirer demands beside payments.
extension PaymentTerminal {
    /// Signs in to the acquirer.
    public func signIn() async throws {
        // Whatever prepares now may have begun with the old keys, and a payment may begin while it is waited for.
        while let preparation { _ = await preparation.value }
        guard running == nil else { throw Refusal(.busy, "a payment is running; sign in when it has ended") }
        isSignedIn = false
        if let failure = await prepareLink(), !isSignedIn { throw Refusal(failure) }
    }

    /// Signs off, after everything that goes before (M4). The next payment signs in again.
    public func signOff() async throws {
        guard running == nil, !isSettling else {
            throw Refusal(.busy, "a payment or a settlement is running; sign off when it has ended")
        }
        background?.cancel()
        if let failure = await prepareLink() { throw Refusal(failure) }
        try await managing { (stan, batch) in
            try await watchedAcquirer(of: nil).signOff(stan: stan, batch: batch)
            isSignedIn = false
            try append([.signedOff])
            step(.sessionSaved, "signed off", of: nil)
        }
    }

    /// Asks the acquirer for a sign of life; answers how many milliseconds it took.
    public func echo() async throws -> EchoReport {
        let start = devices.clock.uptime
        try await managing { (stan, batch) in try await watchedAcquirer(of: nil).echo(stan: stan, batch: batch) }
        return EchoReport(milliseconds: devices.clock.uptime.milliseconds(since: start))
    }

    /// Fetches one kind of data from the acquirer; answers how many entries came. What of it is right is in force for the
    /// next payment.
    public func fetch(_ download: Download) async throws -> DownloadReport {
        guard running == nil, !isSettling else {
            throw Refusal(.busy, "a payment or a settlement is running; fetch when it has ended")
        }
        var entries = 0
        var refused: [ParameterNote] = []
        try await managing { (_, batch) in
            let data = try await watchedAcquirer(of: nil).download(download, batch: batch) {
                try takeNumber().stan
            }
            entries = data.count
            let alone = TerminalParameters(configured: configuration.terminalData, downloaded: [data])
            refused = alone.notes.filter { $0.verdict == .refused }
            // A download without one right entry takes nothing away from the terminal.
            if let first = refused.first, alone.changesNothing {
                throw DownloadError(detail: "\(first.item): \(first.reason)")
            }
            try downloads.keep(data)
            try append([.downloaded(download, entries: entries)])
            step(.sessionSaved, "\(entries) entries", of: nil)
        }
        loadParameters()
        logger.notice("downloaded", metadata: ["kind": "\(download.rawValue)", "entries": "\(entries)"])
        return DownloadReport(kind: download, entries: entries, refused: refused)
    }

    /// The terminal's data in force, and where each item came from.
    public func parametersReport() -> ParametersReport {
        ParametersReport(parameters, configuration, on: acquirerNow)
    }

    /// One message of the network's management, with a number of its own.
    private func managing(_ body: (STAN, BatchNumber) async throws -> Void) async throws {
        let result: Result<Void, any Error> = await onTheLine {
            do {
                let (stan, batch) = try takeNumber()
                try await body(stan, batch)
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        do {
            try result.get()
            acquirerProblem = nil
        } catch let error as AcquiringError {
            if error.demandsSignIn { isSignedIn = false }
            acquirerProblem = error.detail
            throw Refusal(error.failure)
        } catch {
            throw Refusal(.unavailable, "\(error)")
        }
    }

    /// What cards are told of the terminal today.
    var terminalData: TerminalData { parameters.data(on: acquirerNow) }

    /// Refusals of a reversal after which payments go on without its answer.
    var reversalTries: Int { parameters.reversalTries ?? configuration.acquirer.reversalTries }

    /// Puts what was fetched in force. Of a file that cannot be read nothing is.
    func loadParameters() {
        var downloaded: [Downloaded] = []
        for kind in Download.allCases {
            do {
                if let data = try downloads.kept(kind) { downloaded.append(data) }
            } catch {
                logger.error(
                    "what was downloaded is not in force",
                    metadata: ["kind": "\(kind.rawValue)", "reason": "\(error)"])
            }
        }
        parameters = TerminalParameters(configured: configuration.terminalData, downloaded: downloaded)
        for note in parameters.notes(on: acquirerNow) where note.verdict != .unused {
            logger.warning(
                "terminal data",
                metadata: [
                    "item": "\(note.item)", "source": "\(note.source.rawValue)", "verdict": "\(note.verdict.rawValue)",
                    "reason": "\(note.reason)",
                ])
        }
    }

    // MARK: Demands

    /// The acquirer asks for something in the header of a reply: it is done after the present payment, or at once.
    nonisolated func hear(_ demand: AcquirerDemand) {
        let isNew = demands.withLock { demands in
            guard !demands.contains(demand) else { return false }
            demands.append(demand)
            return true
        }
        guard isNew else { return }
        logger.info("the acquirer demands", metadata: ["demand": "\(demand)"])
        Task { await obeyWhenIdle() }
    }

    private func obeyWhenIdle() {
        if running == nil, !isWorking { workInBackground() }
    }

    /// Does what the acquirer demands.
    func obey(_ demand: AcquirerDemand) async -> PaymentFailure? {
        do {
            switch demand {
            case .signIn: try await signIn()
            case .statusUpload:
                let status = await deviceStatus()
                try await managing { (stan, batch) in
                    try await watchedAcquirer(of: nil).uploadStatus(status, stan: stan, batch: batch)
                }
            case .download(let kind): _ = try await fetch(kind)
            }
            return nil
        } catch {
            return PaymentFailure(.acquirerUnreachable, "\(error)")
        }
    }

    private func deviceStatus() async -> Acquiring.DeviceStatus {
        let pad = await devices.pinPad?.status().isReady ?? false
        let reader = await devices.reader.status().isReady
        let printer = await devices.printer?.status().isReady ?? false
        return Acquiring.DeviceStatus(pinPad: pad, reader: reader, printer: printer)
    }
}

/// A download of which nothing can be used.
private struct DownloadError: Error, CustomStringConvertible {
    /// What is wrong, without the data.
    let detail: String
    var description: String { "the download cannot be used: \(detail)" }
}
