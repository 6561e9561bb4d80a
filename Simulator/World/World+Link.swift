import Acquiring
import Engine
import ISO8583
import Journaling
import PaymentCryptography
import Payments

/// The way to the acquirer: recovery, sign-in, what goes before, as `PaymentTerminal` has it.
extension World {
    /// The terminal has power: what a crash left is closed, then the background begins.
    func start() throws(PowerCut) {
        note("the terminal starts")
        do throws(JournalError) {
            try journal.start()
            try age()
        } catch {
            note("the journal cannot be opened: \(error.detail)")
            return fail()
        }
        let isSettling = ((try? journal.settlement()) ?? nil) != nil
        memory = Memory(isSignedIn: workingKeys != nil, isSettling: isSettling)
        if try commit([.started(version: "world")]) != nil {
            // The daemon ends with an error and is started again.
            return fail()
        }
        if try recover() != nil { return fail() }
        try workInBackground()
    }

    /// The journal of a terminal that has been in use for long comes from before the world.
    private func age() throws(JournalError) {
        guard let stan = script.start.stan, !isAged else { return }
        if try journal.numbers().batch != script.start.batch {
            try journal.append(
                [.signedIn(batch: script.start.batch), .numberUsed(stan)], pan: nil, at: clock.localTime())
        }
        isAged = true
    }

    private func fail() {
        memory = nil
        life += 1
        agenda.enter(.powerReturns, at: clock.now + 5_000)
    }

    /// Closes the payments that the journal holds without an outcome, but for the one that runs.
    func recover() throws(PowerCut) -> PaymentFailure? {
        let unfinished = ((try? journal.unfinished()) ?? []).filter { $0.request.id != memory?.running?.request.id }
        for record in Recovery.plan(unfinished) {
            if let failure = try commit([forgetful(record)]) { return failure }
        }
        return nil
    }

    private func forgetful(_ record: Record) -> Record {
        guard canary == .reversalDropped, case .finished(let id, let outcome, _, let number) = record else {
            return record
        }
        return .finished(id, outcome, reversal: nil, scriptNumber: number)
    }

    /// The next number of the batch.
    func takeNumber() throws -> (stan: STAN, batch: BatchNumber) {
        guard canary == .stanReused, let number = memory?.nextNumber else { return try journal.numbers() }
        memory?.nextNumber = number.next
        return (number, try journal.numbers().batch)
    }

    // MARK: Who may use it

    /// Whether something is under way to the acquirer, or going to be.
    var isLineTaken: Bool {
        memory?.preparation != nil || memory?.delivering != nil || memory?.underway != nil
    }

    /// Makes the way free for somebody. All who wait share one attempt.
    func prepareLink(for waiter: Memory.Waiter) throws(PowerCut) {
        memory?.waiters.append(waiter)
        if !isLineTaken { try beginPreparation() }
    }

    /// The line is free again: for who waits for it, or for the background.
    func release() throws(PowerCut) {
        guard let memory, !isLineTaken else { return }
        if !memory.waiters.isEmpty { return try beginPreparation() }
        if memory.isStopping, memory.running == nil { return stop() }
        if memory.running == nil, memory.settling == nil { try work() }
    }

    /// What must be delivered before a payment.
    private var goesBefore: [PendingDelivery] {
        let mayTryScripts = memory?.scriptsRestUntil ?? 0 <= clock.now
        let scripts = mayTryScripts ? (try? journal.deliveries(.scriptResult, limit: 20)) ?? [] : []
        let isForPayment = memory?.waiters.contains { if case .payment = $0 { true } else { false } } ?? false
        return scripts + (canary == .reversalIgnored && isForPayment ? [] : holdingReversals)
    }

    /// The reversals that payments wait for.
    var holdingReversals: [PendingDelivery] {
        ((try? journal.deliveries(.reversal, limit: .max)) ?? []).filter {
            $0.holdsPayments(tries: Self.reversalTries)
        }
    }

    var needsPreparation: Bool {
        guard memory?.isSignedIn == true, let unfinished = try? journal.unfinished() else { return true }
        return !unfinished.isEmpty || !goesBefore.isEmpty
    }

    private func beginPreparation() throws(PowerCut) {
        memory?.preparation = Memory.Preparation(owed: [])
        if let failure = try recover() { return try prepared(failure) }
        let owed = goesBefore
        memory?.preparation = Memory.Preparation(owed: owed)
        try prepare(
            .start(
                isSignedIn: memory?.isSignedIn == true, deliveries: owed.map { .init($0.delivery, of: $0.id) }))
    }

