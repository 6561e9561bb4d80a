import HAL
import Journaling
import Payments
import SimulatedCards
import SimulatedDevices
import SimulatedShop
import SystemDriver
import Terminal

/// The real daemon in a simulated shop: its start, its memory, and its own time in a sale. The daemon speaks the vpcd
/// protocol itself, so that pcscd's time is not in the figures; card, PIN pad and acquirer answer at once, on loopback.
/// No printer: receipts are printed beside the next payment, and here it would follow at once.
struct DaemonBenchmark {
    /// The daemon.
    let program: String
    /// A folder for the shop's files.
    let folder: String
    /// How many sales are counted.
    let sales: Int
    /// Records of the long journal.
    let records: Int

    private static let starts = 9
    private static let warmUp = 50

    func run() async throws -> [Figure] {
        let shop = try Shop.forBenchmark(in: "\(folder)/shop")
        defer { shop.close() }
        var figures = try await measureStarts(of: shop, "start_ready_empty_ms", "start to ready, new journal", nil)
        figures += try await measureSales(in: shop)
        let old = try Shop.forBenchmark(in: "\(folder)/old-shop")
        defer { old.close() }
        try fillJournal(of: old)
        figures += try await measureStarts(
            of: old, "start_ready_ms", "start to ready, journal of \(records) records", 100)
        return figures
    }

    private func fillJournal(of shop: Shop) throws {
        let journal = try shop.journal()
        var number = 0
        while journal.count < records {
            var batch: [Record] = []
            while batch.count < 1000 {
                number += 1
                batch += try SampleSale.records("old-\(number)", stan: number)
            }
            try journal.append(batch, pan: SampleSale.pan, at: SampleSale.time)
        }
    }

    /// From the call that makes the process to its line "ready". The first start is not counted.
    private func measureStarts(
        of shop: Shop, _ key: String, _ title: String, _ budget: Double?
    ) async throws -> [Figure] {
        var times: [Double] = []
        for _ in 0...Self.starts {
            let start = Stopwatch.clock.now
            let (milliseconds, end) = try await Daemon.run(program, in: shop) { _ in
                (Stopwatch.clock.now - start).inMilliseconds
            }
            guard let milliseconds, end.isClean else { throw BenchmarkFailure("tenderd does not start:\n\(end.log)") }
            times.append(milliseconds)
        }
        return [Figure(key, title, "ms", Array(times.dropFirst()), budget: budget)]
    }

    private func measureSales(in shop: Shop) async throws -> [Figure] {
        guard case .vpcd(let port) = shop.configuration.reader else { throw BenchmarkFailure("another reader") }
        let (figures, end) = try await Daemon.run(program, in: shop) { daemon in
            let slot = CardSlot(port: UInt16(port), swapMilliseconds: 0)
            let clock = SystemClock()
            try? await clock.wait(until: clock.uptime.advanced(milliseconds: 1_000))
            let idle = try ProcessFigures(daemon.processID).residentMegabytes("VmRSS")
            var own: [Double] = []
            var outside: [Double] = []
            var processor = 0.0
            for number in 0..<(Self.warmUp + sales) {
                if number == Self.warmUp { processor = try ProcessFigures(daemon.processID).processorMilliseconds }
                let card = TimedCard(try SimulatedCard(CardLibrary.unionPayDebit, seed: UInt64(number + 1)))
                try slot.insert(card)
                let start = Stopwatch.clock.now
                let report = try await daemon.sale("1.00", id: "bench-\(number)")
                let all = (Stopwatch.clock.now - start).inMilliseconds
                let atCard = (slot.card as? TimedCard)?.milliseconds ?? 0
                slot.remove()
                guard report.outcome == .approved, let milliseconds = report.milliseconds else {
                    throw BenchmarkFailure("sale \(number): \(report.reason ?? "?") \(report.detail ?? "")")
                }
                guard number >= Self.warmUp else { continue }
                own.append(milliseconds.terminal)
                outside.append(all - atCard)
            }
            processor = (try ProcessFigures(daemon.processID).processorMilliseconds - processor) / Double(sales)
            let peak = try ProcessFigures(daemon.processID).residentMegabytes("VmHWM")
            own.sort()
            outside.sort()
            return [
                Figure(
                    key: "sale_own_p50_ms", title: "terminal's own time in a sale, p50 of \(sales)", unit: "ms",
                    value: own.percentile(50), budget: 5),
                Figure(
                    key: "sale_own_p99_ms", title: "… p99", unit: "ms", value: own.percentile(99), budget: 20),
                Figure(
                    key: "sale_outside_p50_ms", title: "… seen from the register without the card's own time, p50",
                    unit: "ms", value: outside.percentile(50)),
                Figure(key: "sale_outside_p99_ms", title: "… p99", unit: "ms", value: outside.percentile(99)),
                Figure(
                    key: "sale_processor_ms", title: "… processor time of tenderd in a sale, mean", unit: "ms",
                    value: processor),
                Figure(
                    key: "resident_idle_mb", title: "resident memory of tenderd, idle", unit: "MB", value: idle,
                    budget: 32),
                Figure(
                    key: "resident_load_mb", title: "… at most, over \(Self.warmUp + sales) sales", unit: "MB",
                    value: peak, budget: 48),
            ]
        }
        guard let figures, end.isClean else { throw BenchmarkFailure("tenderd did not end well:\n\(end.log)") }
        return figures
    }

    /// A card that knows how long it thought.
    private struct TimedCard: CardMachine {
        private var card: SimulatedCard
        private(set) var milliseconds = 0.0

        init(_ card: SimulatedCard) { self.card = card }

        var answerToReset: [UInt8] { card.answerToReset }

        mutating func reset() { card.reset() }

        mutating func handle(_ command: [UInt8]) -> Answer {
            let start = Stopwatch.clock.now
            defer { milliseconds += (Stopwatch.clock.now - start).inMilliseconds }
            return card.handle(command)
        }
    }
}
