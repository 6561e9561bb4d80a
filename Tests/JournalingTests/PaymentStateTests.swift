import Payments
import Testing

@testable import Journaling

struct PaymentStateTests {
    let folder: Folder
    let journal: Journal

    init() throws {
        folder = try Folder()
        journal = try folder.open()
    }

    /// A step of the payment R1.
    enum Step: String, CaseIterable, Sendable {
        case accept, authorize, authorizeAgain, cancel, finish, finishReversing, finishWithScripts, finishDeferred
        case refuseReversal, settleReversal, resolveReversal
        case lose, refuseStored, acceptStored, resolveStored, answerScript

        func record() throws -> Record {
            let id = try Sample.id("R1")
            return switch self {
            case .accept: .accepted(try Sample.request("R1"))
            case .authorize: .authorization(try Sample.authorization("R1", stan: 1))
            case .authorizeAgain: .authorization(try Sample.authorization("R1", stan: 2, attempt: 2))
            case .cancel: .finished(id, .cancelled(by: .cashier), reversal: nil, scriptNumber: nil)
            case .finish: .finished(id, .approved(Sample.reply, nil), reversal: nil, scriptNumber: nil)
            case .finishReversing: .finished(id, Sample.interrupted, reversal: .notCompleted, scriptNumber: nil)
            case .finishWithScripts:
                .finished(id, .declinedByCard(Sample.reply, nil), reversal: .notCompleted, scriptNumber: STAN(9))
            case .finishDeferred: .finished(id, .stored(.deferred, nil), reversal: nil, scriptNumber: nil)
            case .refuseReversal: .reversalAnswered(id, code: "96", settled: false)
            case .settleReversal: .reversalAnswered(id, code: "00", settled: true)
            case .resolveReversal: .resolved(id, .reversal, supervisor: "00")
            case .lose: .storedLost(id, .noReply)
            case .refuseStored: .storedAnswered(id, Sample.declined, accepted: false)
            case .acceptStored: .storedAnswered(id, Sample.reply, accepted: true)
            case .resolveStored: .resolved(id, .stored, supervisor: "00")
            case .answerScript: .scriptAnswered(id, code: "00")
            }
        }
    }

    struct Path: Sendable {
        let steps: [Step]
        var unfinished = false
        var owes: [Delivery] = []
        /// Whether it weighs in the queue of stored payments.
        var queued = false
        var refused = false
        /// What may follow; everything else is refused.
        let next: Set<Step>
    }

    static let authorized: [Step] = [.accept, .authorize]
    static let deferred = authorized + [.finishDeferred]
    static let finishes: Set<Step> = [
        .cancel, .finish, .finishReversing, .finishWithScripts, .finishDeferred,
    ]
    static let paths: [Path] = [
        Path(steps: [], next: [.accept]),
        Path(steps: [.accept], unfinished: true, next: [.authorize, .cancel]),
        Path(steps: [.accept, .cancel], next: []),
        Path(steps: authorized, unfinished: true, next: finishes.union([.authorizeAgain])),
        Path(steps: authorized + [.authorizeAgain], unfinished: true, next: finishes),
        Path(steps: authorized + [.finish], next: []),
        Path(steps: authorized + [.finishReversing], owes: [.reversal], next: [.refuseReversal, .settleReversal]),
        Path(
            steps: authorized + [.finishReversing, .refuseReversal], owes: [.reversal],
            next: [.refuseReversal, .settleReversal, .resolveReversal]),
        Path(steps: authorized + [.finishReversing, .refuseReversal, .settleReversal], next: []),
        Path(steps: authorized + [.finishReversing, .refuseReversal, .resolveReversal], next: []),
        Path(
            steps: authorized + [.finishWithScripts], owes: [.scriptResult, .reversal],
            next: [.refuseReversal, .settleReversal, .answerScript]),
        Path(
            steps: authorized + [.finishWithScripts, .answerScript], owes: [.reversal],
            next: [.refuseReversal, .settleReversal]),
        Path(
            steps: authorized + [.finishWithScripts, .settleReversal], owes: [.scriptResult], next: [.answerScript]),
        Path(steps: deferred, owes: [.stored], queued: true, next: [.lose, .refuseStored, .acceptStored]),
        Path(steps: deferred + [.acceptStored], next: []),
        Path(steps: deferred + [.refuseStored], refused: true, next: [.resolveStored]),
        Path(steps: deferred + [.refuseStored, .resolveStored], next: []),
        Path(steps: deferred + [.lose], owes: [.reversal], queued: true, next: [.refuseReversal, .settleReversal]),
        Path(
            steps: deferred + [.lose, .refuseReversal], owes: [.reversal], queued: true,
            next: [.refuseReversal, .settleReversal, .resolveReversal]),
        Path(steps: deferred + [.lose, .refuseReversal, .resolveReversal], next: []),
        Path(steps: deferred + [.lose, .settleReversal], owes: [.stored], queued: true, next: [.authorizeAgain]),
        Path(
            steps: deferred + [.lose, .settleReversal, .authorizeAgain], owes: [.stored], queued: true,
            next: [.lose, .refuseStored, .acceptStored]),
    ]

