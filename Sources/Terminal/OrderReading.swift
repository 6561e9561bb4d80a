import Payments

/// A register's order, checked and completed: what it asks for, with the numbers of what it follows up.
struct OrderReading {
    let request: PaymentRequest
    /// The card as it was typed, for a mail or phone order.
    let typed: Credentials?
    /// The typed card's expiry.
    let expiry: ExpiryDate?

    /// Reads an order. `known` answers what the journal has under an id, `onReceipt` what it has under the numbers of a
    /// receipt. Throws the field that is wrong.
    init(
        _ order: PaymentOrder, _ settings: TerminalSettings, known: (RequestID) throws -> PaymentState?,
        onReceipt: (PaymentOrder.OriginalReceipt) throws -> PaymentState?
    ) throws {
        guard let id = RequestID(rawValue: order.id) else {
            throw Refusal(.invalid, field: "id", "must be 1 to 64 visible ASCII characters")
        }
        let kind = order.kind ?? .sale
        guard (order.currency ?? settings.currency.code) == settings.currency.code else {
            throw Refusal(.invalid, field: "currency", "this terminal takes \(settings.currency.code) only")
        }
        let cashier = order.cashier ?? "01"
        guard OperatorNumber(rawValue: cashier) != nil else {
            throw Refusal(.invalid, field: "cashier", "must be two digits")
        }
        let original = try Self.original(order, kind, known, onReceipt)
        let tip = try order.tip.map { try Self.amount($0, "tip", settings) }
        guard (tip != nil) == (kind == .tip) else {
            throw Refusal(.invalid, field: "tip", kind == .tip ? "a tip needs its amount" : "belongs to a tip only")
        }
        request = PaymentRequest(
            id: id, kind: kind, amount: try Self.amount(order, kind, original?.state, tip, settings), tip: tip,
            original: try original?.numbers ?? Self.voiceCode(order, kind),
            channel: Self.channel(order, original?.state), cashier: cashier)
        (typed, expiry) = try Self.card(order, request)
    }

    private static func amount(_ text: String, _ field: String, _ settings: TerminalSettings) throws -> Money {
        let amount: Money
        do {
            amount = try Money(text, settings.currency)
        } catch {
            throw Refusal(.invalid, field: field, "must be an amount such as 88.80: \(error.words)")
        }
        guard amount.minorUnits > 0 else { throw Refusal(.invalid, field: field, "must be more than zero") }
        guard amount.minorUnits <= settings.limit.minorUnits else {
            throw Refusal(.invalid, field: field, "must be at most \(settings.limit)")
        }
        return amount
    }

    /// What moves: as asked, or what follows from the original.
    private static func amount(
        _ order: PaymentOrder, _ kind: TransactionKind, _ original: PaymentState?, _ tip: Money?,
        _ settings: TerminalSettings
    ) throws -> Money {
        if kind == .balance {
            guard order.amount == nil else { throw Refusal(.invalid, field: "amount", "a balance enquiry has none") }
            return Money(minorUnits: 0, settings.currency)
        }
        if let tip {
            guard order.amount == nil else {
                throw Refusal(.invalid, field: "amount", "follows from the original and the tip")
            }
            guard let total = try? (original?.movedAmount ?? original?.request.amount)?.adding(tip),
                total.minorUnits <= settings.limit.minorUnits
            else { throw Refusal(.invalid, field: "tip", "original and tip must come to at most \(settings.limit)") }
            return total
        }
        if let text = order.amount { return try amount(text, "amount", settings) }
        switch kind {
        case .void, .completionVoid, .preauthorizationCancel:
            if let original { return original.movedAmount ?? original.request.amount }
        default: break
        }
        throw Refusal(.invalid, field: "amount", "is missing")
    }

    /// What follows a mail order up is one too.
    private static func channel(_ order: PaymentOrder, _ original: PaymentState?) -> PaymentRequest.Channel {
        order.mailOrder == true || original?.request.channel == .mailOrder ? .mailOrder : .counter
    }

