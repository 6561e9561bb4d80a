import Acquiring
import ISO8583
import SimulatedAcquirer
import SimulatedCards

/// What lies between terminal and acquirer, and what becomes of messages there.
extension World {
    /// Milliseconds that a frame takes one way.
    private static let latency = 40

    /// Sends a request, and waits for its reply.
    func transmit(_ exchange: Exchange, for purpose: Memory.Underway.Purpose) throws(PowerCut) {
        guard !isCutOff else { return try answered(.unsent("connection refused"), for: purpose) }
        let sent = books.leaves(exchange.request.message, journal, holding: holdingReversals)
        try step()
        messages += 1
        let trouble = isCalm ? nil : onTheWay[messages]?.across(exchange.request.message)
        note("\(exchange.request.message.traced) leaves\(trouble.map { " (\($0))" } ?? "")")
        memory?.underway = Memory.Underway(exchange: exchange, number: messages, purpose: purpose)
        agenda.enter(.replyOverdue(messages), at: clock.now + Self.replyMilliseconds, life: life)
        let arrival = clock.now + Self.latency
        var parcel = Agenda.Parcel(
            frame: exchange.request.encoded, sent: sent, bringsScript: bringsScript(purpose), trouble: trouble)
        switch trouble {
        case .requestLost: break
        case .requestLate(let delay): agenda.enter(.requestArrives(parcel), at: arrival + delay)
        case .requestTwice(let delay):
            agenda.enter(.requestArrives(parcel), at: arrival)
            agenda.enter(.requestArrives(parcel), at: arrival + delay)
        case .copyAnswered(let delay):
            let unheard = Agenda.Parcel(
                frame: parcel.frame, sent: sent, bringsScript: parcel.bringsScript, trouble: .replyLost)
            agenda.enter(.requestArrives(unheard), at: arrival)
            agenda.enter(.requestArrives(parcel), at: arrival + delay)
        case .requestCorrupt(let bit):
            parcel = Agenda.Parcel(frame: parcel.frame.corrupted(bit), sent: sent, bringsScript: false, trouble: nil)
            agenda.enter(.requestArrives(parcel), at: arrival)
        default: agenda.enter(.requestArrives(parcel), at: arrival)
        }
        try step()
    }

    private func bringsScript(_ purpose: Memory.Underway.Purpose) -> Bool {
        guard case .payment = purpose, let running = memory?.running else { return false }
        return script.orders[running.order].bringsScript
    }

    /// The acquirer's host reads a frame and answers.
    func requestArrives(_ parcel: Agenda.Parcel) {
        ask(parcel)
        let reply = host.answer(parcel.frame)
        faults.withdraw()
        note("the acquirer \(reply == nil ? "does not answer" : "answers \(code(reply))")")
        if let sent = parcel.sent { books.acquirerHolds(host.ledger, sent) }
        guard let reply else { return }
        let arrival = clock.now + Self.latency
        switch parcel.trouble {
        case .replyLost: break
        case .replyLate(let delay): agenda.enter(.replyArrives(reply), at: arrival + delay, life: life)
        case .replyTwice(let delay):
            agenda.enter(.replyArrives(reply), at: arrival, life: life)
            agenda.enter(.replyArrives(reply), at: arrival + delay, life: life)
        case .replyCorrupt(let bit): agenda.enter(.replyArrives(reply.corrupted(bit)), at: arrival, life: life)
        default: agenda.enter(.replyArrives(reply), at: arrival, life: life)
        }
    }

    /// What the host is asked to do wrong with this request, or to add to its answer.
    private func ask(_ parcel: Agenda.Parcel) {
        switch parcel.trouble {
        case .wrongMAC: faults.ask(.wrongMAC)
        case .otherSTAN: faults.ask(.otherSTAN)
        case .malformedReply: faults.ask(.malformedReply)
        case .restart: faults.ask(.restart)
        case .restartForgetful: faults.ask(.restartForgetful)
        default: break
        }
        if parcel.sent?.mti == 0x0500, totalsDiffer {
            totalsDiffer = false
            faults.ask(.differingTotals)
        }
        if parcel.sent?.mti == 0x0400, areReversalsRefused { faults.ask(.refusedReversal) }
        if parcel.bringsScript { host.sendScript([.unblockPIN]) }
    }

    /// The terminal reads a frame.
    func replyArrives(_ frame: [UInt8]) throws(PowerCut) {
        guard let underway = memory?.underway else { return note("a frame for nobody") }
        if let answer = blindly(frame) { return try end(underway, answer) }
        switch underway.exchange.reading(frame) {
        case .foreign(let why): note("ignored: \(why)")
        case .answer(let answer):
            note("a reply \(code(frame))")
            try end(underway, answer)
        }
    }

    /// The deadline of an exchange has come.
    func replyOverdue(_ number: Int) throws(PowerCut) {
        guard let underway = memory?.underway, underway.number == number else { return }
        note("no reply in time")
        try end(underway, .none("no answer in time"))
    }

    private func end(_ underway: Memory.Underway, _ answer: Exchange.Answer) throws(PowerCut) {
        memory?.underway = nil
        try step()
        try answered(answer, for: underway.purpose)
    }

    /// Hands the answer to whoever asked.
    private func answered(_ answer: Exchange.Answer, for purpose: Memory.Underway.Purpose) throws(PowerCut) {
        switch purpose {
        case .signIn: try signInAnswered(answer)
        case .signOff: try signOffAnswered(answer)
        case .echo: try release()
        case .delivery: try deliveryAnswered(answer)
        case .payment(let id):
            try paymentAnswered(answer, of: id)
            try release()
        case .totals(let settlement): try totalsAnswered(answer, of: settlement)
        case .upload: try uploadAnswered(answer)
        }
    }

    private func blindly(_ frame: [UInt8]) -> Exchange.Answer? {
        guard canary == .replyUnchecked, let reply = try? Frame(decoding: frame.dropFirst(2)) else { return nil }
        return .reply(reply.message)
    }

    private func code(_ frame: [UInt8]?) -> String {
        guard let frame, let reply = try? Frame(decoding: frame.dropFirst(2)).message else { return "unreadably" }
        return "\(reply.mti) \(reply.text(39) ?? "without a code")"
    }
}

extension Trouble.OnTheWay {
    /// What becomes of it: a turned bit breaks TLS; only where somebody gets past that, the MAC must show it.
    fileprivate func across(_ message: Message) -> Trouble.OnTheWay {
        switch self {
        case .requestCorrupt where !message.has(64): .requestLost
        case .replyCorrupt where !message.has(64): .replyLost
        default: self
        }
    }
}

extension Message {
    /// Type, kind and number.
    fileprivate var traced: String { "\(mti) \(text(60) ?? "") STAN \(text(11) ?? "")" }
}

extension [UInt8] {
    /// The same with one bit turned, not among the two bytes of length.
    fileprivate func corrupted(_ bit: Int) -> [UInt8] {
        guard count > 2 else { return self }
        var bytes = self
        bytes[2 + bit / 8 % (count - 2)] ^= 1 << (bit % 8)
        return bytes
    }
}
