import Journaling
import Payments

/// What a journal of many records takes to open and to find something in, and a queue of many payments to be worked off.
struct JournalBenchmark {
    /// A folder for the files.
    let folder: String
    /// Records of the long journal.
    let records: Int

    private static let key = SecretBytes([UInt8](repeating: 7, count: 32))
    private static let lookups = 1000
    /// Sales that are written in one commit, where their writing is not what is measured.
    private static let together = 250

    func run() throws -> [Figure] { try measureLookups() + measureQueue() }

    /// Sales of the long journal, spread over it.
    private func measureLookups() throws -> [Figure] {
        let sales = records / 3
        do {
            let journal = try Journal(path: "\(folder)/long.db", key: Self.key)
            try fill(journal, 1...sales) { try SampleSale.records("long-\($0)", stan: $0) }
        }
        var opened: Journal?
        let opening = try Self.milliseconds { opened = try Journal(path: "\(folder)/long.db", key: Self.key) }
        guard let journal = opened else { throw BenchmarkFailure("no journal") }
        let kinds: [(String, (Int) throws -> PaymentState?)] = [
            ("id", { try RequestID(rawValue: "long-\($0)").flatMap { try journal.payment($0) } }),
            ("STAN", { try STAN($0).flatMap { try journal.payment(stan: $0) } }),
            ("RRN", { try journal.payment(rrn: Digits.padded($0, 12)) }),
        ]
        var figures: [[Double]] = []
        for (offset, kind) in kinds.enumerated() {
            // A prime step comes to every part of the file, and never twice to one payment.
            let times = try (0..<Self.lookups).map { index in
                let number = ((index * kinds.count + offset) * 99_991) % sales + 1
                return try Self.milliseconds {
                    guard try kind.1(number)?.authorization?.stan.value == number else {
                        throw BenchmarkFailure("payment \(number) is not found by \(kind.0)")
                    }
                }
            }
            figures.append(times.sorted())
        }
        func slowest(_ percent: Double) -> Double { figures.map { $0.percentile(percent) }.max() ?? .nan }
        return [
            Figure(
                key: "lookup_ms", title: "a payment of \(records) records by id, STAN or RRN, median of the slowest",
                unit: "ms", value: slowest(50), budget: 1),
            Figure(key: "lookup_p99_ms", title: "… 99 of 100", unit: "ms", value: slowest(99)),
            Figure(key: "long_journal_open_ms", title: "… that journal opened", unit: "ms", value: opening),
        ]
    }

    /// The oldest of the queue taken and answered, from a short queue and from a long one. In processor time: what the
    /// disk takes is the same for both and differs from one moment to the next.
    private func measureQueue() throws -> [Figure] {
        let short = try measureQueue(of: 10 + Self.lookups / 10, "short")
        let long = try measureQueue(of: 100_000, "long")
        return [
            Figure(
                key: "queue_item_us", title: "one of 100000 stored payments taken and answered, processor, median",
                unit: "µs", value: long.item * 1e6),
            Figure(
                key: "saf_flatness_ratio", title: "… to one of a queue that gets as short as 10", unit: "",
                value: long.item / short.item, budget: 1.5),
            Figure(key: "queue_load_ms", title: "… what the queue holds counted", unit: "ms", value: long.load),
        ]
    }

    private func measureQueue(of count: Int, _ name: String) throws -> (item: Double, load: Double) {
        let journal = try Journal(path: "\(folder)/queue-\(name).db", key: Self.key)
        try fill(journal, 1...count) { number in
            var records = try SampleSale.records("queued-\(number)", stan: number)
            guard let id = records.removeLast().id else { throw BenchmarkFailure("a sale without an id") }
            return records + [.finished(id, .stored(.offline, nil), reversal: nil, scriptNumber: nil)]
        }
        let load = try (0..<9).map { _ in
            try Self.milliseconds { _ = try journal.queue(card: SampleSale.pan, on: SampleSale.time) }
        }
        let reply = Reply(verdict: .approved, code: "00", text: BilingualText("交易成功", "Approved"))
        let items = try (0..<Self.lookups / 10).map { _ in
            let start = Stopwatch.processorSeconds
            guard let oldest = try journal.deliveries(.stored, limit: 1).first else {
                throw BenchmarkFailure("the queue is empty")
            }
            try journal.append(.storedAnswered(oldest.id, reply, accepted: true), at: SampleSale.time)
            return Stopwatch.processorSeconds - start
        }
        return (items.sorted().percentile(50), load.sorted().percentile(50))
    }

    private func fill(_ journal: Journal, _ numbers: ClosedRange<Int>, _ records: (Int) throws -> [Record]) throws {
        for start in stride(from: numbers.lowerBound, through: numbers.upperBound, by: Self.together) {
            let some = start...min(start + Self.together - 1, numbers.upperBound)
            try journal.append(try some.flatMap(records), pan: SampleSale.pan, at: SampleSale.time)
        }
        try journal.fold()
    }

    private static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let start = Stopwatch.clock.now
        try body()
        return (Stopwatch.clock.now - start).inMilliseconds
    }
}
