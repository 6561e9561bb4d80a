import Control
import ISO8583
import Journaling
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedShop
import Synchronization
import Terminal
import Testing

extension PaymentOrder {
    /// A payment of the card in the slot.
    static func counter(_ kind: TransactionKind, _ id: String, _ amount: String? = nil) -> PaymentOrder {
        PaymentOrder(
            id: id, kind: kind, amount: amount, supervisor: kind.needsSupervisor ? Supervisor.ofShop : nil)
    }

    /// What follows an earlier payment up.
    static func follow(
        _ kind: TransactionKind, _ id: String, of original: String, _ amount: String? = nil, tip: String? = nil
    ) -> PaymentOrder {
        var order = counter(kind, id, amount)
        order.original = original
        order.tip = tip
        return order
    }

    /// The same, of a payment that only its receipt names.
    static func follow(
        _ kind: TransactionKind, _ id: String, receipt: OriginalReceipt, _ amount: String? = nil
    ) -> PaymentOrder {
        var order = counter(kind, id, amount)
        order.originalReceipt = receipt
        return order
    }

    /// A mail or phone order of a card that somebody types in.
    static func mail(
        _ kind: TransactionKind, _ id: String, _ amount: String, _ card: TypedCard
    ) -> PaymentOrder {
        var order = counter(kind, id, amount)
        order.mailOrder = true
        order.card = card
        return order
    }

    /// What was agreed by voice.
    static func voice(_ id: String, _ amount: String, _ card: TypedCard) -> PaymentOrder {
        var order = counter(.offlineSettlement, id, amount)
        order.card = card
        order.authCode = "V00042"
        return order
    }
}

extension Scene {
    /// A typed card of an account that holds much, with the verification number on its back.
    var typedCard: PaymentOrder.TypedCard { types(CardLibrary.accounts[1], cvn2: CardLibrary.accounts[1].cvn2) }

    /// The ledger's entry of a payment.
    func entry(_ report: PaymentReport) -> Ledger.Entry? {
        guard let batch = report.batch, let stan = report.stan else { return nil }
        return shop.host.ledger.entry(
            Ledger.Key(terminal: ShopConfiguration.terminal, batch: batch, stan: stan))
    }

    /// What a payment took in the end, minor units.
    func captured(_ report: PaymentReport) -> Int64 {
        entry(report).map { shop.host.ledger.captured($0.key) } ?? 0
    }
}

extension Daemon {
    /// Asks for a payment that must be approved.
    @discardableResult
    func approved(
        _ order: PaymentOrder, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> PaymentReport {
        let report = try await pay(order)
        #expect(report.outcome == .approved, "\(report)", sourceLocation: sourceLocation)
        return report
    }

    /// Asks for a payment that must be refused, without a trace but what operators did.
    @discardableResult
    func refused(
        _ order: PaymentOrder, _ kind: Refusal.Kind, _ field: String? = nil, _ words: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Refusal? {
        func rows() async throws -> [JournalRow] {
            let all: [JournalRow] = try await ask(.get, "/v1/journal?limit=1000")
            return all.filter { $0.kind != "operatorActed" }
        }
        let before = try await rows()
        let refusal = await #expect(throws: Refusal.self, "\(order)", sourceLocation: sourceLocation) {
            _ = try await pay(order)
        }
        #expect(refusal?.kind == kind, "\(refusal.map { "\($0)" } ?? "")", sourceLocation: sourceLocation)
        #expect(refusal?.field == field, "\(refusal.map { "\($0)" } ?? "")", sourceLocation: sourceLocation)
        #expect(
            refusal?.message.contains(words) != false || words.isEmpty, "\(refusal.map { "\($0)" } ?? "")",
            sourceLocation: sourceLocation)
        #expect(try await rows() == before, "the journal changed", sourceLocation: sourceLocation)
        return refusal
    }

    /// Waits until nothing is owed any more: no reversal that holds payments, nothing stored, no settlement begun.
    func settle() async throws {
        try await until {
            let now = try await status()
            return !now.openReversals.contains(where: \.holdsPayments) && now.stored == 0 && !now.isSettling
        }
    }

    /// Waits until it is so; looks again at every step that the daemon takes.
    func until(_ isSo: @Sendable () async throws -> Bool) async throws {
        let (changes, source) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // However it ends: a daemon that is gone takes no step any more.
                defer { source.finish() }
                try await followSteps(started: { source.yield() }) { _ in
                    source.yield()
                    return true
                }
            }
            for await _ in changes where try await isSo() { break }
            group.cancelAll()
        }
    }
}

/// The types of the messages that reached the acquirer, in order.
final class Tap: Sendable {
    private let types = Mutex<[UInt16]>([])

    /// Listens at this shop's acquirer from now on.
    init(_ faults: FaultScript) {
        // A fault that never happens sees every frame.
        faults.ask(.noRequest) { [self] frame in
            if frame.count > 15 { types.withLock { $0.append(UInt16(frame[13]) << 8 | UInt16(frame[14])) } }
            return false
        }
    }

    /// What came so far.
    var messages: [UInt16] { types.withLock { $0 } }
    /// Forgets what came so far.
    func clear() { types.withLock { $0 = [] } }
}

extension Scene {
    /// Puts payments agreed by voice into the queue, as if they had been stored at `time`; no daemon may run.
    func store(_ count: Int, at time: LocalDateTime) throws {
        let account = CardLibrary.accounts[1]
        let pan = try #require(PAN(account.number))
        _ = types(account)
        try open(journal: "\(folder)/journal.db") { journal in
            for index in 0..<count {
                let id = try #require(RequestID(rawValue: "stored-\(index)"))
                let request = PaymentRequest(
                    id: id, kind: .offlineSettlement, amount: Money(minorUnits: 100, .cny),
                    original: Original(date: "", authorizationCode: "V00042"))
                let card = CardSummary(
                    maskedPAN: pan.masked, expiry: ExpiryDate(yearMonth: account.expiry), sequenceNumber: nil,
                    entryMode: .manual, pinEntry: .none, application: nil)
                let (stan, batch) = try journal.numbers()
                let authorization = Authorization(
                    request: request, stan: stan, batch: batch, time: time, card: card, chipData: [])
                try journal.append(
                    [
                        .accepted(request), .authorization(authorization),
                        .finished(id, .stored(.advice, nil), reversal: nil, scriptNumber: nil),
                    ], pan: pan, at: time)
            }
        }
    }
}

extension TotalsReport.Tally {
    /// Whether it is so many payments that come to so much.
    func isAll(_ count: Int, _ amount: String) -> Bool { self.count == count && self.amount == amount }
}
