import Payments

/// A payment that a register is going to ask for.
struct Order: Sendable {
    /// How the customer's card behaves.
    enum Card: Sendable {
        /// It asks its issuer and does as that says. Where nobody can be asked it declines.
        case agrees
        /// It asks its issuer and declines an approval.
        case refusesLate
        /// It asks its issuer and is pulled out before it hears the answer.
        case pulledLate
        /// It approves without its issuer where the terminal lets it, and agrees with the issuer otherwise.
        case trusts
        /// It declines at once.
        case declines
        /// It is pulled out while it is read.
        case pulledEarly
        /// It is never inserted.
        case absent
        /// The customer presses cancel on the PIN pad.
        case customerCancels
    }

    /// How much is asked for.
    enum Amount: Sendable {
        case minorUnits(Int64)
        /// So much of the original, in percent.
        case percent(Int64)
        /// The original's amount with a tip of so many percent.
        case withTip(Int64)
    }

    let id: RequestID
    let kind: TransactionKind
    let channel: PaymentRequest.Channel
    let amount: Amount
    /// The earlier order that it follows up.
    let original: Int?
    /// Millisecond of the first question.
    let time: Int
    let card: Card
    /// Which of the shop's customers pays.
    let customer: Int
    /// Whether a PIN is typed, and how often a wrong one before the right one.
    let wrongPINs: Int?
    /// Whether the issuer sends scripts with its reply.
    let bringsScript: Bool
    /// Milliseconds that the card takes until it asks its issuer.
    let cardMilliseconds: Int
    /// Milliseconds after the question when the cashier wants it stopped.
    let cancelledAfter: Int?
    /// Milliseconds after the question when the register asks again.
    let repeatedAfter: [Int]
    /// Milliseconds after the question when a register uses its id for another amount.
    let abusedAfter: Int?
}

extension Order {
    /// The order after these, at a millisecond.
    init?(after earlier: [Order], at time: Int, _ random: inout Randomness) {
        guard let id = RequestID(rawValue: "R\(earlier.count + 1)") else { return nil }
        self.id = id
        self.time = time
        let drawn = Self.kind(&random)
        let original = drawn.followsUp ? Self.original(of: drawn, among: earlier, &random) : nil
        kind = drawn.followsUp && original == nil ? .sale : drawn
        self.original = original
        channel = original.map { earlier[$0].channel } ?? Self.channel(kind, &random)
        customer = original.map { earlier[$0].customer } ?? random.below(Customer.accounts.count)
        amount = Self.amount(kind, &random)
        card =
            random.happens(60)
            ? .agrees
            : random.one(of: [
                .refusesLate, .pulledLate, .trusts, .trusts, .trusts, .trusts, .trusts, .declines, .pulledEarly,
                .absent, .customerCancels,
            ])
        wrongPINs = random.happens(60) ? (random.happens(85) ? 0 : random.number(1...4)) : nil
        bringsScript = random.happens(6)
        cardMilliseconds = random.number(500...9_000)
        cancelledAfter = random.happens(10) ? random.number(0...15_000) : nil
        repeatedAfter = random.happens(25) ? (0..<random.number(1...3)).map { _ in random.number(1...90_000) } : []
        abusedAfter = random.happens(3) ? random.number(1...90_000) : nil
    }

    /// Of a hundred payments so many are of each kind.
    private static let mix: [(kind: TransactionKind, percent: Int)] = [
        (.sale, 40), (.void, 7), (.refund, 9), (.balance, 3), (.preauthorization, 9), (.preauthorizationCancel, 3),
        (.completion, 4), (.completionAdvice, 3), (.completionVoid, 2), (.offlineSale, 7), (.offlineSettlement, 4),
        (.adjustment, 3), (.tip, 6),
    ]

    private static func kind(_ random: inout Randomness) -> TransactionKind {
        var left = random.below(100)
        for (kind, percent) in mix {
            if left < percent { return kind }
            left -= percent
        }
        return .sale
    }

    /// One of the last orders that fit; now and then any, for the terminal to refuse.
    private static func original(
        of kind: TransactionKind, among earlier: [Order], _ random: inout Randomness
    ) -> Int? {
        let kinds: [TransactionKind] =
            switch kind {
            case .void: [.sale]
            case .refund: [.sale, .completion, .completionAdvice, .offlineSale, .offlineSettlement]
            case .preauthorizationCancel, .completion, .completionAdvice: [.preauthorization]
            case .completionVoid: [.completion]
            case .adjustment: [.offlineSettlement]
            case .tip: [.sale, .offlineSale]
            case .sale, .balance, .preauthorization, .offlineSale, .offlineSettlement: []
            }
        let isAny = random.happens(5)
        let fitting = earlier.indices.suffix(20).filter { isAny || kinds.contains(earlier[$0].kind) }
        return fitting.isEmpty ? nil : random.one(of: fitting)
    }

    private static func channel(_ kind: TransactionKind, _ random: inout Randomness) -> PaymentRequest.Channel {
        switch kind {
        case .sale, .preauthorization: random.happens(10) ? .mailOrder : .counter
        default: .counter
        }
    }

    private static func amount(_ kind: TransactionKind, _ random: inout Randomness) -> Amount {
        let nominal = Int64(random.number(1...60_000))
        let percent = Int64(random.number(10...100))
        return switch kind {
        case .balance: .minorUnits(0)
        case .void, .preauthorizationCancel, .completionVoid: random.happens(95) ? .percent(100) : .percent(percent)
        case .refund: random.happens(30) ? .percent(100) : .percent(random.happens(90) ? percent : 130)
        case .completion, .completionAdvice: .percent(random.happens(90) ? percent : 115)
        case .adjustment: .percent(percent + 20)
        case .tip: .withTip(max(1, percent / 5))
        default: .minorUnits(nominal)
        }
    }

    /// What the register asks for, when the original is what the journal says. It stands from the first question on.
    func request(original state: PaymentState?) -> PaymentRequest {
        let base = state?.movedAmount?.minorUnits ?? 1_000
        var (units, tip): (Int64, Money?) = (base, nil)
        switch amount {
        case .minorUnits(let minorUnits): units = minorUnits
        case .percent(let percent): units = max(1, base * percent / 100)
        case .withTip(let percent):
            let added = max(1, base * percent / 100)
            (units, tip) = (base + added, Money(minorUnits: added, .cny))
        }
        return PaymentRequest(
            id: id, kind: kind, amount: Money(minorUnits: units, .cny), tip: tip, original: named(state),
            channel: channel, supervisor: kind.needsSupervisor ? "00" : nil)
    }

    /// The original as the journal knows it, or the code that was agreed by voice.
    private func named(_ state: PaymentState?) -> Original? {
        if kind == .offlineSettlement { return Original(date: "0309", authorizationCode: "V00001") }
        guard let original else { return nil }
        return Original(
            id: state?.request.id ?? RequestID(rawValue: "R\(original + 1)"), batch: state?.authorization?.batch,
            stan: state?.authorization?.stan,
            date: state?.reply?.acquirerTime?.date ?? state?.authorization?.time.mmdd ?? "0309",
            rrn: state?.reply?.rrn,
            authorizationCode: state?.reply?.authorizationCode ?? state?.request.original?.authorizationCode)
    }
}
