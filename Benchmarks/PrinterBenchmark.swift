import Payments
import SimulatedCards
import SimulatedDevices
import SimulatedShop
import Synchronization
import Terminal

/// From the outcome in the journal to the printer on the counter: the whole daemon, and a network printer.
struct PrinterBenchmark {
    /// The daemon.
    let program: String
    /// A folder for the shop's files.
    let folder: String

    private static let sales = 60
    private static let warmUp = 5

    func run() async throws -> [Figure] {
        let shop = try Shop.forBenchmark(in: "\(folder)/printer-shop", hasPrinter: true)
        defer { shop.close() }
        let (times, end) = try await Daemon.run(program, in: shop) { daemon in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (cuts, cut) = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
                group.addTask { for await _ in shop.printer.printed { cut.yield(Stopwatch.clock.now) } }
                let saved = Mutex<[String: Double]>([:])
                let (following, source) = AsyncStream.makeStream(of: Void.self)
                group.addTask {
                    try await daemon.followSteps(started: { source.yield() }) { report in
                        if report.step == .outcomeSaved, let id = report.id {
                            saved.withLock { $0[id.rawValue] = report.milliseconds }
                        }
                        return true
                    }
                }
                _ = await following.first { true }
                var times: [Double] = []
                var next = cuts.makeAsyncIterator()
                for number in 0..<(Self.warmUp + Self.sales) {
                    let id = "printed-\(number)"
                    _ = try shop.insert(CardLibrary.unionPayDebit.name, seed: UInt64(number + 1))
                    let start = Stopwatch.clock.now
                    let report = try await daemon.sale("1.00", id: id)
                    shop.slot.remove()
                    guard report.outcome == .approved, let first = await next.next(), await next.next() != nil,
                        let milliseconds = saved.withLock({ $0[id] })
                    else { throw BenchmarkFailure("sale \(number) has no receipts: \(report.reason ?? "")") }
                    // The payment began a little after `start`, so the time is not flattered.
                    if number >= Self.warmUp { times.append((first - start).inMilliseconds - milliseconds) }
                }
                group.cancelAll()
                return times
            }
        }
        guard let times, end.isClean else { throw BenchmarkFailure("tenderd did not end well:\n\(end.log)") }
        return [
            Figure(
                "outcome_to_printer_ms",
                "outcome in the journal to the first receipt off a network printer, p50 of \(Self.sales)", "ms", times,
                budget: 20),
            Figure(
                key: "outcome_to_printer_p99_ms", title: "… p99", unit: "ms", value: times.sorted().percentile(99)),
        ]
    }
}
