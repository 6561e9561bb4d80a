import Glibc
import HAL
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedShop
import SystemDriver
import Terminal
import Testing

extension WholeTerminal {
    /// Power failures: the process is gone between two instructions, the disk keeps what was durable.
    @Suite struct PullThePlugTests {
        /// At every numbered step of a sale, and of the reversal where the reply to the sale was lost.
        @Test(arguments: Step.allCases)
        func plugPulled(at step: Step) async throws {
            try await Scene.play({ $0.replyMilliseconds = 500 }) { scene in
                let isOfReversal = [.reversalSent, .reversalAnswered, .reversalSaved].contains(step)
                if isOfReversal { scene.ask(.noReply) }
                try await scene.insert()
                let (told, end) = try await scene.daemon(pullPlugAt: step) { daemon in
                    let report = try? await daemon.sale("88.80", id: "plug")
                    // Until it dies.
                    try? await daemon.followSteps { _ in true }
                    return report
                }
                #expect(end.isKilled && end.code == SIGKILL, "\(step) was never reached:\n\(end.log)")
                try await scene.afterwards(["plug"], told: ["plug": told.flatMap { $0 }])
                let captures = scene.shop.host.ledger.openCaptures().count
                let isLate: Set<Step> = [.outcomeSaved, .outcomeTold, .receiptPrinted]
                #expect(captures == (isLate.contains(step) ? 1 : 0))
            }
        }

        /// At any moment, in the middle of whatever happens.
        @Test(arguments: 1...4 as ClosedRange<UInt64>)
        func killed(seed: UInt64) async throws {
            var random = SeededBytes(seed: seed)
            let moments = random.next(8).map { Int($0) * 2 }
            try await Scene.play { scene in
                var told: [String: PaymentReport?] = [:]
                for (round, moment) in moments.enumerated() {
                    let id = "kill-\(seed)-\(round)"
                    try await scene.insert(round % 2 == 0 ? "unionpay-credit" : "unionpay-debit")
                    let (report, end) = try await scene.daemon { daemon in
                        async let report = try? daemon.sale("1.0\(round)", id: id)
                        let clock = SystemClock()
                        try await clock.wait(until: clock.uptime.advanced(milliseconds: moment))
                        kill(daemon.processID, SIGKILL)
                        return await report
                    }
                    #expect(end.isKilled)
                    told[id] = report.flatMap { $0 }
                }
                try await scene.afterwards(told.keys.sorted(), told: told)
            }
        }
    }
}

extension Scene {
    /// Starts a daemon after a crash, waits until it has put everything right, and asks the register's questions again:
    /// the answer is what was told before, if anything was, and asking never takes more money.
    func afterwards(_ ids: [String], told: [String: PaymentReport?]) async throws {
        let (_, end) = try await daemon { daemon in
            try await daemon.settle()
            for id in ids {
                let answer: PaymentReport
                do {
                    answer = try await daemon.payment(id)
                } catch let refusal as Refusal {
                    // The register's request was never durable: nothing may have happened, and nothing was told.
                    #expect(refusal.kind == .notFound)
                    #expect(told[id].flatMap { $0 } == nil)
                    continue
                }
                #expect(answer.state == .finished)
                #expect(answer.reversal != .pending)
                if let told = told[id].flatMap({ $0 }) { #expect(answer.outcome == told.outcome) }
                let before = self.shop.host.ledger
                #expect(try await daemon.sale(answer.amount, id: id) == answer)
                #expect(self.shop.host.ledger == before)
                let captures = before.openCaptures().filter {
                    $0.key.stan == answer.stan && $0.key.batch == answer.batch
                }
                #expect(captures.count == (answer.outcome == .approved ? 1 : 0))
            }
        }
        #expect(end.isClean)
    }
}

extension Daemon {
    /// Waits until no reversal is open.
    func settle() async throws {
        let (changes, source) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await followSteps(started: { source.yield() }) { report in
                    if report.step == .reversalSaved { source.yield() }
                    return true
                }
            }
            for await _ in changes where try await status().openReversals.isEmpty { break }
            group.cancelAll()
        }
    }
}
