import Engine
import Payments
import Wire

/// The card's part of a payment: from the slot, as it was typed, or from the journal.
extension World {
    func readCard(_ running: Memory.Running, attempt: Int, online: Bool) {
        memory?.running?.attempt = attempt
        memory?.running?.isOnline = online
        let order = script.orders[running.order]
        guard order.kind.asksCard, order.channel == .counter else {
            agenda.enter(.cardEnds(order.id), at: clock.now + (order.original == nil ? 3_000 : 20), life: life)
            return
        }
        note("card: \(order.card)\(order.wrongPINs.map { ", \($0) wrong PINs" } ?? "")")
        agenda.enter(.cardEnds(order.id), at: clock.now + order.cardMilliseconds, life: life)
    }

    /// The card has come to its first cryptogram, or to its end.
    func cardEnds(_ id: RequestID) throws(PowerCut) {
        guard let running = memory?.running, running.request.id == id else { return }
        let event: PaymentMachine.Event
        do {
            event = try cardEvent(running, script.orders[running.order])
        } catch {
            event = .cardEnded(.failed(PaymentFailure(.journalUnavailable, "\(error)")))
        }
        try post(event, to: id)
    }

    private func cardEvent(_ running: Memory.Running, _ order: Order) throws -> PaymentMachine.Event {
        let reading = try reading(running, order)
        let customer = customers[order.customer]
        if let original = running.request.original?.id {
            guard let pan = try journal.pan(of: original), let card = try journal.payment(original)?.authorization
            else { return .cardEnded(.failed(PaymentFailure(.journalUnavailable, "no account number"))) }
            memory?.running?.credentials = Credentials(pan: pan)
            return .cardRead(customer.recall(reading, of: card))
        }
        guard order.kind.asksCard, order.channel == .counter else {
            let (authorization, credentials) = customer.type(reading)
            memory?.running?.credentials = credentials
            return .cardRead(authorization)
        }
        switch order.card {
        case .declines: return .cardEnded(.declinedByCard(nil, nil))
        case .pulledEarly: return .cardEnded(.failed(PaymentFailure(.cardRemoved, "pulled early")))
        case .absent: return .cardEnded(.failed(PaymentFailure(.noCard, "no card")))
        case .customerCancels: return .cardEnded(.cancelled(by: .customer))
        case .agrees, .refusesLate, .pulledLate, .trusts: break
        }
        return try insert(running, order, reading)
    }

    /// The card asks for its issuer, or decides by itself where the terminal lets it.
    private func insert(
        _ running: Memory.Running, _ order: Order, _ reading: Customer.Reading
    ) throws -> PaymentMachine.Event {
        let customer = customers[order.customer]
        let request = running.request
        let mayDecide = script.policy.takesOffline && (request.kind == .sale || request.kind == .offlineSale)
        if mayDecide, order.card == .trusts, storeRefusal(request) == nil {
            if let refusal = storeRefusal(request, pan: customer.pan) { return .cardEnded(.failed(refusal)) }
            let (authorization, _) = try customer.read(reading, .tc)
            memory?.running?.credentials = Credentials(pan: customer.pan)
            return .cardApprovedOffline(
                authorization, try customer.complete(authorization, agreed: true, scripts: false))
        }
        guard running.isOnline || request.kind == .sale else { return .cardEnded(.declinedByCard(nil, nil)) }
        let (authorization, credentials) = try customer.read(reading, .arqc)
        if !running.isOnline {
            guard mayDefer(authorization, customer) else { return .cardEnded(.declinedByCard(nil, nil)) }
            memory?.running?.credentials = Credentials(pan: customer.pan)
            return .cardDeferred(authorization)
        }
        memory?.running?.credentials = credentials
        return .cardRead(authorization)
    }

    private func reading(_ running: Memory.Running, _ order: Order) throws -> Customer.Reading {
        let (stan, batch) = try takeNumber()
        return Customer.Reading(
            request: running.request, order: order, stan: stan, batch: batch, attempt: running.attempt,
            time: clock.localTime(), padKey: memory?.padHasKey == true && !isPadAbsent ? padKey : nil)
    }

    /// Whether the shop takes the risk. A PIN that was entered for the issuer is not kept, so it cannot be asked later.
    private func mayDefer(_ authorization: Authorization, _ customer: Customer) -> Bool {
        script.policy.defers && authorization.card.pinEntry == .none
            && storeRefusal(authorization.request, pan: customer.pan) == nil
    }

    /// The card has heard the acquirer's reply, unless it is gone.
    func cardCompletes(_ id: RequestID, _ reply: Reply) throws(PowerCut) {
        guard let running = memory?.running, running.request.id == id else { return }
        let order = script.orders[running.order]
        guard order.kind.asksCard, order.channel == .counter else {
            return try post(.cardCompleted(agreed: true, nil, scriptNumber: nil), to: id)
        }
        if order.card == .pulledLate {
            return try post(.cardLost(PaymentFailure(.cardRemoved, "pulled late")), to: id)
        }
        let agreed = order.card != .refusesLate && reply.verdict == .approved
        let known = try? journal.payment(id)
        guard let authorization = known?.authorization,
            let chip = try? customers[order.customer].complete(
                authorization, agreed: agreed, scripts: reply.bringsScript),
            let number = try? takeNumber().stan
        else { return try post(.cardLost(PaymentFailure(.cardUnreadable, "no result")), to: id) }
        try post(
            .cardCompleted(
                agreed: agreed, chip, scriptNumber: chip.scriptResults.isEmpty ? nil : number), to: id)
    }

    /// The card has heard that its issuer cannot be asked after all.
    func cardCompletesOffline(_ authorization: Authorization) throws(PowerCut) {
        let id = authorization.request.id
        guard let running = memory?.running, running.request.id == id else { return }
        let order = script.orders[running.order]
        let customer = customers[order.customer]
        guard order.kind.asksCard, order.channel == .counter else {
            return try post(.cardEnded(.failed(PaymentFailure(.cardRemoved, "there is no card"))), to: id)
        }
        if mayDefer(authorization, customer) { return try post(.cardDeferred(authorization), to: id) }
        if order.card == .trusts, script.policy.takesOffline,
            let chip = try? customer.complete(authorization, agreed: true, scripts: false)
        {
            return try post(.cardApprovedOffline(authorization, chip), to: id)
        }
        try post(.cardEnded(.declinedByCard(nil, nil)), to: id)
    }
}

extension TransactionKind {
    /// Whether the card itself takes part in the decision; else it only says its number.
    var asksCard: Bool {
        switch self {
        case .sale, .offlineSale, .balance, .preauthorization: true
        default: false
        }
    }
}

extension Reply {
    /// Whether a template with the issuer's commands came along (71, 72).
    fileprivate var bringsScript: Bool {
        guard !chipData.isEmpty, let objects = try? TLV.parse(chipData) else { return false }
        return objects.contains { $0.tag == 0x71 || $0.tag == 0x72 }
    }
}
