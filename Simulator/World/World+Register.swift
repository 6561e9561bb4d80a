import Engine
import Journaling
import Payments

/// Registers and cashier. A register asks with the same id until it hears an outcome or a refusal.
extension World {
    /// A register that hears nothing, or that the terminal is busy, asks again after so many milliseconds.
    private static let patience = 10_000

    /// A register asks for its payment.
    func ask(_ index: Int) throws(PowerCut) {
        willAskAgain.remove(index)
        // A refusal is the end of it.
        guard !books.isRefused(index) else { return }
        books.asks(index)
        guard memory != nil else { return askLater(index) }
        try step()
        let id = script.orders[index].id
        var known = (try? journal.payment(id)) ?? nil
        if let state = known, state.outcome == nil, memory?.running?.request.id != id {
            // It is over and could not be closed: now, or nobody is told that it runs.
            guard try recover() == nil else { return askLater(index) }
            try workInBackground()
            known = (try? journal.payment(id)) ?? nil
        }
        if canary == .requestForgotten { known = nil }
        let request = request(index)
        let admission = admission(of: request, known)
        note("\(id), a \(request.kind) over \(request.amount), is asked for: \(admission)")
        switch admission {
        case .begin:
            if let why = objection(to: request) {
                note("\(id) is refused: \(why)")
                return books.refuses(index, journal)
            }
            memory?.running = Memory.Running(request: request, order: index)
            try post(.start(request), to: id)
        case .answerKnown:
            if let outcome = known?.outcome {
                answer(index, outcome)
            } else {
                askLater(index)
            }
        case .joinRunning: break
        case .busy, .stopping, .settling: askLater(index)
        case .conflict(let amount): books.breaks(.m9, "\(id) is a conflict with itself over \(amount)")
        }
    }

    /// What the register asks for: it does not change from one question to the next.
    private func request(_ index: Int) -> PaymentRequest {
        if let request = requests[index] { return request }
        let original = script.orders[index].original.flatMap { try? journal.payment(script.orders[$0].id) }
        let request = script.orders[index].request(original: original)
        requests[index] = request
        return request
    }

    private func admission(of request: PaymentRequest, _ known: PaymentState?) -> Admission {
        Admission(
            of: request, known: known?.request, running: memory?.running?.request.id,
            isStopping: memory?.isStopping == true, isSettling: memory?.isSettling == true)
    }

    /// What speaks against a new request, before anything is written or sent; nil for nothing.
    private func objection(to request: PaymentRequest) -> String? {
        do {
            let original = request.original?.id
            let objection = FollowUp.objection(
                to: request, original: try original.flatMap { try journal.payment($0) },
                others: try original.map { try followUps(of: $0) } ?? [], batch: try journal.numbers().batch)
            return objection.map { "\($0)" }
        } catch {
            return "\(error)"
        }
    }

    /// What has followed a payment up, and what has followed that up.
    private func followUps(of id: RequestID) throws -> [PaymentState] {
        try journal.followUps(of: id).flatMap { [$0] + (try journal.followUps(of: $0.request.id)) }
    }

    /// A register uses the id of its payment for another amount, which no terminal may take.
    func abuse(_ index: Int) {
        guard memory != nil, books.wasAsked(index), let first = requests[index],
            let known = (try? journal.payment(first.id)) ?? nil,
            let amount = try? first.amount.adding(Money(minorUnits: 1, .cny))
        else { return }
        note("\(first.id) is asked for over another amount")
        let request = PaymentRequest(
            id: first.id, kind: first.kind, amount: amount, tip: first.tip, original: first.original,
            channel: first.channel)
        let admission = admission(of: request, known)
        guard case .conflict = admission else {
            return books.breaks(.m3, "another amount under a known id is answered \(admission)")
        }
    }

    func askLater(_ index: Int) {
        guard willAskAgain.insert(index).inserted else { return }
        agenda.enter(.registerAsks(index), at: clock.now + Self.patience)
    }

    /// The register hears how its payment ended.
    func answer(_ index: Int, _ outcome: Outcome) {
        books.registerHears(outcome, of: index, journal)
        // One that was refused for want of a journal was never taken: the register may ask again.
        if (try? journal.payment(script.orders[index].id)) ?? nil == nil { books.forgets(index) }
    }

    /// The terminal is gone: registers that wait for an outcome ask again.
    func hangUp() {
        for index in books.waiting { askLater(index) }
    }

    /// The cashier wants a payment stopped.
    func cancel(_ index: Int) throws(PowerCut) {
        let id = script.orders[index].id
        guard memory?.running?.request.id == id else { return }
        note("the cashier cancels \(id)")
        try post(.cancel(.cashier), to: id)
    }

    // MARK: The switch

    /// The terminal is told to stop: the running payment is cancelled while it can be, and waited for.
    func shutDown(seconds: Int) throws(PowerCut) {
        guard memory != nil else { return }
        note("the terminal is told to stop")
        memory?.isStopping = true
        restartSeconds = seconds
        if let id = memory?.running?.request.id { try post(.cancel(.shutdown), to: id) }
        if memory?.settling == nil { try release() }
    }

    /// The terminal has stopped in order.
    func stop() {
        note("the terminal stops")
        memory = nil
        life += 1
        agenda.enter(.powerReturns, at: clock.now + restartSeconds * 1_000)
        hangUp()
    }
}