    func prepare(_ event: PreparationMachine.Event) throws(PowerCut) {
        guard let action = memory?.preparation?.machine.handle(event) else { return }
        switch action {
        case .signIn: try signIn()
        case .deliver(let errand):
            guard
                let owed = memory?.preparation?.owed.first(where: {
                    $0.id == errand.id && $0.delivery == errand.delivery
                })
            else { return books.breaks(.contradiction, "the \(errand.delivery) of \(errand.id) is not at hand") }
            try deliver(owed, for: .preparation)
        case .connect:
            loadPINKey()
            try prepare(
                isCutOff ? .connectFailed(PaymentFailure(.acquirerUnreachable, "connection refused")) : .connected)
        case .finish(let failure): try prepared(failure)
        case .ignore: books.breaks(.contradiction, "the preparation was told something out of turn")
        }
    }

    private func prepared(_ failure: PaymentFailure?) throws(PowerCut) {
        let waiters = memory?.waiters ?? []
        memory?.preparation = nil
        memory?.waiters = []
        note(failure.map { "the way is not free: \($0.detail)" } ?? "the way is free")
        for waiter in waiters {
            switch waiter {
            case .payment(let id):
                guard let request = memory?.running?.request, request.id == id else { continue }
                try post(failure.map { linkFailed($0, request) } ?? .linkReady, to: id)
            case .settlement: try settlementLinkEnded(failure)
            case .signOff: if failure == nil { try signOff() }
            case .background:
                if failure == nil { try workDone() } else { workFailed() }
            }
        }
        try release()
    }

    private func loadPINKey() {
        guard memory?.padHasKey == false, !isPadAbsent, let key = workingKeys?.pinKey else { return }
        padKey = try? CipherKey(deciphering: key.cipherText, under: masterKey, expecting: key.checkValue)
        memory?.padHasKey = padKey != nil
    }

    // MARK: Session

    /// A number of the running batch, used up in the journal, for a message that is no payment.
    private func useNumber() throws(PowerCut) -> Swift.Result<(stan: STAN, batch: BatchNumber), PaymentFailure> {
        do {
            let numbers = try takeNumber()
            if let failure = try commit([.numberUsed(numbers.stan)]) { return .failure(failure) }
            return .success(numbers)
        } catch let error as PowerCut {
            throw error
        } catch {
            return .failure(PaymentFailure(.journalUnavailable, "\(error)"))
        }
    }

    private func signIn() throws(PowerCut) {
        switch try useNumber() {
        case .failure(let failure): try prepare(.signInFailed(failure))
        case .success(let number):
            guard let frame = try? dialect.signIn(stan: number.stan, batch: number.batch),
                let exchange = try? Exchange(frame, in: dialect)
            else { return books.breaks(.contradiction, "no sign-in can be made") }
            try transmit(exchange, for: .signIn)
        }
    }

    /// First the keys are kept, then the batch: between the two the terminal may lose its power. While a batch is being
    /// closed its number stays: the end message moves it.
    func signInAnswered(_ answer: Exchange.Answer) throws(PowerCut) {
        let signedIn: (result: SignInResult, keys: PaymentCryptography.WorkingKeys)
        do throws(AcquiringError) {
            signedIn = try dialect.signedIn(answer, masterKey: masterKey)
        } catch {
            return try prepare(.signInFailed(PaymentFailure(.acquirerUnreachable, "sign-in: \(error.detail)")))
        }
        try step()
        workingKeys = signedIn.keys
        let running = try? journal.numbers().batch
        if memory?.isSettling != true || signedIn.result.batch == running,
            let failure = try commit([.signedIn(batch: signedIn.result.batch)])
        {
            return try prepare(.signInFailed(failure))
        }
        memory?.isSignedIn = true
        memory?.padHasKey = false
        try prepare(.signedIn)
    }

    /// The shop wants the terminal signed off, after everything that goes before (M4).
    func wantSignOff() throws(PowerCut) {
        guard let memory, memory.running == nil, memory.settling == nil, !memory.isSettling else { return }
        note("the shop signs off")
        try prepareLink(for: .signOff)
    }

    private func signOff() throws(PowerCut) {
        guard case .success(let number) = try useNumber() else { return }
        guard let frame = try? dialect.signOff(stan: number.stan, batch: number.batch),
            let exchange = try? Exchange(frame, in: dialect)
        else { return books.breaks(.contradiction, "no sign-off can be made") }
        try transmit(exchange, for: .signOff)
    }

    func signOffAnswered(_ answer: Exchange.Answer) throws(PowerCut) {
        if (try? answer.approval()) != nil {
            memory?.isSignedIn = false
            _ = try commit([.signedOff])
        }
        try release()
    }

    /// The shop asks for a sign of life.
    func echo() throws(PowerCut) {
        guard memory?.running == nil, memory?.settling == nil, !isLineTaken else { return }
        guard case .success(let number) = try useNumber(),
            let frame = try? dialect.echo(stan: number.stan, batch: number.batch),
            let exchange = try? Exchange(frame, in: dialect)
        else { return }
        try transmit(exchange, for: .echo)
    }
}
