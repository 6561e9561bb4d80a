import HAL
import Logging
import Payments
import Synchronization
import Testing

@testable import Terminal

/// Which documents are printed, in which order and as what, whatever the printer does.
@Suite(.timeLimit(.minutes(1))) struct PrintQueueTests {
    /// What the printer does with one document.
    enum Try {
        case prints
        case fails(PrinterTrouble, PrintFailure.Progress)
    }

    /// A printer that does as it is told, and is ready again whenever it is asked, or never.
    private actor ScriptedPrinter: ReceiptPrinter {
        private var script: [Try]
        private let recovers: Bool
        private var prints: [String] = []
        private var waiters: [(count: Int, continuation: CheckedContinuation<[String], Never>)] = []

        init(_ script: [Try], recovers: Bool = true) {
            self.script = script
            self.recovers = recovers
        }

        func print(_ document: any PrintDocument, isRepeat: Bool, deadline: Uptime) async throws(PrintFailure) {
            let next = script.isEmpty ? .prints : script.removeFirst()
            if case .fails(let trouble, let progress) = next {
                throw PrintFailure(DeviceError(.notReady, "print"), trouble: trouble, progress: progress)
            }
            prints.append(document.name + (isRepeat ? " again" : ""))
            for waiter in waiters where waiter.count <= prints.count { waiter.continuation.resume(returning: prints) }
            waiters.removeAll { $0.count <= prints.count }
        }

        /// What is on paper, as soon as it is so many documents.
        func paper(_ count: Int) async -> [String] {
            if prints.count >= count { return prints }
            return await withCheckedContinuation { waiters.append((count, $0)) }
        }

        func awaitReady(deadline: Uptime) async throws(DeviceError) {
            guard !recovers else { return }
            let (never, source) = AsyncStream.makeStream(of: Void.self)
            for await _ in never {}
            source.finish()
            throw DeviceError(.cancelled, "awaitReady")
        }
        func openDrawer(deadline: Uptime) async throws(DeviceError) {}
        func identify(deadline: Uptime) async throws(DeviceError) -> (profile: PrinterProfile, deviceID: String?) {
            (.chinese80, nil)
        }
        func status() async -> DeviceStatus { DeviceStatus(name: "scripted", isReady: true) }
    }

    private struct Document: PrintDocument {
        let name: String
        func bytes(for profile: PrinterProfile, isRepeat: Bool) -> [UInt8] { [] }
    }

    private struct StandingClock: TerminalClock {
        let uptime = Uptime(nanoseconds: 0)
        func localTime() -> LocalDateTime { Sample.time }
        func wait(until deadline: Uptime) async throws {}
    }

    private let news = AsyncStream.makeStream(of: PrintNews.self)

    private func queue(_ printer: ScriptedPrinter) -> PrintQueue {
        PrintQueue(
            printer: printer, clock: StandingClock(), tryMilliseconds: 1000, logger: Logger(label: "queue"),
            tell: { [source = news.continuation] in source.yield($0) })
    }

    private func documents(_ names: String...) -> [any PrintDocument] { names.map { Document(name: $0) } }

    private let payment = RequestID(rawValue: "R-1")

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: [Try]
        let paper: [String]
    }

    static let cases = [
        Case(testDescription: "nothing is wrong", script: [], paper: ["a", "b"]),
        Case(
            testDescription: "paper out in the middle", script: [.fails(.paperOut, .part)], paper: ["a", "b"]),
        Case(
            testDescription: "it may be on paper whole", script: [.fails(.absent, .perhapsAll)],
            paper: ["a again", "b"]),
        Case(
            testDescription: "once perhaps whole, later not even begun",
            script: [.fails(.absent, .perhapsAll), .fails(.absent, .nothing), .fails(.paperOut, .part)],
            paper: ["a again", "b"]),
        Case(
            testDescription: "out of paper as often as it likes",
            script: Array(repeating: .fails(.paperOut, .part), count: 20), paper: ["a", "b"]),
        Case(
            testDescription: "hanging twice", script: Array(repeating: .fails(.hangs, .part), count: 2),
            paper: ["a", "b"]),
        Case(
            testDescription: "unreachable for long", script: Array(repeating: .fails(.hangs, .nothing), count: 20),
            paper: ["a", "b"]),
    ]

    @Test(arguments: cases) func everyDocumentIsPrintedInItsTurn(row: Case) async throws {
        let printer = ScriptedPrinter(row.script)
        let queue = queue(printer)
        await queue.add(documents("a", "b"))
        #expect(await printer.paper(2) == row.paper)
        await queue.stop()
    }

    /// The third time that it hangs over a document, the next one's turn comes. Somebody asks for it: it is no duplicate.
    @Test func aDocumentThatHangsThePrinterHoldsUpNoOther() async throws {
        let payment = try #require(payment)
        let printer = ScriptedPrinter(Array(repeating: .fails(.hangs, .part), count: 3))
        let queue = queue(printer)
        await queue.add(documents("a"), of: payment)
        await queue.add(documents("b"))
        #expect(await printer.paper(1) == ["b"])
        let state = try #require(await queue.state(of: payment))
        #expect(state.state == .notPrinted && state.text == PrinterTrouble.hangs.text)
        try await queue.printNow(documents("a, a duplicate"), insteadOf: ["a"], of: payment)
        #expect(await printer.paper(2) == ["b", "a"])
        #expect(await queue.state(of: payment)?.state == .printed)
        // Nothing of it waits any more.
        try await queue.printNow(documents("a, a duplicate"), insteadOf: ["a"], of: payment)
        #expect(await printer.paper(3).last == "a, a duplicate")
        await queue.stop()
    }

    /// Told once, however often it fails for the same reason, and once when it prints again.
    @Test func troubleIsToldOnce() async throws {
        let payment = try #require(payment)
        let printer = ScriptedPrinter([.fails(.paperOut, .part), .fails(.coverOpen, .nothing)])
        let queue = queue(printer)
        await queue.add(documents("a"), of: payment, since: nil)
        _ = await printer.paper(1)
        await queue.stop()
        news.continuation.finish()
        var told: [PrintNews] = []
        for await one in news.stream { told.append(one) }
        #expect(
            told == [
                .trouble(.paperOut, payment), .ready, .trouble(.coverOpen, payment), .ready,
                .printed(payment, since: nil),
            ])
    }

    /// What waits for paper waits until the end, which does not wait for it.
    @Test func stoppingWaitsForNoPaper() async throws {
        let payment = try #require(payment)
        let printer = ScriptedPrinter([.fails(.paperOut, .part)], recovers: false)
        let queue = queue(printer)
        await queue.add(documents("a"), of: payment)
        var stream = news.stream.makeAsyncIterator()
        #expect(await stream.next() == .trouble(.paperOut, payment))
        #expect(await queue.state(of: payment)?.trouble == "paperOut")
        await queue.stop()
        await queue.add(documents("late"), of: payment)
        #expect(await queue.state(of: payment)?.state == .notPrinted)
        #expect(await printer.paper(0).isEmpty)
    }

    /// More than a thousand documents are no queue any more.
    @Test func theQueueEnds() async throws {
        let payment = try #require(payment)
        let queue = queue(ScriptedPrinter([.fails(.paperOut, .nothing)], recovers: false))
        await queue.add((0..<1000).map { Document(name: "\($0)") })
        await queue.add(documents("one too many"), of: payment)
        #expect(await queue.state(of: payment)?.state == .notPrinted)
        await queue.stop()
    }
}
