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
        case accept, authorize, finish, finishReversing, refuseReversal, settleReversal

        func record() throws -> Record {
            let id = try Sample.id("R1")
            return switch self {
            case .accept: .accepted(try Sample.request("R1"))
            case .authorize: .authorization(try Sample.authorization("R1", stan: 1))
            case .finish: .finished(id, .approved(Sample.reply, nil), reversal: nil)
            case .finishReversing: .finished(id, Sample.interrupted, reversal: .notCompleted)
            case .refuseReversal: .reversalAnswered(id, code: "96", settled: false)
            case .settleReversal: .reversalAnswered(id, code: "00", settled: true)
            }
        }
    }

    struct Path: Sendable {
        let steps: [Step]
        let unfinished: Bool
        let pending: Bool
        /// What may follow; everything else is refused.
        let next: Set<Step>
    }

    static let paths: [Path] = [
        Path(steps: [], unfinished: false, pending: false, next: [.accept]),
        Path(steps: [.accept], unfinished: true, pending: false, next: [.authorize, .finish]),
        Path(steps: [.accept, .finish], unfinished: false, pending: false, next: []),
        Path(
            steps: [.accept, .authorize], unfinished: true, pending: false, next: [.finish, .finishReversing]),
        Path(steps: [.accept, .authorize, .finish], unfinished: false, pending: false, next: []),
        Path(
            steps: [.accept, .authorize, .finishReversing], unfinished: false, pending: true,
            next: [.refuseReversal, .settleReversal]),
        Path(
            steps: [.accept, .authorize, .finishReversing, .refuseReversal], unfinished: false, pending: true,
            next: [.refuseReversal, .settleReversal]),
        Path(
            steps: [.accept, .authorize, .finishReversing, .refuseReversal, .settleReversal], unfinished: false,
            pending: false, next: []),
    ]

    @Test(arguments: paths)
    func followsTheRecords(path: Path) throws {
        for step in path.steps { try journal.append(try step.record(), at: Sample.time) }
        func check(_ journal: Journal) throws {
            #expect(try journal.unfinished().count == (path.unfinished ? 1 : 0))
            #expect(try journal.pendingReversals().count == (path.pending ? 1 : 0))
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
                try journal.append(try step.record(), at: Sample.time)
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
        try journal.write([.finished(try Sample.id("R2"), Sample.interrupted, reversal: .badMAC)])
        let first = try #require(try journal.payment(Sample.id("R1")))
        #expect(first.outcome == .approved(Sample.reply, nil))
        #expect(first.authorization?.stan == .first)
        #expect(first.reversal == .none)
        #expect(first.finishedAt == Sample.time)
        let second = try #require(try journal.payment(Sample.id("R2")))
        #expect(second.reversal == .pending(.badMAC, refusals: []))
        #expect(try journal.payment(rrn: "123456789012") == first)
        #expect(try journal.payment(rrn: "123456789013") == nil)
        #expect(try journal.payment(stan: .first) == second)
        #expect(try journal.payment(stan: .first, batch: .first) == first)
        #expect(try journal.payment(stan: Sample.stan(2)) == nil)
        #expect(try journal.payment(Sample.id("R3")) == nil)
        #expect(try journal.newestPayments(limit: 10) == [second, first])
        #expect(try journal.newestPayments(limit: 1) == [second])
    }

    @Test func pendingReversalsComeInOrderWithAllTheyNeed() throws {
        for (index, name) in ["Z", "A", "M"].enumerated() {
            let reversed = Record.finished(try Sample.id(name), Sample.interrupted, reversal: .noReply)
            try journal.write(try Sample.sale(name, stan: index + 1).prefix(2) + [reversed])
        }
        try journal.write([.reversalAnswered(try Sample.id("Z"), code: "96", settled: false)])
        try journal.write([.reversalAnswered(try Sample.id("A"), code: "12", settled: true)])
        let pending = try journal.pendingReversals()
        #expect(pending.map(\.authorization.request.id.rawValue) == ["Z", "M"])
        #expect(pending.map(\.refusals) == [["96"], []])
        #expect(pending.allSatisfy { $0.pan?.digits == Sample.digits && $0.reason == .noReply })
        #expect(try journal.payment(Sample.id("A"))?.reversal == .settled(.noReply, code: "12"))
        try journal.verify()
    }
}
