import Journaling
import Payments
import Testing

@testable import World

/// The real journal on a disk that fails: what it said is durable is there, what it refused is not.
@Suite struct DiskTests {
    /// A fault, and how many operations it lasts.
    struct Case: CustomTestStringConvertible, Sendable {
        let fault: FaultyDisk.Fault
        let times: Int
        var seeds = 1

        var testDescription: String { "\(fault) for \(times)" }
    }

    @Test(arguments: [
        Case(fault: .powerCut, times: 1, seeds: 2), Case(fault: .kill, times: 1),
        Case(fault: .error, times: 1), Case(fault: .error, times: 3),
        Case(fault: .error, times: .max), Case(fault: .full, times: 1), Case(fault: .full, times: 20),
        Case(fault: .full, times: .max),
    ])
    func `a fault in any operation costs no record`(fault: Case) throws {
        let history = try DiskHistory.fixed()
        var operation = 0
        var failures = 0
        var kinds: Set<JournalError.Kind> = []
        repeat {
            operation += 1
            for seed in 0..<fault.seeds {
                let disk = FaultyDisk(seed: UInt64(operation * 10 + seed))
                disk.plan(fault.fault, at: operation, times: fault.times)
                var run = DiskRun(disk, "operation \(operation), seed \(seed)")
                try run.run(history)
                failures += run.errors.count
                kinds.formUnion(run.errors.map(\.kind))
                if disk.operations < operation { return report(operation, failures, kinds) }
            }
        } while operation < 2_000
        Issue.record("the history does not end")
    }

    private func report(_ operations: Int, _ failures: Int, _ kinds: Set<JournalError.Kind>) {
        #expect(failures > operations / 4)
        #expect(operations > 300)
        // What the disk refuses is not said to be damaged.
        #expect(kinds.isSubset(of: [.inputOutput, .inDoubt, .full, .notFound]), "\(kinds)")
    }

    @Test(arguments: 0..<4) func `many faults cost no record`(part: Int) throws {
        for seed in UInt64(part * 100)..<UInt64(part * 100 + 100) {
            var random = Randomness(seed: seed)
            let history = try DiskHistory.random(steps: 40, &random)
            let disk = FaultyDisk(seed: seed)
            for _ in 0..<random.below(12) {
                disk.plan(
                    random.one(of: [.powerCut, .kill, .error, .full]), at: random.number(1...500),
                    times: random.one(of: [1, 1, 2, 10]))
            }
            var run = DiskRun(disk, "seed \(seed)")
            try run.run(history)
        }
    }

    @Test func `the same seed gives the same operations`() throws {
        func operations() throws -> Int {
            var random = Randomness(seed: 5)
            let disk = FaultyDisk(seed: 5)
            disk.plan(.powerCut, at: 100)
            var run = DiskRun(disk, "seed 5")
            try run.run(try DiskHistory.random(steps: 60, &random))
            return disk.operations
        }
        #expect(try operations() == operations())
    }

    /// A thousand worlds, in four parts.
    @Test(arguments: 0..<4) func `on a disk that fails no promise about money is broken`(part: Int) throws {
        for seed in UInt64(part * 250)..<UInt64(part * 250 + 250) {
            let journal = DiskJournal(seed: seed, payments: 3)
            let result = try World.run(Script(seed: seed, payments: 3), journal: journal)
            #expect(result.violation == nil, "seed \(seed): \(result.violation?.description ?? "")")
            try journal.verify()
        }
    }
}
