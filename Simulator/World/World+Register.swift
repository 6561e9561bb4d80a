import Engine
import Journaling
import Payments

/// Registers and cashier. A register asks with the same id until it hears an outcome.
extension World {
    /// A register that hears nothing, or that the terminal is busy, asks again after so many milliseconds.
    private static let patience = 5_000

    /// A register asks for its payment.
    func ask(_ index: Int) throws(PowerCut) {
        willAskAgain.remove(index)
        let order = script.orders[index]
        try ask(index, PaymentRequest(id: order.id, amount: order.amount))
    }

    /// A register uses the id of its payment for another amount, which no terminal may take.
    func abuse(_ index: Int) throws(PowerCut) {
        let order = script.orders[index]
        guard memory != nil, books.wasAsked(index),
            let amount = try? order.amount.adding(Money(minorUnits: 1, .cny))
        else { return }
        let request = PaymentRequest(id: order.id, amount: amount)
        let known = (try? journal.payment(order.id)) ?? nil
        guard known != nil else { return }
        note("\(order.id) is asked for over another amount")
        let admission = Admission(
            of: request, known: known?.request, running: memory?.running?.request.id, isStopping: false)
        guard case .conflict = admission else {
            return books.breaks(.m3, "another amount under a known id is answered \(admission)")
        }
    }

    private func ask(_ index: Int, _ request: PaymentRequest) throws(PowerCut) {
        books.asks(index)
        guard memory != nil else { return askLater(index) }
        try step()
        guard try close(request.id) else { return askLater(index) }
        let known = canary == .requestForgotten ? nil : (try? journal.payment(request.id)) ?? nil
        let admission = Admission(
            of: request, known: known?.request, running: memory?.running?.request.id, isStopping: false)
        note("\(request.id) is asked for: \(admission)")
        switch admission {
        case .begin:
            memory?.running = Memory.Running(request: request, order: index)
            try post(.start(request), to: request.id)
        case .answerKnown:
            if let outcome = known?.outcome {
                answer(index, outcome)
            } else {
                askLater(index)
            }
        case .joinRunning: break
        case .busy, .stopping: askLater(index)
        case .conflict(let amount): books.breaks(.m9, "\(request.id) is a conflict with itself over \(amount)")
        }
    }

    /// Closes the payment that is asked for if it is over and could not be closed. Answers false while that fails.
    private func close(_ id: RequestID) throws(PowerCut) -> Bool {
        guard let state = (try? journal.payment(id)) ?? nil, state.outcome == nil, memory?.running?.request.id != id
        else { return true }
        guard try recover() == nil else { return false }
        try settleInBackground()
        return true
    }

    private func askLater(_ index: Int) {
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
}
