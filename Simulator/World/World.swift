import Acquiring
import Engine
import ISO8583
import Journaling
import PaymentCryptography
import Payments
import SimulatedAcquirer
import SimulatedCards

/// A shop for a day, in one thread and no time: the terminal's machines, recovery, dialect and codec and the acquirer's
/// host are the real ones; journal, link, card, PIN pad, register and people are models. A script says what goes wrong;
/// when it has ended, all that is open must close by itself. Every step is checked against the promises about money.
public final class World {
    /// What became of a world.
    public struct Result: Sendable {
        /// The first broken promise; nil if all was kept.
        public let violation: Violation?
        /// Payments that the acquirer's books hold in the end.
        public let captures: Int
        /// Steps that the terminal took: the moments in which it can lose its power.
        public let steps: Int
        /// What happened, a line each; empty unless it was asked for.
        public let trace: [String]
    }

    /// The terminal has no power any more; whatever it was doing ends here.
    struct PowerCut: Error {
        let seconds: Int
    }

    static let reversalTries = 3
    static let replyMilliseconds = 60_000
    /// So long after the script's end everything must be closed.
    private static let settlingMilliseconds = 3_600_000

    let script: Script
    let canary: Canary?
    let clock = VirtualClock()
    let faults = FaultScript()
    let host: AcquirerHost
    let dialect: UnionPayDialect
    let masterKey: CipherKey
    let customers: [Customer]
    var agenda = Agenda()
    var books: Books
    /// Registers that are going to repeat their question.
    var willAskAgain: Set<Int> = []

    // What the terminal has lost when it has no power.
    var memory: Memory?
    // What it has not.
    let journal: any PaymentJournal
    var workingKeys: PaymentCryptography.WorkingKeys?
    var padKey: CipherKey?

    /// Counts the terminal's lives, so that what belonged to one never reaches the next.
    var life = 0
    /// Counts the acquirer's restarts and batches.
    var era = 0
    private var steps = 0
    private var commits = 0
    var messages = 0
    private var batch = 1
    private let cuts: [Int: Int]
    private let fullCommits: Set<Int>
    let onTheWay: [Int: Trouble.OnTheWay]
    private let outages: [ClosedRange<Int>]
    private let isTraced: Bool
    private var trace: [String] = []

    /// Runs `script` to its end or to the first broken promise. `canary` is a mistake for the checks to find; `journal`
    /// is empty.
    public static func run(
        _ script: Script, canary: Canary? = nil, journal: (any PaymentJournal)? = nil, isTraced: Bool = false
    ) throws -> Result {
        try World(
            script, canary, journal ?? ModelJournal(permitsReusedNumbers: canary == .stanReused), isTraced
        ).run()
    }

    private init(
        _ script: Script, _ canary: Canary?, _ journal: any PaymentJournal, _ isTraced: Bool
    ) throws {
        self.script = script
        self.canary = canary
        self.journal = journal
        self.isTraced = isTraced
        var cuts: [Int: Int] = [:]
        var fullCommits: Set<Int> = []
        var onTheWay: [Int: Trouble.OnTheWay] = [:]
        var outages: [ClosedRange<Int>] = []
        for trouble in script.troubles {
            switch trouble {
            case .powerCut(let step, let seconds): cuts[step] = seconds
            case .message(let number, let fate): onTheWay[number] = fate
            case .outage(let from, let to): outages.append(from...max(from, to))
            case .journalFull(let commit, let times): fullCommits.formUnion(commit..<commit + times)
            case .acquirerForgets(let time): agenda.enter(.acquirerForgets, at: time)
            case .acquirerOpensBatch(let time):
                batch += 1
                if let opened = BatchNumber(batch) { agenda.enter(.acquirerOpensBatch(opened), at: time) }
            }
        }
        self.cuts = cuts
        self.fullCommits = fullCommits
        self.onTheWay = onTheWay
        self.outages = outages
        masterKey = try CipherKey(PaymentCryptography.TestKeys.terminalMasterKey)
        let identity = try TerminalIdentity(terminal: "12345678", merchant: "123456789012345").unwrapped()
        dialect = UnionPayDialect(identity)
        host = try AcquirerHost(
            AcquirerHost.Configuration(terminal: identity.terminal, merchant: identity.merchant),
            issuer: CardIssuer(accounts: Customer.accounts), faults: faults, clock: clock,
            entropy: SeededEntropy(seed: script.seed))
        customers = try Customer.accounts.map { try Customer($0) }
        books = Books(orders: script.orders, terminal: identity.terminal)
    }

