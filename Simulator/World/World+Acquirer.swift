import Acquiring
import Engine
import ISO8583
import Journaling
import PaymentCryptography
import Payments

/// The acquirer's part in the terminal: recovery, sign-in, reversals, as `PaymentTerminal` has it.
extension World {
    /// The terminal has power: what a crash left is closed, then the background begins.
    func start() throws(PowerCut) {
        note("the terminal starts")
        do throws(JournalError) {
            try journal.start()
        } catch {
            note("the journal cannot be opened: \(error.detail)")
            return fail()
        }
        memory = Memory(isSignedIn: workingKeys != nil)
        if try commit(.started(version: "world")) != nil {
            // The daemon ends with an error and is started again.
            return fail()
        }
        if try recover() != nil { return fail() }
        try settleInBackground()
    }

    private func fail() {
        memory = nil
        life += 1
        agenda.enter(.powerReturns, at: clock.now + 5_000)
    }

    /// Closes the payments that the journal holds without an outcome, but for the one that runs.
    func recover() throws(PowerCut) -> PaymentFailure? {
        let unfinished = ((try? journal.unfinished()) ?? []).filter { $0.request.id != memory?.running?.request.id }
        for record in Recovery.plan(unfinished.map { .init(request: $0.request, authorization: $0.authorization) }) {
            if let failure = try commit(forgetful(record)) { return failure }
        }
        return nil
    }

    private func forgetful(_ record: Record) -> Record {
        guard canary == .reversalDropped, case .finished(let id, let outcome, _) = record else { return record }
        return .finished(id, outcome, reversal: nil)
    }

    /// Tries what is left to do, now and then at growing intervals of at most a minute.
    func settleInBackground() throws(PowerCut) {
        memory?.background += 1
        memory?.pause = 1_000
        try retry(memory?.background ?? 0)
    }

    func retry(_ number: Int) throws(PowerCut) {
        guard let memory, memory.background == number, memory.running == nil, needsPreparation else { return }
        try prepareLink(for: nil)
    }

    private var needsPreparation: Bool {
        guard memory?.isSignedIn == true, let unfinished = try? journal.unfinished() else { return true }
        return !unfinished.isEmpty || !pendingReversals.isEmpty
    }

    /// The reversals that payments wait for.
    var pendingReversals: [PendingReversal] {
        ((try? journal.pendingReversals()) ?? []).filter { $0.holdsPayments(tries: Self.reversalTries) }
    }

    /// Makes the way free for a payment, or in the background. Callers share one attempt.
    func prepareLink(for payment: RequestID?) throws(PowerCut) {
        if memory?.preparation != nil {
            if let payment { memory?.preparation?.waiting = payment }
            return
        }
        memory?.preparation = Memory.Preparation(reversals: [], waiting: payment)
        if let failure = try recover() { return try prepared(failure) }
        let reversals = canary == .reversalIgnored && payment != nil ? [] : pendingReversals
        memory?.preparation = Memory.Preparation(reversals: reversals, waiting: payment)
        try prepare(
            .start(
                isSignedIn: memory?.isSignedIn == true, reversals: reversals.map(\.authorization.request.id)))
    }

    private func prepare(_ event: PreparationMachine.Event) throws(PowerCut) {
        guard let action = memory?.preparation?.machine.handle(event) else { return }
        switch action {
        case .signIn: try signIn()
        case .reverse(let id):
            let reversal = memory?.preparation?.reversals.first { $0.authorization.request.id == id }
            memory?.preparation?.reversing = reversal
            memory?.preparation?.reversal = ReversalMachine(id)
            try reverse(.start)
        case .connect:
            loadPINKey()
            try prepare(
                isCutOff ? .connectFailed(PaymentFailure(.acquirerUnreachable, "connection refused")) : .connected)
        case .finish(let failure): try prepared(failure)
        case .ignore: books.breaks(.contradiction, "the preparation was told something out of turn")
        }
    }