    @Test(arguments: paths)
    func followsTheRecords(path: Path) throws {
        for step in path.steps { try journal.append(try step.record(), pan: PAN(Sample.digits), at: Sample.time) }
        func check(_ journal: Journal) throws {
            #expect(try journal.unfinished().count == (path.unfinished ? 1 : 0))
            for delivery in Delivery.allCases {
                let pending = try journal.deliveries(delivery, limit: 9)
                #expect(pending.count == (path.owes.contains(delivery) ? 1 : 0), "\(delivery)")
                #expect(pending.allSatisfy { $0.pan?.digits == Sample.digits })
            }
            let load = try journal.queue(card: PAN(Sample.digits), on: Sample.time)
            let tally = path.queued ? Tally(count: 1, amount: 8880) : Tally()
            #expect(
                load == QueueLoad(total: tally, today: tally, card: tally, oldest: path.queued ? Sample.time : nil))
            #expect(try journal.refused().count == (path.refused ? 1 : 0))
            #expect(try (journal.payment(Sample.id("R1")) == nil) == path.steps.isEmpty)
            try journal.verify()
        }
        try check(journal)
        try folder.afterPowerCut(check)
        for step in Step.allCases where !path.next.contains(step) {
            let record = try step.record()
            let error = #expect(throws: JournalError.self, "\(step)") { try journal.append(record, at: Sample.time) }
            #expect(error?.kind == .contradiction)
        }
        for step in path.next {
            try folder.afterPowerCut { journal in
                try journal.append(try step.record(), pan: PAN(Sample.digits), at: Sample.time)
                #expect(try journal.payment(Sample.id("R1")) != nil)
                try journal.verify()
            }
        }
        #expect(journal.count == path.steps.count)
    }

    @Test func tellsWhatHappened() throws {
        try journal.write(try Sample.sale("R1", stan: 1))
        try journal.write([.signedIn(batch: try Sample.batch(2)), .accepted(try Sample.request("R2"))])
        try journal.write([.authorization(try Sample.authorization("R2", stan: 1, batch: 2))])
        try journal.write([
            .finished(try Sample.id("R2"), Sample.interrupted, reversal: .badMAC, scriptNumber: STAN(2))
        ])
        let first = try #require(try journal.payment(Sample.id("R1")))
        #expect(first.outcome == .approved(Sample.reply, nil))
        #expect(first.authorization?.stan == .first)
        #expect(first.reversal == .none)
        #expect(first.finishedAt == Sample.time)
        let second = try #require(try journal.payment(Sample.id("R2")))
        #expect(second.reversal == .pending(.badMAC, refusals: []))
        func check(_ journal: Journal) throws {
            #expect(try journal.payment(rrn: "123456789012") == first)
            #expect(try journal.payment(rrn: "123456789013") == nil)
            #expect(try journal.payment(stan: .first) == second)
            #expect(try journal.payment(stan: Sample.stan(2)) == second)
            #expect(try journal.payment(stan: .first, batch: .first) == first)
            #expect(try journal.payment(stan: Sample.stan(3)) == nil)
            #expect(try journal.payment(Sample.id("R3")) == nil)
            #expect(try journal.newestPayments(limit: 10) == [second, first])
            #expect(try journal.newestPayments(limit: 1) == [second])
        }
        try check(journal)
        try folder.afterPowerCut(check)
    }

    @Test func isFoundByEveryAttemptAndByWhatWasAnsweredLater() throws {
        try journal.write(try Sample.stored("R1", stan: 1, how: .deferred))
        let id = try Sample.id("R1")
        try journal.write([
            .storedLost(id, .noReply), .reversalAnswered(id, code: "00", settled: true),
            .authorization(try Sample.authorization("R1", stan: 2, attempt: 2)),
            .storedAnswered(id, Sample.reply, accepted: true),
        ])
        let payment = try journal.payment(id)
        #expect(try journal.payment(stan: Sample.stan(1)) == payment)
        #expect(try journal.payment(stan: Sample.stan(2)) == payment)
        #expect(try journal.payment(rrn: "123456789012") == payment)
        #expect(payment?.authorization?.attempt == 2)
    }

    @Test func followUpsComeInOrder() throws {
        try journal.write(try Sample.sale("S", stan: 1))
        try journal.write(try Sample.sale("Z", .refund, stan: 2, original: "S"))
        try journal.write(try Sample.sale("O", .void, stan: 3, original: "Z"))
        try journal.write(try Sample.sale("A", .refund, stan: 4, original: "S").prefix(1).map { $0 })
        func names(_ journal: Journal, _ original: String) throws -> [String] {
            try journal.followUps(of: Sample.id(original)).map(\.request.id.rawValue)
        }
        for journal in [journal] {
            #expect(try names(journal, "S") == ["Z", "A"])
            #expect(try names(journal, "Z") == ["O"])
            #expect(try names(journal, "A").isEmpty)
        }
        #expect(try folder.afterPowerCut { try names($0, "S") } == ["Z", "A"])
    }
}