    private static func original(
        _ order: PaymentOrder, _ kind: TransactionKind, _ known: (RequestID) throws -> PaymentState?,
        _ onReceipt: (PaymentOrder.OriginalReceipt) throws -> PaymentState?
    ) throws -> (numbers: Original, state: PaymentState?)? {
        guard kind.followsUp else {
            guard order.original == nil, order.originalReceipt == nil else {
                throw Refusal(.invalid, field: "original", "a \(kind.english) follows nothing up")
            }
            return nil
        }
        if let text = order.original {
            guard order.originalReceipt == nil else {
                throw Refusal(.invalid, field: "originalReceipt", "is not needed beside the original's id")
            }
            guard let id = RequestID(rawValue: text), let state = try known(id) else {
                throw Refusal(.notFound, field: "original", "no payment with the id \(text) was accepted")
            }
            return (Original(of: state), state)
        }
        guard let receipt = order.originalReceipt else {
            throw Refusal(.invalid, field: "original", "a \(kind.english) needs the payment it follows up")
        }
        let numbers = try Original(receipt)
        if let state = try onReceipt(receipt) { return (Original(of: state), state) }
        guard [.refund, .completion, .completionAdvice, .preauthorizationCancel].contains(kind) else {
            throw Refusal(.notFound, field: "originalReceipt", "no payment with these numbers was accepted here")
        }
        return (numbers, nil)
    }

    /// What was agreed by voice: only its code is known.
    private static func voiceCode(_ order: PaymentOrder, _ kind: TransactionKind) throws -> Original? {
        guard kind == .offlineSettlement else {
            guard order.authCode == nil else {
                throw Refusal(.invalid, field: "authCode", "belongs to an offline settlement only")
            }
            return nil
        }
        guard let code = order.authCode, code.utf8.count == 6, code.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw Refusal(.invalid, field: "authCode", "must be the six characters that the acquirer gave") }
        return Original(date: "", authorizationCode: code)
    }

    private static func card(
        _ order: PaymentOrder, _ request: PaymentRequest
    ) throws -> (Credentials?, ExpiryDate?) {
        guard let card = order.card else {
            guard request.channel == .counter || request.original?.id != nil else {
                throw Refusal(.invalid, field: "card", "a mail order needs the card's data")
            }
            return (nil, nil)
        }
        guard request.channel == .mailOrder || request.kind == .offlineSettlement else {
            throw Refusal(.invalid, field: "card", "is typed for mail orders and offline settlements only")
        }
        guard let pan = PAN(card.pan), pan.digits.utf8.count == card.pan.utf8.count,
            pan.masked.hasPrefix("62") || pan.passesLuhn
        else { throw Refusal(.invalid, field: "card.pan", "is no account number") }
        guard let expiry = ExpiryDate(yearMonth: card.expiry) else {
            throw Refusal(.invalid, field: "card.expiry", "must be YYMM")
        }
        var cvn2: SecretBytes?
        if let digits = card.cvn2?.utf8 {
            guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw Refusal(.invalid, field: "card.cvn2", "must be three digits")
            }
            cvn2 = SecretBytes(Array(digits))
        }
        return (Credentials(pan: pan, cvn2: cvn2), expiry)
    }
}

extension Original {
    /// The numbers of a payment that the journal has.
    fileprivate init(of state: PaymentState) {
        let reply = state.reply
        self.init(
            id: state.request.id, batch: state.authorization?.batch, stan: state.authorization?.stan,
            date: reply?.acquirerTime?.date ?? (state.authorization?.time ?? state.acceptedAt).mmdd, rrn: reply?.rrn,
            authorizationCode: reply?.authorizationCode ?? state.request.original?.authorizationCode)
    }

    /// The numbers of a receipt.
    fileprivate init(_ receipt: PaymentOrder.OriginalReceipt) throws {
        func digits(_ text: String?, _ count: Int) -> Bool {
            guard let text else { return true }
            return text.utf8.count == count && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        func characters(_ text: String?, _ count: Int) -> Bool {
            guard let text else { return true }
            return text.utf8.count == count && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        }
        func number(_ text: String?) -> Int? { text.flatMap { Int($0) } }
        guard digits(receipt.date, 4), let month = Int(receipt.date.prefix(2)), let day = Int(receipt.date.suffix(2)),
            (1...12).contains(month), (1...31).contains(day)
        else {
            throw Refusal(.invalid, field: "originalReceipt.date", "must be MMDD")
        }
        guard characters(receipt.rrn, 12) else {
            throw Refusal(.invalid, field: "originalReceipt.rrn", "must be twelve characters")
        }
        guard characters(receipt.authCode, 6) else {
            throw Refusal(.invalid, field: "originalReceipt.authCode", "must be six characters")
        }
        guard digits(receipt.batch, 6), digits(receipt.stan, 6) else {
            throw Refusal(.invalid, field: "originalReceipt", "batch and STAN are six digits each")
        }
        self.init(
            batch: number(receipt.batch).flatMap { BatchNumber($0) }, stan: number(receipt.stan).flatMap { STAN($0) },
            date: receipt.date, rrn: receipt.rrn, authorizationCode: receipt.authCode)
    }
}
