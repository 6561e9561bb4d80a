public import HAL

/// An ESC/POS printer behind TCP port 9100: one connection for each job.
///
/// A printer that never answers DLE EOT is taken as ready when it accepts the connection and the job; `status` says so.
public struct NetworkPrinter: ReceiptPrinter {
    private let connector: any StreamConnector
    private let clock: any TerminalClock
    private let host: String
    private let port: Int
    private let answerMilliseconds: Int
    private let connectMilliseconds = 3000

    /// The printer at `host`. One that gives no status for `answerMilliseconds` is taken for one that knows none.
    public init(
        host: String, port: Int = 9100, connector: any StreamConnector, clock: any TerminalClock,
        answerMilliseconds: Int = 500
    ) {
        self.host = host
        self.port = port
        self.connector = connector
        self.clock = clock
        self.answerMilliseconds = answerMilliseconds
    }

    /// Prints `job` if the printer is ready, and asks it again afterwards. Throws `.notReady` (paper, cover) with the reason
    /// as code, `.timeout` when it takes no data or falls silent, `.absent` and `.refused` when it cannot be reached. After
    /// `.notReady` and `.timeout` a part of the job may be on paper.
    public func print(_ job: [UInt8], deadline: Uptime) async throws(DeviceError) {
        let stream = try await connector.connect(host: host, port: port, deadline: deadline)
        let result: DeviceError?
        do throws(DeviceError) {
            try await print(job, on: stream, deadline: deadline)
            result = nil
        } catch { result = error }
        await stream.close()
        if let result { throw result }
    }

    /// Connects and asks for paper and cover.
    public func status() async -> DeviceStatus {
        let name = "\(host):\(port)"
        do throws(DeviceError) {
            let deadline = clock.uptime.advanced(milliseconds: connectMilliseconds)
            let stream = try await connector.connect(host: host, port: port, deadline: deadline)
            let condition: PrinterCondition?
            do throws(DeviceError) { condition = try await ask(stream, deadline: nil) } catch {
                await stream.close()
                throw error
            }
            await stream.close()
            guard let condition else {
                return DeviceStatus(name: name, isReady: true, note: "gives no status; takes connections")
            }
            let warning = condition.isPaperNearEnd ? "paper near end" : ""
            return DeviceStatus(name: name, isReady: condition.trouble == nil, note: condition.trouble ?? warning)
        } catch {
            return DeviceStatus(name: name, isReady: false, note: error.description)
        }
    }

    private func print(_ job: [UInt8], on stream: any ByteStream, deadline: Uptime) async throws(DeviceError) {
        let before = try await ask(stream, deadline: deadline)
        if let trouble = before?.trouble { throw DeviceError(.notReady, "DLE EOT", code: trouble) }
        try await stream.write(job, deadline: deadline)
        guard before != nil else { return }
        // DLE EOT is answered even while the job waits in the printer's buffer: silence now means that it hangs.
        guard let after = try await ask(stream, deadline: deadline) else { throw DeviceError(.timeout, "DLE EOT") }
        if let trouble = after.trouble { throw DeviceError(.notReady, "DLE EOT", code: trouble) }
    }

    /// What the printer says about itself; nil if it says nothing. It is asked no more once it leaves a question open: an
    /// answer that comes late would be taken for one to the next question.
    private func ask(_ stream: any ByteStream, deadline: Uptime?) async throws(DeviceError) -> PrinterCondition? {
        var condition: PrinterCondition?
        for question in PrinterCondition.Question.allCases {
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
        to question: PrinterCondition.Question, on stream: any ByteStream, deadline: Uptime
    ) async throws(DeviceError) -> UInt8? {
        do throws(DeviceError) {
            try await stream.write(question.command, deadline: deadline)
            while true {
                let bytes = try await stream.read(atMost: 64, deadline: deadline)
                guard !bytes.isEmpty else { throw DeviceError(.gone, "DLE EOT") }
                // Status that it sends of its own accord looks different, and is left out.
                if let answer = bytes.last(where: PrinterCondition.isAnswer) { return answer }
            }
        } catch {
            if error.kind == .timeout { return nil }
            throw error
        }
    }
}
