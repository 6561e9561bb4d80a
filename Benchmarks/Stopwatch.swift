import Glibc

/// Times what happens inside this process.
enum Stopwatch {
    static let clock = ContinuousClock()
    private static let rounds = 15
    private static let roundSeconds = 0.04

    /// Nanoseconds of processor time of one `body`, for each of several rounds of many calls, after rounds that warm
    /// everything up. Processor time, because `body` waits for nothing and other processes are not its concern.
    static func nanoseconds<Value>(_ body: () throws -> Value) rethrows -> [Double] {
        var calls = 1
        while try seconds(calls, body) < roundSeconds { calls *= 2 }
        return try (0..<rounds).map { _ in try seconds(calls, body) * 1e9 / Double(calls) }
    }

    /// Seconds that `calls` calls take.
    private static func seconds<Value>(_ calls: Int, _ body: () throws -> Value) rethrows -> Double {
        let start = processorSeconds
        for _ in 0..<calls { use(try body()) }
        return processorSeconds - start
    }

    /// Processor time of this thread so far.
    static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Takes a value in a way that the optimiser cannot see through, so that nothing is computed in vain.
    @_optimize(none)
    private static func use(_ value: some Any) {}
}

extension Duration {
    /// The duration in milliseconds.
    var inMilliseconds: Double { self / .milliseconds(1) }
}
