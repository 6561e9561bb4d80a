public import HAL
import Payments

/// A printer that speaks ESC/POS, wherever it is plugged in: one line for each document.
///
/// A printer that never answers DLE EOT is taken as ready when it takes the document; `status` says so.
public struct ESCPOSPrinter: ReceiptPrinter {
    private let port: any PrinterPort
    private let clock: any TerminalClock
    private let profile: PrinterProfile
    private let answerMilliseconds: Int

    /// The printer at `port`. One that gives no status for `answerMilliseconds` is taken for one that knows none.
    public init(
        port: any PrinterPort, profile: PrinterProfile, clock: any TerminalClock, answerMilliseconds: Int = 500
    ) {
        self.port = port
        self.profile = profile
        self.clock = clock
        self.answerMilliseconds = answerMilliseconds
    }

    /// Prints if the printer is ready, and asks it again afterwards.
    public func print(
        _ document: any PrintDocument, isRepeat: Bool, deadline: Uptime
    ) async throws(PrintFailure) {
        do throws(DeviceError) {
            let line = try await port.open(deadline: deadline)
            let result: DeviceError?
            do throws(DeviceError) {
                try await print(document.bytes(for: profile, isRepeat: isRepeat), on: line, deadline: deadline)
                result = nil
            } catch { result = error }
            await line.close()
            if let result { throw result }
        } catch {
            throw PrintFailure(
                error, trouble: PrinterTrouble(rawValue: error.code) ?? (error.kind == .timeout ? .hangs : .absent),
                progress: .part)
        }
    }

    /// Returns when it answers and has no trouble.
    public func awaitReady(deadline: Uptime) async throws(DeviceError) {
        let line = try await port.open(deadline: deadline)
        let condition: Result<PrinterCondition?, DeviceError>
        do throws(DeviceError) {
            condition = .success(try await ask(line, deadline: deadline))
        } catch { condition = .failure(error) }
        await line.close()
        if let trouble = try condition.get()?.trouble {
            throw DeviceError(.notReady, "DLE EOT", code: trouble.rawValue)
        }
    }

    /// Pulse of 50 ms on pin 2 (ESC p 0).
    public func openDrawer(deadline: Uptime) async throws(DeviceError) {
        guard profile.opensDrawer else { throw DeviceError(.refused, "ESC p") }
        let line = try await port.open(deadline: deadline)
        let result: DeviceError?
        do throws(DeviceError) {
            try await line.write([0x1B, 0x70, 0x00, 0x19, 0x19], deadline: deadline)
            result = nil
        } catch { result = error }
        await line.close()
        if let result { throw result }
    }

    /// The profile.
    public func identify(deadline: Uptime) async throws(DeviceError) -> (profile: PrinterProfile, deviceID: String?) {
        (profile, nil)
    }

    /// Opens a line and asks for paper and cover.
    public func status() async -> DeviceStatus {
        let name = await port.status().name
        do throws(DeviceError) {
            let line = try await port.open(deadline: clock.uptime.advanced(milliseconds: 3000))
            let condition: Result<PrinterCondition?, DeviceError>
            do throws(DeviceError) { condition = .success(try await ask(line, deadline: nil)) } catch {
                condition = .failure(error)
            }
            await line.close()
            guard let condition = try condition.get() else {
                return DeviceStatus(name: name, isReady: true, note: "gives no status; takes connections")
            }
            let warning = condition.isPaperNearEnd ? "paper near end" : ""
            return DeviceStatus(
                name: name, isReady: condition.trouble == nil, note: condition.trouble?.text.english ?? warning)
        } catch {
            return DeviceStatus(name: name, isReady: false, note: error.description)
        }
    }

    private func print(_ job: [UInt8], on stream: any ByteStream, deadline: Uptime) async throws(DeviceError) {
        let before = try await ask(stream, deadline: deadline)
        if let trouble = before?.trouble { throw DeviceError(.notReady, "DLE EOT", code: trouble.rawValue) }
        try await stream.write(job, deadline: deadline)
        guard before != nil else { return }
        // DLE EOT is answered even while the job waits in the printer's buffer: silence now means that it hangs.
        guard let after = try await ask(stream, deadline: deadline) else { throw DeviceError(.timeout, "DLE EOT") }
        if let trouble = after.trouble { throw DeviceError(.notReady, "DLE EOT", code: trouble.rawValue) }
    }

    /// What the printer says about itself; nil if it says nothing. It is asked no more once it leaves a question open: an
    /// answer that comes late would be taken for one to the next question.
    private func ask(_ stream: any ByteStream, deadline: Uptime?) async throws(DeviceError) -> PrinterCondition? {
        var condition: PrinterCondition?
        for question in StatusQuestion.allCases {
            let patience = clock.uptime.advanced(milliseconds: answerMilliseconds)
            let until = deadline.map { min($0, patience) } ?? patience
            guard let answer = try await answer(to: question, on: stream, deadline: until) else { return condition }
            var known = condition ?? PrinterCondition()
            known.take(answer, to: question)
            condition = known
        }
        return condition
    }

    private func answer(
        to question: StatusQuestion, on stream: any ByteStream, deadline: Uptime
    ) async throws(DeviceError) -> UInt8? {
        do throws(DeviceError) {
            try await stream.write(question.command, deadline: deadline)
            while true {
                let bytes = try await stream.read(atMost: 64, deadline: deadline)
                guard !bytes.isEmpty else { throw DeviceError(.gone, "DLE EOT") }
                // Status that it sends of its own accord looks different, and is left out.
                if let answer = bytes.last(where: StatusQuestion.isAnswer) { return answer }
            }
        } catch {
            if error.kind == .timeout { return nil }
            throw error
        }
    }
}
