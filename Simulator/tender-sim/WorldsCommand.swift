import ArgumentParser
import HAL
import SystemDriver
import World

/// `tender-sim worlds`
struct WorldsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worlds", abstract: "Try to break the terminal's promises about money in simulated days.",
        discussion: """
            A world is a day in a shop, or a few: payments of all kinds, the terminal's real machines, recovery and \
            messages, the simulated acquirer, a settlement a day, and whatever can go wrong, drawn from a seed. The same \
            seed is the same world on every machine.
            """)

    @Option(help: "How many worlds.") var seeds = 10_000
    @Option(help: "The first seed.") var from: UInt64 = 1
    @Option(help: "This seed alone.") var seed: UInt64?
    @Option(help: "Payments in each day.") var payments = 40
    @Option(help: "A mistake on purpose, for the checks to find: \(canaries).", transform: named) var canary: Canary?
    @Flag(help: "Print what happens.") var trace = false

    private static let canaries = Canary.allCases.map(\.rawValue).joined(separator: ", ")

    private static func named(_ name: String) throws -> Canary {
        guard let canary = Canary(rawValue: name) else { throw ValidationError("the canaries are \(canaries)") }
        return canary
    }

    func validate() throws {
        guard seeds > 0, from.addingReportingOverflow(UInt64(seeds)).overflow == false else {
            throw ValidationError("--seeds must be more than zero, and no seed above \(UInt64.max)")
        }
        guard (1...1_000).contains(payments) else { throw ValidationError("--payments must be 1 to 1000") }
    }

    func run() throws {
        let first = seed ?? from
        let last = seed ?? from + UInt64(seeds) - 1
        let name = canary.map { ", canary \($0.rawValue)" } ?? ""
        Screen.line("seeds \(first) to \(last), \(payments) payments a day\(name)")
        let clock = SystemClock()
        let start = clock.uptime
        var (days, steps, messages) = (0, 0, 0)
        for seed in first...last {
            let script = Script(seed: seed, payments: payments)
            let result = try World.run(script, canary: canary, isTraced: trace)
            for line in result.trace { Screen.line(line) }
            guard let violation = result.violation else {
                days += script.days
                steps += result.steps
                messages += result.messages
                continue
            }
            try show(violation, script)
            throw ExitCode.failure
        }
        let seconds = max(clock.uptime.milliseconds(since: start) / 1_000, 0.001)
        Screen.line(
            "no promise broken: \(last - first + 1) worlds, \(days) days, \(messages) messages, \(steps) steps; "
                + "\(Int(Double(days) / seconds * 60)) terminal-days a minute")
    }

    private func show(_ violation: Violation, _ script: Script) throws {
        let shrunk = try script.shrunk(canary: canary)
        Screen.line("seed \(script.seed) breaks \(violation)")
        Screen.line("with fewer troubles, \(shrunk.troubles.count) of \(script.troubles.count):")
        for trouble in shrunk.troubles { Screen.line("  \(trouble)") }
        for line in try World.run(shrunk, canary: canary, isTraced: true).trace { Screen.line(line) }
    }
}