    private func prepared(_ failure: PaymentFailure?) throws(PowerCut) {
        let waiting = memory?.preparation?.waiting
        memory?.preparation = nil
        note(failure.map { "the way is not free: \($0.detail)" } ?? "the way is free")
        if let memory, memory.running == nil, failure != nil {
            agenda.enter(.retryDue(memory.background), at: clock.now + memory.pause, life: life)
            self.memory?.pause = min(memory.pause * 2, 60_000)
        }
        if let waiting { try post(failure.map { .linkFailed($0) } ?? .linkReady, to: waiting) }
    }

    // MARK: Sign-in

    private func signIn() throws(PowerCut) {
        do {
            let (stan, batch) = try takeNumber()
            if let failure = try commit(.numberUsed(stan)) { return try prepare(.signInFailed(failure)) }
            try transmit(Exchange(dialect.signIn(stan: stan, batch: batch), in: dialect), for: .signIn)
        } catch let error as PowerCut {
            throw error
        } catch {
            try prepare(.signInFailed(PaymentFailure(.journalUnavailable, "\(error)")))
        }
    }

    /// First the keys are kept, then the batch: between the two the terminal may lose its power.
    private func signInAnswered(_ answer: Exchange.Answer) throws(PowerCut) {
        let signedIn: (result: SignInResult, keys: PaymentCryptography.WorkingKeys)
        do throws(AcquiringError) {
            signedIn = try dialect.signedIn(answer, masterKey: masterKey)
        } catch {
            return try prepare(.signInFailed(PaymentFailure(.acquirerUnreachable, "sign-in: \(error.detail)")))
        }
        try step()
        workingKeys = signedIn.keys
        if let failure = try commit(.signedIn(batch: signedIn.result.batch)) {
            return try prepare(.signInFailed(failure))
        }
        memory?.isSignedIn = true
        memory?.padHasKey = false
        try prepare(.signedIn)
    }

    private func loadPINKey() {
        guard memory?.padHasKey == false, let key = workingKeys?.pinKey else { return }
        padKey = try? CipherKey(deciphering: key.cipherText, under: masterKey, expecting: key.checkValue)
        memory?.padHasKey = padKey != nil
    }

    // MARK: Reversals

    private func reverse(_ event: ReversalMachine.Event) throws(PowerCut) {
        guard let action = memory?.preparation?.reversal?.handle(event) else { return }
        switch action {
        case .send: try sendReversal()
        case .persist(let record):
            if let failure = try commit(record) {
                try reverse(.persistFailed(failure))
            } else {
                try reverse(.persisted)
            }
        case .finish(let result):
            memory?.preparation?.reversal = nil
            try prepare(.reversalEnded(result))
        case .ignore: books.breaks(.contradiction, "the reversal was told something out of turn")
        }
    }

    private func sendReversal() throws(PowerCut) {
        guard let reversal = memory?.preparation?.reversing, let pan = reversal.pan, let keys = workingKeys else {
            return try reverse(.unanswered(PaymentFailure(.reversalPending, "no keys, or no account number")))
        }
        let outcome = (try? journal.payment(reversal.authorization.request.id))?.outcome
        do {
            let message = try dialect.reversal(
                of: reversal.authorization, pan: pan, reason: reversal.reason,
                authorizationCode: outcome?.reply?.authorizationCode, chip: outcome?.chip)
            try transmit(Exchange(message, in: dialect, macKey: keys.macKey), for: .reversal)
        } catch let error as PowerCut {
            throw error
        } catch {
            try reverse(.unanswered(PaymentFailure(.reversalPending, "\(error)")))
        }
    }

    // MARK: Exchanges

    /// Hands the answer to whoever asked.
    func answered(_ answer: Exchange.Answer, for purpose: Memory.Underway.Purpose) throws(PowerCut) {
        switch purpose {
        case .signIn: try signInAnswered(answer)
        case .reversal:
            let event = ReverseResult(answer).event
            if case .signInDemanded = event { memory?.isSignedIn = false }
            try reverse(event)
        case .sale(let id): try saleAnswered(answer, of: id)
        }
    }

    /// The next number of the batch.
    func takeNumber() throws -> (stan: STAN, batch: BatchNumber) {
        guard canary == .stanReused, let number = memory?.nextNumber else { return try journal.numbers() }
        memory?.nextNumber = number.next
        return (number, try journal.numbers().batch)
    }
}
