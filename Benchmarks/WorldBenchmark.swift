import World

/// How many days of a terminal the world goes through in a minute, in one thread: some 40 payments of all kinds in each,
/// whatever goes wrong, and a settlement.
struct WorldBenchmark {
    /// How many worlds there are in each round.
    let worlds: Int

    private static let rounds = 5
    private static let payments = 40

    func run() throws -> [Figure] {
        var seed: UInt64 = 0
        let rates = try (0..<Self.rounds).map { _ in
            var days = 0
            let start = Stopwatch.clock.now
            for _ in 0..<worlds {
                seed += 1
                let script = Script(seed: seed, payments: Self.payments)
                if let violation = try World.run(script).violation {
                    throw BenchmarkFailure("seed \(seed) breaks \(violation)")
                }
                days += script.days
            }
            return Double(days) / (Stopwatch.clock.now - start).inMilliseconds * 60_000
        }
        return [
            Figure(
                "terminal_days_per_minute", "terminal-days of \(Self.payments) payments in the world, one thread",
                "/min",
                rates, atLeast: 10_000)
        ]
    }
}
