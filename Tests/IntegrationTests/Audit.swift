import Acquiring
import Journaling
import Payments
import SimulatedAcquirer
import SimulatedShop
import Terminal
import Testing
import Wire

extension Scene {
    /// Holds the books against each other: what was told stands once at the acquirer and comes to the same money, all
    /// else not at all; no number was used twice; the card said yes to what was approved (M1–M3, M5–M7, M11).
    func audit(_ location: SourceLocation = #_sourceLocation) throws {
        guard let journal = journalFile else { return }
        let entries = try open(journal: journal) { journal in
            try journal.verify()
            #expect(try journal.deliveries(.reversal, limit: 9).isEmpty, "a reversal is open", sourceLocation: location)
            #expect(try journal.unfinished().isEmpty, "a payment is open", sourceLocation: location)
            return try journal.entries(limit: .max)
        }
        try Audit(entries, shop.host.ledger, card, location).run()
    }
}

/// The comparison of one journal with one ledger.
private struct Audit {
    private let ledger: Ledger
    private let card: CardWitness
    private let location: SourceLocation
    /// All payments, in their order.
    private var payments: [PaymentState] = []
    /// What was sent or stored under each number.
    private var sent: [Ledger.Key: Authorization] = [:]

    init(_ entries: [Entry], _ ledger: Ledger, _ card: CardWitness, _ location: SourceLocation) throws {
        self.ledger = ledger
        self.card = card
        self.location = location
        for records in Self.grouped(entries) { payments.append(try #require(PaymentState(records))) }
        var batch = BatchNumber.first
        var used: Set<Ledger.Key> = []
        for entry in entries {
            var numbers: [(BatchNumber, STAN)] = []
            switch entry.record {
            case .authorization(let authorization):
                numbers = [(authorization.batch, authorization.stan)]
                sent[Self.key(authorization)] = authorization
            case .finished(_, _, _, let stan?): numbers = [(batch, stan)]
            case .numberUsed(let stan): numbers = [(batch, stan)]
            case .settlementBegun(let settlement): numbers = [(settlement.batch, settlement.stan)]
            case .uploading(_, let stan): numbers = [(batch, stan)]
            case .signedIn(let named): batch = named
            case .settled(let settled): batch = settled.next
            default: break
            }
            for (batch, stan) in numbers {
                let isNew = used.insert(Self.key(batch, stan)).inserted
                #expect(isNew, "STAN \(stan) was used twice", sourceLocation: location)
            }
        }
    }

    func run() throws {
        for payment in payments {
            decision(of: payment)
            money(of: payment)
            // Where no card was in the slot, the payments came from elsewhere.
            if let authorization = payment.authorization, !authorization.chipData.isEmpty, !card.payments.isEmpty,
                authorization.card.entryMode == .contactChip
            {
                chip(payment, authorization)
            }
        }
        for entry in ledger.entries {
            // What only the acquirer had was given back at the settlement.
            guard entry.state != .disowned else { continue }
            guard let authorization = sent[entry.key] else {
                Issue.record("the journal does not know \(entry.key)", sourceLocation: location)
                continue
            }
            // An earlier attempt of a payment leaves nothing behind.
            let last = payments.first { $0.request.id == authorization.request.id }?.authorization
            #expect(last == authorization || !entry.stands, "\(entry.key) was given up", sourceLocation: location)
        }
    }

    /// What the register was told against what the acquirer holds.
    private func decision(of payment: PaymentState) {
        let id = payment.request.id
        guard let authorization = payment.authorization else {
            if case .approved = payment.outcome {
                Issue.record("\(id): approved without a request", sourceLocation: location)
            }
            return
        }
        let state = ledger.entry(Self.key(authorization))?.state
        let stands: Bool?
        switch (payment.outcome, payment.stored, payment.reversal) {
        case (.approved, _, _), (.stored, .accepted, _): stands = true
        case (.stored, .waiting, _), (_, _, .resolved): stands = nil
        case _ where payment.request.kind.manner == .inquiry: stands = nil
        default: stands = false
        }
        guard let stands else { return }
        #expect(
            (ledger.entry(Self.key(authorization))?.stands ?? false) == stands,
            "\(id): journal \(String(describing: payment.outcome)), \(payment.stored), ledger \(String(describing: state))",
            sourceLocation: location)
    }

    /// What a payment took in the end, after all that followed it up.
    private func money(of payment: PaymentState) {
        guard payment.request.kind.side == .debit, let authorization = payment.authorization else { return }
        let followers = payments.filter { $0.request.original?.id == payment.request.id }
        let isOpen = ([payment] + followers).contains { $0.stored == .waiting || $0.reversal.isResolved }
        guard !isOpen else { return }
        let standing = followers.filter { $0.movedAmount != nil }
        var net = payment.movedAmount?.minorUnits ?? 0
        for follower in standing {
            let amount = follower.movedAmount?.minorUnits ?? 0
            switch follower.request.kind {
            case .tip, .adjustment: net = amount
            case .refund: net -= amount
            case .void, .completionVoid: net = 0
            default: break
            }
        }
        let captured = ledger.captured(Self.key(authorization))
        #expect(
            captured == net, "\(payment.request.id): the ledger has \(captured), the journal \(net)",
            sourceLocation: location)
    }

    /// What the card saw and said.
    private func chip(_ payment: PaymentState, _ authorization: Authorization) {
        let id = payment.request.id
        let number = CardWitness.value(0x9F37, in: authorization.chipData)
        let seen = card.payments.filter { $0.unpredictableNumber == number }
        #expect(seen.count == 1, "\(id): the card saw it \(seen.count) times", sourceLocation: location)
        #expect(CardWitness.value(0x9F36, in: authorization.chipData) == seen.first?.counter, sourceLocation: location)
        switch payment.outcome {
        case .approved where payment.request.kind.manner == .request:
            #expect(seen.first?.second == 0x40, "\(id): the card did not agree", sourceLocation: location)
        case .stored(.offline, _):
            let word = seen.first?.second ?? seen.first?.first
            #expect(word == 0x40, "\(id): the card did not approve", sourceLocation: location)
        default: break
        }
    }

    private static func grouped(_ entries: [Entry]) -> [[Entry]] {
        var order: [RequestID] = []
        var groups: [RequestID: [Entry]] = [:]
        for entry in entries {
            guard let id = entry.record.id else { continue }
            if groups[id] == nil { order.append(id) }
            groups[id, default: []].append(entry)
        }
        return order.compactMap { groups[$0] }
    }

    private static func key(_ authorization: Authorization) -> Ledger.Key { Scene.key(authorization) }

    private static func key(_ batch: BatchNumber, _ stan: STAN) -> Ledger.Key {
        Ledger.Key(terminal: ShopConfiguration.terminal, batch: "\(batch)", stan: "\(stan)")
    }
}

extension Scene {
    /// What tells this request from all others at the acquirer.
    static func key(_ authorization: Authorization) -> Ledger.Key {
        Ledger.Key(
            terminal: ShopConfiguration.terminal, batch: "\(authorization.batch)", stan: "\(authorization.stan)")
    }
}

extension Ledger.Entry {
    /// Whether it was granted and nobody took it back: also when a later request has closed it.
    fileprivate var stands: Bool {
        switch state {
        case .approved, .closed: true
        case .declined, .reversed, .cancelledInAdvance, .disowned: false
        }
    }
}

extension PaymentState.Reversal {
    fileprivate var isResolved: Bool { if case .resolved = self { true } else { false } }
}
