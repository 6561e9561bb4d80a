import EMV
import Payments
import SimulatedCards
import Wire

/// The Entry Point's and the kernels' own time in taps with cards of every contactless kernel.
struct TapBenchmark {
    /// One turn of a tap: the machine before it, and what it is told.
    private struct Turn {
        let entryPoint: EntryPoint
        let event: EntryPoint.Event
    }

    private static let taps = 400

    func run() throws -> [Figure] {
        var taps: [[Turn]] = []
        for profile in BenchmarkCards.contactless { taps.append(try makeTap(profile)) }
        var between: [Double] = []
        for _ in 0..<Self.taps {
            for tap in taps { between += tap.map { Self.milliseconds($0) } }
        }
        let wholes = taps.map { tap in
            Stopwatch.nanoseconds {
                var entryPoint = tap[0].entryPoint
                for turn in tap { _ = entryPoint.handle(turn.event) }
                return entryPoint
            }.map { $0 / 1e6 }
        }
        let slowest = wholes.max { $0.sorted().percentile(50) < $1.sorted().percentile(50) } ?? []
        between.sort()
        return [
            Figure(
                key: "kernel_between_apdus_p99_ms",
                title: "the kernels' own time between two contactless APDUs, p99 of \(between.count)", unit: "ms",
                value: between.percentile(99), range: between[0]...between[between.count - 1], budget: 1),
            Figure(
                "kernel_tap_ms", "the kernels' own time in a whole tap, the slowest of \(taps.count) cards", "ms",
                slowest,
                budget: 10),
        ]
    }

    private static func milliseconds(_ turn: Turn) -> Double {
        var entryPoint = turn.entryPoint
        let start = Stopwatch.processorSeconds
        _ = entryPoint.handle(turn.event)
        return (Stopwatch.processorSeconds - start) * 1e3
    }

    /// A tap to its end, turn by turn; throws unless the payment is approved.
    private func makeTap(_ profile: CardProfile) throws -> [Turn] {
        var card = try SimulatedCard(profile)
        card.reset(.contactless)
        var entryPoint = EntryPoint(
            terminal: try BenchmarkCards.terminal, transaction: try BenchmarkCards.sale)
        var turns: [Turn] = []
        var event = EntryPoint.Event.begin
        while turns.count < 100 {
            turns.append(Turn(entryPoint: entryPoint, event: event))
            switch entryPoint.handle(event) {
            case .transmit(let command):
                guard case .response(let response) = card.handle(command.bytes) else {
                    throw BenchmarkFailure("the card does not answer")
                }
                event = .response(response)
            case .finish(let outcome):
                switch outcome.result {
                case .online(let request): event = .reply(try BenchmarkCards.reply(to: request))
                case .tryAgain:
                    card.reset(.contactless)
                    event = .begin
                case .completed(.approvedOnline, _), .completed(.approvedOffline, _): return turns
                default: throw BenchmarkFailure("\(profile.name) ends with \(outcome.request.message)")
                }
            case .ignore: throw BenchmarkFailure("the machine expects no \(profile.name)")
            }
        }
        throw BenchmarkFailure("the tap does not come to an end")
    }
}
