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
        /// Messages that left it.
        public let messages: Int
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
    /// What the registers ask for, once they have asked.
    var requests: [PaymentRequest?]

    // What the terminal has lost when it has no power.
    var memory: Memory?
    // What it has not.
    let journal: any PaymentJournal
    var workingKeys: PaymentCryptography.WorkingKeys?
    var padKey: CipherKey?

    /// Counts the terminal's lives, so that what belonged to one never reaches the next.
    var life = 0
    /// So many seconds after an orderly stop it is started again.
    var restartSeconds = 0
    /// Whether the journal holds what comes from before the world.
    var isAged = false
    /// Makes the pauses of the background uneven.
    var jitter: UInt32 = 1
    /// For the canary that sends again: what has left before.
    var sentStored: Set<RequestID> = []
    var messages = 0
    /// Whether the acquirer is to find differences in the next settlement.
    var totalsDiffer = false
    private var steps = 0
    private var commits = 0
    private var cuts: [Int: Int] = [:]
    private var fullCommits: Set<Int> = []
    private(set) var onTheWay: [Int: Trouble.OnTheWay] = [:]
    private var outages: [ClosedRange<Int>] = []
    private var printerless: [ClosedRange<Int>] = []
    private var padless: [ClosedRange<Int>] = []
    private var stubborn: [ClosedRange<Int>] = []
    private let leaks: LeakSearch?
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
        // Searching what is written takes its time: not every world is searched.
        leaks =
            script.seed % 25 == 0 || canary == .accountNumberKept ? LeakSearch(Customer.accounts.map(\.number)) : nil
        masterKey = try CipherKey(PaymentCryptography.TestKeys.terminalMasterKey)
        let identity = try TerminalIdentity(terminal: "12345678", merchant: "123456789012345").unwrapped()
        var options = DialectOptions()
        options.announcesPartialApproval = script.seed % 2 == 0
        dialect = UnionPayDialect(identity, options: options)
        var configuration = AcquirerHost.Configuration(terminal: identity.terminal, merchant: identity.merchant)
        configuration.batch = script.start.batch.description
        configuration.partialApprovals = Customer.partlyApproved
        host = try AcquirerHost(
            configuration, issuer: CardIssuer(accounts: Customer.accounts), faults: faults, clock: clock,
            entropy: SeededEntropy(seed: script.seed))
        customers = try Customer.accounts.map { try Customer($0) }
        books = Books(orders: script.orders, terminal: identity.terminal)
        requests = script.orders.map { _ in nil }
        for trouble in script.troubles { expect(trouble) }
    }

    private func expect(_ trouble: Trouble) {
        switch trouble {
        case .powerCut(let step, let seconds): cuts[step] = seconds
        case .message(let number, let fate): onTheWay[number] = fate
        case .outage(let from, let to): outages.append(from...max(from, to))
        case .printerFails(let from, let to): printerless.append(from...max(from, to))
        case .padAbsent(let from, let to): padless.append(from...max(from, to))
        case .reversalsRefused(let from, let to): stubborn.append(from...max(from, to))
        case .journalFull(let commit, let times): fullCommits.formUnion(commit..<commit + times)
        case .shutdown(let time, _), .acquirerForgets(let time), .acquirerOpensBatch(let time),
            .acquirerDeclines(let time, _), .acquirerLoses(let time), .totalsDiffer(let time):
            agenda.enter(.trouble(trouble), at: time)
        }
    }

    private func run() -> Result {
        for (index, order) in script.orders.enumerated() {
            agenda.enter(.registerAsks(index), at: order.time)
            for pause in order.repeatedAfter { agenda.enter(.registerAsks(index), at: order.time + pause) }
            if let pause = order.abusedAfter { agenda.enter(.registerAsksAnother(index), at: order.time + pause) }
            if let pause = order.cancelledAfter { agenda.enter(.cashierCancels(index), at: order.time + pause) }
        }
        for (time, errand) in script.errands { agenda.enter(.errand(errand), at: time) }
        agenda.enter(.powerReturns, at: 0)
        var violation: Violation?
        do throws(Violation) {
            while let (time, happening) = agenda.next(life: life) {
                guard time <= script.end + Self.settlingMilliseconds else {
                    throw Violation(.liveness, "something is open an hour after the last fault")
                }
                clock.now = max(clock.now, time)
                if isCalm { journal.heal() }
                happen(happening)
                if let broken = books.broken { throw broken }
            }
            try books.close(journal, host.ledger)
            if let leaks, let line = trace.first(where: { leaks.finds(in: $0) }) {
                throw Violation(.m8, "the trace says \(line.prefix(20))…")
            }
        } catch {
            violation = error
            note("BROKEN \(error)")
        }
        return Result(
            violation: violation, captures: host.ledger.openCaptures().count, steps: steps, messages: messages,
            trace: isTraced ? trace : [])
    }

    private func happen(_ happening: Agenda.Happening) {
        do throws(PowerCut) {
            switch happening {
            case .registerAsks(let index): try ask(index)
            case .registerAsksAnother(let index): abuse(index)
            case .cashierCancels(let index): try cancel(index)
            case .errand(let errand): try run(errand)
            case .cardEnds(let id): try cardEnds(id)
            case .cardCompletes(let id, let reply): try cardCompletes(id, reply)
            case .cardCompletesOffline(let authorization): try cardCompletesOffline(authorization)
            case .requestArrives(let parcel): requestArrives(parcel)
            case .replyArrives(let frame): try replyArrives(frame)
            case .replyOverdue(let number): try replyOverdue(number)
            case .retryDue(let number): try retry(number)
            case .powerReturns: try start()
            case .trouble(let trouble): try strike(trouble)
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

    private func run(_ errand: Script.Errand) throws(PowerCut) {
        // A terminal that is off, or about to be, hears nobody; a supervisor comes back.
        guard let memory, !memory.isStopping else {
            if case .resolve = errand { agenda.enter(.errand(errand), at: clock.now + 60_000) }
            return
        }
        switch errand {
        case .settle(let supervisor, let batch): try wantSettlement(by: supervisor, of: batch)
        case .signOff: try wantSignOff()
        case .echo: try echo()
        case .resolve: try resolve()
        }
    }

    private func strike(_ trouble: Trouble) throws(PowerCut) {
        switch trouble {
        case .shutdown(_, let seconds): try shutDown(seconds: seconds)
        case .acquirerForgets:
            note("the acquirer is restarted and forgets the working keys")
            host.forgetKeys()
        case .acquirerOpensBatch:
            guard let running = Int(host.batch).flatMap({ BatchNumber($0) }) else { return }
            note("the acquirer opens batch \(running.next)")
            host.open(batch: running.next.description)
        case .acquirerDeclines(_, let code):
            note("the acquirer is going to answer \(code)")
            host.declineNext(code)
        case .acquirerLoses: lose()
        case .totalsDiffer: totalsDiffer = true
        case .powerCut, .message, .outage, .journalFull, .printerFails, .padAbsent, .reversalsRefused: break
        }
    }

    /// The acquirer's books lose the newest sale that nothing has followed up, as long as its batch can bring it back.
    private func lose() {
        let ledger = host.ledger
        guard ((try? journal.settlement()) ?? nil) == nil,
            let entry = ledger.entries.last(where: {
                $0.kind == .sale && $0.state == .approved && $0.refunded == 0 && $0.tip == 0
                    && $0.key.batch == host.batch
            })
        else { return }
        note("the acquirer loses STAN \(entry.key.stan)")
        books.lost.insert(entry.key)
        host.lose(entry.key)
    }

    // MARK: What the script decides

    /// Whether nothing goes wrong any more.
    var isCalm: Bool { clock.now > script.end }

    /// Whether the acquirer takes no connection now.
    var isCutOff: Bool { isNow(in: outages) }
    /// Whether the printer takes nothing now.
    var isPrinterOut: Bool { isNow(in: printerless) }
    /// Whether there is no PIN pad now.
    var isPadAbsent: Bool { isNow(in: padless) }
    /// Whether the acquirer refuses reversals now.
    var areReversalsRefused: Bool { isNow(in: stubborn) }

    private func isNow(in spans: [ClosedRange<Int>]) -> Bool {
        !spans.isEmpty && !isCalm && spans.contains { $0.contains(clock.now) }
    }

    /// A moment in which the terminal can lose its power.
    func step() throws(PowerCut) {
        steps += 1
        guard !isCalm, let seconds = cuts[steps] else { return }
        throw PowerCut(seconds: seconds)
    }

    /// Makes records durable: a power cut before it loses them, one after it does not. Answers why it could not.
    func commit(_ records: [Record], pan: PAN? = nil) throws(PowerCut) -> PaymentFailure? {
        try step()
        commits += 1
        if !isCalm, fullCommits.contains(commits) {
            note("the journal is full")
            return PaymentFailure(.journalUnavailable, "full")
        }
        do throws(JournalError) {
            try journal.append(records, pan: pan, at: clock.localTime())
        } catch {
            note("the journal refuses: \(error.detail)")
            guard journal.isRunning else { throw PowerCut(seconds: 5) }
            if error.kind == .contradiction { books.breaks(.contradiction, error.detail) }
            return PaymentFailure(.journalUnavailable, error.detail)
        }
        for record in records {
            note("durable: \(record.traced)")
            if case .settled(let batch) = record { books.settles(batch, journal, host.ledger) }
            if leaks?.finds(in: record) == true { books.breaks(.m8, "an account number in \(record.kind)") }
        }
        try step()
        return nil
    }

    /// Adds a line to the trace.
    func note(_ line: @autoclosure () -> String) {
        guard isTraced || leaks != nil else { return }
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
        case .accepted(let request): "accepted \(request.id), a \(request.kind) over \(request.amount)"
        case .authorization(let sent):
            "authorization \(sent.request.id) STAN \(sent.stan) batch \(sent.batch)"
                + (sent.attempt > 1 ? ", attempt \(sent.attempt)" : "")
        case .finished(let id, let outcome, let reversal, let number):
            "finished \(id) \(outcome.traced)\(reversal.map { ", to be reversed: \($0.rawValue)" } ?? "")"
                + (number.map { ", script result \($0)" } ?? "")
        case .reversalAnswered(let id, let code, let settled):
            "reversal of \(id) answered \(code)\(settled ? ", settled" : "")"
        case .storedAnswered(let id, let reply, let accepted):
            "stored \(id) answered \(reply.code)\(accepted ? ", accepted" : "")"
        case .storedLost(let id, let reason): "stored \(id) lost: \(reason.rawValue)"
        case .scriptAnswered(let id, let code): "script result of \(id) answered \(code)"
        case .resolved(let id, let delivery, let supervisor): "\(delivery) of \(id) resolved by \(supervisor)"
        case .signedIn(let batch): "signed in, batch \(batch)"
        case .numberUsed(let stan): "number \(stan) used"
        case .settlementBegun(let settlement): "settlement of batch \(settlement.batch) STAN \(settlement.stan)"
        case .settlementCompared(let found): "compared, \(found.agrees ? "agreed" : "differs")"
        case .uploading(let index, let stan): "upload \(index) STAN \(stan)"
        case .uploadRefused(let index, let code): "upload \(index) refused with \(code)"
        case .settled(let batch): "batch \(batch) settled"
        case .signedOff, .downloaded, .acquirerTime, .started, .operatorActed, .clockMoved, .pruned: "\(kind)"
        }
    }
}

extension Outcome {
    /// A few words for the trace.
    var traced: String {
        switch self {
        case .approved(let reply, _): reply.amount.map { "approved in part, \($0)" } ?? "approved"
        case .stored(let why, _): "stored: \(why.rawValue)"
        case .declined(let reply, _): "declined \(reply.code)"
        case .declinedByCard(let reply, _): reply == nil ? "declined by the card" : "declined late by the card"
        case .cancelled(let canceller): "cancelled by the \(canceller.rawValue)"
        case .failed(let failure): "failed: \(failure.reason.rawValue)"
        }
    }
}
