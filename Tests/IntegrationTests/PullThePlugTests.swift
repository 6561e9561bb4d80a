import Glibc
import HAL
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedShop
import Synchronization
import SystemDriver
import Terminal
import Testing

extension WholeTerminal {
    /// Power failures: the process is gone between two instructions, the disk keeps what was durable.
    @Suite struct PullThePlugTests {
        /// The steps of a sale, and of the reversal where the reply to the sale was lost.
        static let sale: [Step] = [
            .requestSaved, .linkReady, .cardInserted, .applicationSelected, .pinEntered, .cryptogramMade,
            .authorizationSaved, .requestLeaving, .requestSent, .replyReceived, .cardCompleted, .outcomeSaved,
            .outcomeTold, .receiptPrinted, .reversalLeaving, .reversalSent, .reversalAnswered, .reversalSaved,
        ]

        @Test(arguments: sale) func chipSale(at step: Step) async throws {
            try await Scene.play({ $0.replyMilliseconds = 500 }) { scene in
                let reversal: Set<Step> = [.reversalLeaving, .reversalSent, .reversalAnswered, .reversalSaved]
                if reversal.contains(step) { scene.ask(.noReply) }
                try await scene.insert()
                let (told, end) = try await scene.daemon(pullPlugAt: step.rawValue) { daemon in
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

        /// How many times the plug was pulled at a step of its own, by what was going on.
        private static let hits = Mutex<[String: Int]>([:])

        /// What may be cut off: a payment that follows another one up, whether or not its reply is lost.
        struct Cut: CustomTestStringConvertible, Sendable {
            let kind: TransactionKind
            let original: TransactionKind
            var amount: String?
            var isLost = false
            var testDescription: String { "\(kind.rawValue)\(isLost ? ", its reply lost" : "")" }
        }

        static let cuts = [
            Cut(kind: .void, original: .sale), Cut(kind: .void, original: .sale, isLost: true),
            Cut(kind: .refund, original: .sale, amount: "4.00"),
            Cut(kind: .refund, original: .sale, amount: "4.00", isLost: true),
            Cut(kind: .completion, original: .preauthorization, amount: "11.00"),
            Cut(kind: .completion, original: .preauthorization, amount: "11.00", isLost: true),
            Cut(kind: .completionAdvice, original: .preauthorization, amount: "9.00"),
        ]

        /// At every step in turn, until the payment comes through; afterwards it can be made, once.
        @Test(arguments: cuts) func followUp(_ cut: Cut) async throws {
            try await pullAtEveryStep(cut.testDescription) { scene, daemon, round in
                try await daemon.approved(.mail(cut.original, "original-\(round)", "10.00", scene.typedCard))
            } perform: { scene, daemon, round in
                if cut.isLost { scene.shop.faults.ask(.noReply) { Scene.isFinancial($0) } }
                _ = try await daemon.pay(cut.order(round))
            } check: { scene, daemon, round in
                scene.shop.faults.withdraw()
                let report = try? await daemon.payment(cut.order(round).id)
                guard report?.outcome != .approved, report?.outcome != .stored else { return }
                var again = cut.order(round)
                again.id += "-again"
                let second = try await daemon.pay(again)
                #expect(second.outcome == .approved || second.outcome == .stored, "\(second)")
                try await daemon.settle()
            }
        }

        /// The queue goes out, the plug is pulled at every step of it: all is there, once.
        @Test func drain() async throws {
            try await pullAtEveryStep("draining the queue") { scene, daemon, round in
                scene.shop.faults.ask(.connectionRefused)
                for place in 1...3 {
                    let id = "stored-\(round)-\(place)"
                    let report = try await daemon.pay(.voice(id, "\(place).00", scene.typedCard))
                    #expect(report.outcome == .stored)
                }
            } perform: { _, daemon, _ in
                try await daemon.settle()
            } check: { scene, daemon, round in
                for place in 1...3 {
                    let report = try await daemon.payment("stored-\(round)-\(place)")
                    #expect(report.stored == .accepted && scene.captured(report) == 100 * Int64(place), "\(report)")
                }
            }
        }

        /// A settlement whose totals differ goes on with the message it had come to, and closes its batch once.
        @Test(arguments: [true, false]) func settlement(differs: Bool) async throws {
            let name = differs ? "settlement with upload" : "settlement"
            try await pullAtEveryStep(name) { scene, daemon, round in
                try await daemon.approved(.mail(.sale, "sale-\(round)", "10.00", scene.typedCard))
                try await daemon.approved(.follow(.refund, "refund-\(round)", of: "sale-\(round)", "4.00"))
                try await daemon.approved(.mail(.sale, "other-\(round)", "20.00", scene.typedCard))
                _ = try await daemon.pay(.follow(.tip, "tip-\(round)", of: "other-\(round)", tip: "1.00"))
            } perform: { scene, daemon, _ in
                if differs { scene.shop.faults.ask(.differingTotals) }
                _ = try await daemon.closeBatch()
            } check: { scene, daemon, round in
                if try await daemon.status().batch == Self.batch(round) { _ = try await daemon.closeBatch() }
                scene.shop.faults.withdraw()
                #expect(try await daemon.status().batch == Self.batch(round + 1))
                #expect(scene.shop.host.batch == Self.batch(round + 1))
                let batch = scene.shop.host.ledger.batch(Self.batch(round), terminal: ShopConfiguration.terminal)
                #expect(batch?.isSettled == true && batch?.differences.isEmpty == true)
            }
        }

        private static func batch(_ round: Int) -> String { BatchNumber(round).map { "\($0)" } ?? "" }

        private typealias Act = @Sendable (Scene, Daemon, Int) async throws -> Void

        /// Prepares and performs round after round, each time with the plug pulled one step later, and looks at what is
        /// left when all is put right again; ends with the round in which there was no such step any more.
        private func pullAtEveryStep(
            _ name: String, prepare: @escaping Act, perform: @escaping Act, check: @escaping Act
        ) async throws {
            try await Scene.play({ $0.replyMilliseconds = 300 }) { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await prepare(scene, daemon, 1)
                }
                var round = 1
                while true {
                    let current = round
                    // What was stored while the line was cut can go out from now on.
                    scene.shop.faults.withdraw(.connectionRefused)
                    let (_, end) = try await scene.daemon(pullPlugAt: "\(round)", isWatched: false) { daemon in
                        try? await perform(scene, daemon, current)
                        try? await daemon.settle()
                    }
                    try await scene.daemon(isWatched: !end.isKilled) { daemon in
                        if end.isKilled { scene.shop.faults.withdraw(.noReply) }
                        try await daemon.settle()
                        try await check(scene, daemon, current)
                        if end.isKilled { try await prepare(scene, daemon, current + 1) }
                    }
                    guard end.isKilled else { break }
                    round += 1
                    try #require(round < 100, "it never ends")
                }
                let total = Self.hits.withLock { hits in
                    hits[name] = round - 1
                    return hits.values.reduce(0, +)
                }
                print("plug pulled at each of \(round - 1) steps: \(name); \(total) so far")
                #expect(round > 5, "hardly a step was reached")
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

extension WholeTerminal.PullThePlugTests.Cut {
    /// What is asked for in a round.
    fileprivate func order(_ round: Int) -> PaymentOrder {
        .follow(kind, "\(kind.rawValue)-\(round)", of: "original-\(round)", amount)
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