    private func run() -> Result {
        for (index, order) in script.orders.enumerated() {
            agenda.enter(.registerAsks(index), at: order.time)
            for pause in order.repeatedAfter { agenda.enter(.registerAsks(index), at: order.time + pause) }
            if let pause = order.abusedAfter { agenda.enter(.registerAsksAnother(index), at: order.time + pause) }
            if let pause = order.cancelledAfter { agenda.enter(.cashierCancels(index), at: order.time + pause) }
        }
        agenda.enter(.powerReturns, at: 0)
        var violation: Violation?
        do throws(Violation) {
            while let (time, happening) = agenda.next(life: life) {
                guard time <= script.end + Self.settlingMilliseconds else {
                    throw Violation(.m2, "something is open an hour after the last fault")
                }
                clock.now = max(clock.now, time)
                if isCalm { journal.heal() }
                try happen(happening)
                if let broken = books.broken { throw broken }
            }
            try books.close(journal, host.ledger)
        } catch {
            violation = error
            note("BROKEN \(error)")
        }
        return Result(
            violation: violation, captures: host.ledger.openCaptures().count, steps: steps, trace: trace)
    }

    private func happen(_ happening: Agenda.Happening) throws(Violation) {
        do throws(PowerCut) {
            switch happening {
            case .registerAsks(let index): try ask(index)
            case .registerAsksAnother(let index): try abuse(index)
            case .cashierCancels(let index): try cancel(index)
            case .cardEnds(let id): try cardEnds(id)
            case .cardCompletes(let id, let reply): try cardCompletes(id, reply)
            case .requestArrives(let parcel): requestArrives(parcel)
            case .replyArrives(let frame): try replyArrives(frame)
            case .replyOverdue(let number): try replyOverdue(number)
            case .retryDue(let number): try retry(number)
            case .powerReturns: try start()
            case .acquirerForgets:
                note("the acquirer is restarted and forgets the working keys")
                era += 1
                host.forgetKeys()
            case .acquirerOpensBatch(let opened):
                note("the acquirer opens batch \(opened)")
                era += 1
                host.open(batch: opened.description)
            }
        } catch {
            note("POWER CUT for \(error.seconds) s")
            memory = nil
            life += 1
            journal.losePower()
            agenda.enter(.powerReturns, at: clock.now + error.seconds * 1_000)
            hangUp()
        }
    }

    // MARK: What the script decides

    /// Whether nothing goes wrong any more.
    var isCalm: Bool { clock.now > script.end }

    /// Whether the acquirer takes no connection now.
    var isCutOff: Bool { !isCalm && outages.contains { $0.contains(clock.now) } }

    /// A moment in which the terminal can lose its power.
    func step() throws(PowerCut) {
        steps += 1
        guard !isCalm, let seconds = cuts[steps] else { return }
        throw PowerCut(seconds: seconds)
    }

    /// Makes a record durable: a power cut before it loses it, one after it does not. Answers why it could not.
    func commit(_ record: Record, pan: PAN? = nil) throws(PowerCut) -> PaymentFailure? {
        try step()
        commits += 1
        if !isCalm, fullCommits.contains(commits) {
            note("the journal is full")
            return PaymentFailure(.journalUnavailable, "full")
        }
        do throws(JournalError) {
            try journal.append(record, pan: pan, at: clock.localTime())
        } catch {
            note("the journal refuses: \(error.detail)")
            guard journal.isRunning else { throw PowerCut(seconds: 5) }
            if error.kind == .contradiction { books.breaks(.contradiction, error.detail) }
            return PaymentFailure(.journalUnavailable, error.detail)
        }
        note("durable: \(record.traced)")
        try step()
        return nil
    }

    /// Adds a line to the trace.
    func note(_ line: @autoclosure () -> String) {
        guard isTraced else { return }
        let (seconds, rest) = clock.now.quotientAndRemainder(dividingBy: 1_000)
        let millis = String(rest + 1_000).dropFirst()
        trace.append("\(seconds).\(millis) \(line())")
    }
}

/// The world cannot be made.
struct WorldError: Error {}

extension Optional {
    /// What is there. Throws where a constant of the world is not what it must be.
    func unwrapped() throws -> Wrapped {
        guard let self else { throw WorldError() }
        return self
    }
}

extension Record {
    /// A few words for the trace.
    fileprivate var traced: String {
        switch self {
        case .accepted(let request): "accepted \(request.id) over \(request.amount)"
        case .authorization(let sent): "authorization \(sent.request.id) STAN \(sent.stan) batch \(sent.batch)"
        case .finished(let id, let outcome, let reversal):
            "finished \(id) \(outcome.traced)\(reversal.map { ", to be reversed: \($0.rawValue)" } ?? "")"
        case .reversalAnswered(let id, let code, let settled):
            "reversal of \(id) answered \(code)\(settled ? ", settled" : "")"
        case .signedIn(let batch): "signed in, batch \(batch)"
        case .numberUsed(let stan): "number \(stan) used"
        case .started: "started"
        }
    }
}

extension Outcome {
    /// A few words for the trace.
    var traced: String {
        switch self {
        case .approved: "approved"
        case .declined(let reply, _): "declined \(reply.code)"
        case .declinedByCard(let reply, _): reply == nil ? "declined by the card" : "declined late by the card"
        case .cancelled(let canceller): "cancelled by the \(canceller.rawValue)"
        case .failed(let failure): "failed: \(failure.reason.rawValue)"
        }
    }
}
